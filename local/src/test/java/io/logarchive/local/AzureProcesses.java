package io.logarchive.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.microsoft.durabletask.implementation.protobuf.OrchestratorService.CreateInstanceRequest;
import com.microsoft.durabletask.implementation.protobuf.OrchestratorService.CreateInstanceResponse;
import com.microsoft.durabletask.implementation.protobuf.OrchestratorService.GetInstanceRequest;
import com.microsoft.durabletask.implementation.protobuf.OrchestratorService.GetInstanceResponse;
import com.microsoft.durabletask.implementation.protobuf.TaskHubSidecarServiceGrpc;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.logarchive.archive.BlobLocation;
import io.logarchive.archive.StorageAccess;
import io.logarchive.azurite.LoopbackTls;
import io.logarchive.azurite.TokenEndpoint;
import io.logarchive.json.Fields;
import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import io.logarchive.testkit.StubServer;
import io.logarchive.testkit.StubServer.Reply;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Functions on Azure, in processes of their own, over Azurite, the token endpoint of an app
 * registration and OpenSearch, and stubs of the managed identity's endpoint, of Key Vault and, if
 * nothing else is, of Durable Functions.
 */
final class AzureProcesses implements CloudProcesses {
  private static final String TABLE = "logarchive";
  private static final String OWN_CONTAINER = "logarchive-deployment";
  private static final String IDENTITY_HEADER = "planted";
  private static final String CLIENT_ID = "66666666-7777-8888-9999-000000000000";
  private static final String SIGNING_VERSION = "0".repeat(32);
  private static final Pattern RESOURCE = Pattern.compile(".*resource=([^&]+).*");

  /** What a JVM takes for its heap of an instance's 2,048 MB. */
  private static final String HEAP = "-Xmx512m";

  private final Engines engines;
  private final LocalSecrets secrets;
  private final EmbeddedAzure azure;
  private final Path trusted;
  private final HttpsServer vault;
  private final StubServer identity;
  private final int durablePort;
  private final Map<String, String> variables;

  /** Stands for Durable Functions where nothing else does. */
  private @Nullable Server durable;

  private final BlockingDeque<String> started = new LinkedBlockingDeque<>();

  private AzureProcesses(
      Engines engines,
      LocalSecrets secrets,
      EmbeddedAzure azure,
      Path trusted,
      HttpsServer vault,
      @Nullable Integer durablePort,
      Map<String, String> variables)
      throws IOException {
    this.engines = engines;
    this.secrets = secrets;
    this.azure = azure;
    this.trusted = trusted;
    this.vault = vault;
    this.identity = new StubServer(this::token);
    this.variables = variables;
    if (durablePort == null) {
      durable =
          NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
              .addService(new Durable(started))
              .build()
              .start();
      this.durablePort = durable.getPort();
    } else {
      this.durablePort = durablePort;
    }
  }

  static AzureProcesses start(Engines engines, LocalSecrets secrets, Path folder)
      throws IOException, InterruptedException {
    return start(engines, secrets, folder, EmbeddedAzure.installation(), null, Map.of());
  }

  /**
   * Starts it.
   *
   * @param azurite where that lies
   * @param durablePort of what Durable Functions are; null for a stub
   * @param variables more, or others, in the functions' environment
   */
  static AzureProcesses start(
      Engines engines,
      LocalSecrets secrets,
      Path folder,
      Path azurite,
      @Nullable Integer durablePort,
      Map<String, String> variables)
      throws IOException, InterruptedException {
    SecureRandom random = new SecureRandom();
    Path directory = Files.createDirectories(folder.resolve("azure"));
    EmbeddedAzure azure =
        EmbeddedAzure.start(
            azurite,
            directory,
            LocalWiring.ofThisMachine(),
            EmbeddedAzure.newContainer("first", random));
    azure.createContainer(OWN_CONTAINER);
    azure.createTable(TABLE);
    LoopbackTls vaultTls = LoopbackTls.make(Files.createDirectories(folder.resolve("vault")));
    return new AzureProcesses(
        engines,
        secrets,
        azure,
        trust(directory.resolve("trusted.pfx"), directory.resolve("loopback.pfx"), vaultTls.file()),
        vault(vaultTls.context()),
        durablePort,
        variables);
  }

  /** Keeps the certificates of these key stores for JVMs that trust them and no other. */
  private static Path trust(Path file, Path... keyStores) throws IOException {
    char[] password = LoopbackTls.PASSWORD.toCharArray();
    try {
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      for (Path keyStore : keyStores) {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keyStore)) {
          keys.load(in, password);
        }
        String alias = keys.aliases().nextElement();
        trusted.setCertificateEntry(keyStore.toString(), keys.getCertificate(alias));
      }
      try (OutputStream out = Files.newOutputStream(file)) {
        trusted.store(out, password);
      }
      return file;
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  @Override
  public FunctionProcess start(String function, Path unpacked, Path output, List<String> jvm)
      throws IOException {
    return HostProcess.start(
        function, unpacked, output, environment(), options(jvm), "http://127.0.0.1:" + durablePort);
  }

  /** Starts a worker that works for Durable Functions, and takes no calls. */
  ChildJvm startDurableWorker(Path unpacked, Path output) throws IOException {
    List<String> arguments = options(List.of("--enable-native-access=ALL-UNNAMED"));
    arguments.add(DurableWorker.class.getName());
    arguments.add(Integer.toString(durablePort));
    return ChildJvm.start(
        unpacked, output, environment(), HostProcess.classPath(unpacked), arguments);
  }

  /** Of a worker's JVM. */
  private List<String> options(List<String> jvm) {
    List<String> options = new ArrayList<>(jvm);
    options.add(HEAP);
    // As the host starts workers.
    options.add("-Djava.net.preferIPv4Stack=true");
    options.add("-Djavax.net.ssl.trustStore=" + trusted);
    options.add("-Djavax.net.ssl.trustStorePassword=" + LoopbackTls.PASSWORD);
    return options;
  }

  @Override
  public FunctionCalls calls(String name, int logs) {
    return calls(name, logs, this::startedRestore);
  }

  /**
   * The same.
   *
   * @param startedRestore the id of the restore that was started last
   */
  FunctionCalls calls(String name, int logs, Supplier<Integer> startedRestore) {
    List<FunctionCalls.Archive> containers = new ArrayList<>();
    for (String container : List.of(name + "-a", name + "-b")) {
      azure.createContainer(container);
      StorageAccess.Blob first = azure.container();
      containers.add(
          new FunctionCalls.Archive(
              container,
              ServiceClient.settings(
                  new StorageAccess.Blob(
                      new BlobLocation(first.location().accountName(), container, ""),
                      first.tenantId(),
                      first.clientId(),
                      first.clientSecret()))));
    }
    return new FunctionCalls(
        secrets.adminToken().value(), containers, logs, startedRestore, Instant.now());
  }

  private Map<String, String> environment() {
    Map<String, String> own = azure.ownEnvironment();
    Map<String, String> environment = new HashMap<>(azure.environment());
    for (String endpoint : List.of("BLOB_ENDPOINT", "TABLE_ENDPOINT")) {
      environment.put(endpoint, own.get(endpoint));
    }
    environment.put("AZURE_CLIENT_ID", CLIENT_ID);
    environment.put("IDENTITY_ENDPOINT", identity.endpoint() + "/msi/token");
    environment.put("IDENTITY_HEADER", IDENTITY_HEADER);
    environment.put("TABLE_NAME", TABLE);
    environment.put("DEPLOYMENT_CONTAINER", OWN_CONTAINER);
    environment.put("DEPLOYMENT_ID", "processes-on-azure");
    environment.put("ADMIN_TOKEN_SHA256", secrets.adminToken().hash());
    environment.put("SEALING_KEY_URL", vaultUrl() + "/keys/sealing");
    environment.put("SIGNING_KEY_URL", vaultUrl() + "/keys/signing/" + SIGNING_VERSION);
    environment.put("OPENSEARCH_ENDPOINT", engines.openSearch().endpoint().toString());
    environment.put("OPENSEARCH_USERNAME", "search");
    environment.put("OPENSEARCH_PASSWORD", "none");
    environment.put("OPENSEARCH_REPLICAS", "0");
    environment.put("RESTORE_START_GRACE_SECONDS", "3600");
    environment.putAll(variables);
    return environment;
  }

  private String vaultUrl() {
    return "https://localhost:" + vault.getAddress().getPort();
  }

  private Integer startedRestore() {
    String input = started.getLast();
    return Integer.parseInt(input.replaceAll("[^0-9/]", "").split("/", -1)[0]);
  }

  /** What App Service gives the processes of the deployment's identity. */
  private Reply token(StubServer.Request request) {
    if (!IDENTITY_HEADER.equals(request.headers().get("x-identity-header"))) {
      return Reply.Whole.of(401, "");
    }
    String resource =
        URLDecoder.decode(RESOURCE.matcher(request.target()).replaceFirst("$1"), UTF_8);
    Instant now = Instant.now();
    Instant end = now.plus(Duration.ofHours(24));
    return Reply.Whole.of(
            200,
            Json.text(
                JsonObject.builder()
                    .put(
                        "access_token",
                        TokenEndpoint.jwt(
                            azure.container().tenantId(), CLIENT_ID, resource, now, end))
                    .put("expires_on", Long.toString(end.getEpochSecond()))
                    .put("token_type", "Bearer")
                    .build()))
        .with("Content-Type", "application/json");
  }

  /** A Key Vault that gives back what it is given: only its calls are measured. */
  private static HttpsServer vault(SSLContext tls) throws IOException {
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls));
    server.createContext("/keys/", AzureProcesses::useKey);
    server.start();
    return server;
  }

  private static void useKey(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    if (!exchange.getRequestHeaders().containsKey("Authorization")) {
      exchange
          .getResponseHeaders()
          .add(
              "WWW-Authenticate",
              "Bearer authorization=\"https://login.microsoftonline.com/tenant\","
                  + " resource=\"https://vault.azure.net\"");
      exchange.sendResponseHeaders(401, -1);
      exchange.close();
      return;
    }
    String[] path = exchange.getRequestURI().getPath().split("/", -1);
    byte[] reply =
        JsonObject.builder()
            .put(
                "kid",
                "https://localhost:"
                    + exchange.getLocalAddress().getPort()
                    + "/keys/"
                    + path[2]
                    + "/"
                    + SIGNING_VERSION)
            .put("value", Fields.of(Json.object(body)).requiredText("value"))
            .build()
            .bytes();
    exchange.sendResponseHeaders(200, reply.length);
    exchange.getResponseBody().write(reply);
    exchange.close();
  }

  /** Durable Functions that note what is started, and know of nothing. */
  private static final class Durable
      extends TaskHubSidecarServiceGrpc.TaskHubSidecarServiceImplBase {
    private final BlockingDeque<String> started;

    Durable(BlockingDeque<String> started) {
      this.started = started;
    }

    @Override
    public void startInstance(
        CreateInstanceRequest request, StreamObserver<CreateInstanceResponse> reply) {
      started.add(request.getInput().getValue());
      reply.onNext(
          CreateInstanceResponse.newBuilder().setInstanceId(request.getInstanceId()).build());
      reply.onCompleted();
    }

    @Override
    public void getInstance(GetInstanceRequest request, StreamObserver<GetInstanceResponse> reply) {
      reply.onNext(GetInstanceResponse.newBuilder().setExists(false).build());
      reply.onCompleted();
    }
  }

  @Override
  public void close() throws IOException {
    if (durable != null) {
      durable.shutdownNow();
    }
    vault.stop(0);
    try (identity) {
      azure.close();
    }
  }
}
