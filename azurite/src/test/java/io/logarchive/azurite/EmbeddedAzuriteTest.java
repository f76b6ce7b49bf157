package io.logarchive.azurite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.logarchive.account.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddedAzuriteTest {
  private static final Path INSTALLATION = Path.of(".");
  private static final EmbeddedAzurite.Account ACCOUNT =
      new EmbeddedAzurite.Account("plantedaccount", new Secret("cGxhbnRlZC1zdG9yYWdlLWtleQ=="));

  private final Path directory;

  EmbeddedAzuriteTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @BeforeAll
  static void findAzurite() throws IOException {
    assumeTrue(
        EmbeddedAzurite.isInstalled(INSTALLATION),
        "Azurite is not installed: it needs Node, and azurite/install");
  }

  @ParameterizedTest
  @ValueSource(strings = {"INT", "HUP"})
  void answersUntilItIsClosedThoughTheTerminalsSignalReachesItToo(String signal) throws Exception {
    LoopbackTls tls = LoopbackTls.make(directory);
    try (EmbeddedAzurite azurite = start(tls)) {
      ProcessHandle process = process();

      new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();

      assertThat(process.onExit().completeOnTimeout(null, 2, TimeUnit.SECONDS).get()).isNull();
      assertThat(answer(azurite, tls.context())).isEqualTo(403);
    }
    assertThat(EmbeddedAzurite.running(directory)).isEmpty();
  }

  @Test
  void endsByTheSignalThatIsForItAlone() throws Exception {
    try (EmbeddedAzurite azurite = start(LoopbackTls.make(directory))) {
      ProcessHandle process = process();
      process.destroy();
      assertThat(process.onExit().completeOnTimeout(null, 10, TimeUnit.SECONDS).get())
          .isEqualTo(process);
      assertThat(azurite.account()).isEqualTo(ACCOUNT);
    }
  }

  @Test
  void endsWithTheProcessThatStartedItThoughItsOwnEndDoesNotCome() throws Exception {
    Process process =
        new ProcessBuilder(
                "node",
                "--require",
                INSTALLATION.resolve("end-with-parent.js").toAbsolutePath().toString(),
                "--eval",
                "process.on('SIGTERM', () => console.log('asked')); setInterval(() => {}, 100);"
                    + " console.log('up')")
            .start();
    try {
      assertThat(process.inputReader().readLine()).isEqualTo("up");
      process.getOutputStream().close();
      assertThat(process.inputReader().readLine()).isEqualTo("asked");
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void hasEndedOnceItIsClosedByAThreadThatIsInterruptedToo() throws Exception {
    EmbeddedAzurite azurite = start(LoopbackTls.make(directory));
    Thread.currentThread().interrupt();
    azurite.close();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(EmbeddedAzurite.running(directory)).isEmpty();
  }

  @Test
  void startsOnceTheOneOfAnEarlierRunHasEnded() throws Exception {
    LoopbackTls tls = LoopbackTls.make(directory);
    EmbeddedAzurite earlier = start(tls);
    ProcessHandle process = process();
    CompletableFuture<Void> closed =
        CompletableFuture.runAsync(
            () -> {
              try {
                earlier.close();
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            },
            CompletableFuture.delayedExecutor(8, TimeUnit.SECONDS));
    try (EmbeddedAzurite later = start(tls)) {
      assertThat(process.isAlive()).isFalse();
      assertThat(answer(later, tls.context())).isEqualTo(403);
    }
    closed.get();
  }

  @Test
  void showsTheCertificateInItsFile() throws Exception {
    try (EmbeddedAzurite azurite = start(LoopbackTls.make(directory))) {
      assertThat(answer(azurite, trusting(azurite.certificate()))).isEqualTo(403);
    }
  }

  @Test
  void saysWhichNodeIsTooOldForIt() throws Exception {
    Path installation = Files.createDirectories(directory.resolve("installation"));
    Files.copy(INSTALLATION.resolve("needs-node.js"), installation.resolve("needs-node.js"));
    Files.writeString(
        installation.resolve("end-with-parent.js"),
        "Object.defineProperty(process, 'versions', { value: { node: '18.19.0' } })\n"
            + Files.readString(INSTALLATION.resolve("end-with-parent.js")));
    LoopbackTls tls = LoopbackTls.make(directory);
    assertThatThrownBy(() -> EmbeddedAzurite.start(installation, directory, tls, ACCOUNT))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("needs Node 20 or newer, and the one on the PATH is 18.19.0");
  }

  private EmbeddedAzurite start(LoopbackTls tls) throws Exception {
    return EmbeddedAzurite.start(INSTALLATION, directory, tls, ACCOUNT);
  }

  private ProcessHandle process() {
    return EmbeddedAzurite.running(directory).orElseThrow();
  }

  /** To a request that is not signed. */
  private static int answer(EmbeddedAzurite azurite, SSLContext context) throws Exception {
    HttpRequest list =
        HttpRequest.newBuilder(azurite.blobs().resolve("/" + ACCOUNT.name() + "?comp=list"))
            .build();
    try (HttpClient client = HttpClient.newBuilder().sslContext(context).build()) {
      return client.send(list, BodyHandlers.discarding()).statusCode();
    }
  }

  private static SSLContext trusting(Path certificate) throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    try (InputStream file = Files.newInputStream(certificate)) {
      trusted.setCertificateEntry(
          "azurite", CertificateFactory.getInstance("X.509").generateCertificate(file));
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }
}
