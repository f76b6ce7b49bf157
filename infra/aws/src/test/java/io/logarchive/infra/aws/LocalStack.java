package io.logarchive.infra.aws;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.Testcontainers;
import org.testcontainers.containers.BindMode;
import org.testcontainers.localstack.LocalStackContainer;
import org.testcontainers.utility.DockerImageName;

/** A LocalStack that runs. */
interface LocalStack extends AutoCloseable {
  String ENDPOINT = "LOCALSTACK_ENDPOINT";
  String LOG = "LOCALSTACK_LOG";
  String AWS = "LOCALSTACK_AWS";

  URI endpoint();

  /** All that it has logged. */
  String log() throws IOException;

  /** The {@code aws} command to use it with. */
  Path aws();

  /** Where its functions reach a loopback port of this machine. */
  String hostOf(int port) throws IOException, InterruptedException;

  @Override
  void close();

  /** The one that the environment names, else one in Docker, if that is there. */
  static Optional<LocalStack> find() {
    Map<String, String> environment = System.getenv();
    if (environment.containsKey(ENDPOINT)) {
      return Optional.of(
          new Running(
              URI.create(environment.get(ENDPOINT)),
              Path.of(required(environment, LOG)),
              Path.of(environment.getOrDefault(AWS, "aws"))));
    }
    return DockerClientFactory.instance().isDockerAvailable()
        ? Optional.of(InDocker.start())
        : Optional.empty();
  }

  private static String required(Map<String, String> environment, String name) {
    String value = environment.get(name);
    if (value == null) {
      throw new IllegalStateException(
          ENDPOINT
              + " is set and "
              + name
              + " is not: infra/aws/localstack/localstack start prints both");
    }
    return value;
  }

  /** One whose functions are processes of this machine. */
  record Running(URI endpoint, Path logFile, Path aws) implements LocalStack {

    @Override
    public String log() throws IOException {
      return new String(Files.readAllBytes(logFile), StandardCharsets.UTF_8);
    }

    @Override
    public String hostOf(int port) {
      return "127.0.0.1:" + port;
    }

    @Override
    public void close() {}
  }

  /** One that runs its functions in containers beside its own. */
  record InDocker(LocalStackContainer container) implements LocalStack {
    private static final DockerImageName IMAGE =
        DockerImageName.parse("localstack/localstack:4.14.0");
    private static final String SOCKET = "/var/run/docker.sock";

    static InDocker start() {
      LocalStackContainer container =
          new LocalStackContainer(IMAGE)
              .withEnv("LAMBDA_IGNORE_ARCHITECTURE", "1")
              .withFileSystemBind(SOCKET, SOCKET, BindMode.READ_WRITE)
              .withAccessToHost(true);
      container.start();
      return new InDocker(container);
    }

    @Override
    public URI endpoint() {
      return container.getEndpoint();
    }

    @Override
    public String log() {
      return container.getLogs();
    }

    @Override
    public Path aws() {
      return Path.of("aws");
    }

    /** By its address: the functions' containers do not know the name. */
    @Override
    public String hostOf(int port) throws IOException, InterruptedException {
      Testcontainers.exposeHostPorts(port);
      String found =
          container.execInContainer("getent", "hosts", "host.testcontainers.internal").getStdout();
      return found.split("\\s", 2)[0] + ":" + port;
    }

    @Override
    public void close() {
      container.stop();
    }
  }
}
