package io.logarchive.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.logarchive.account.Secret;
import io.logarchive.account.Uid;
import io.logarchive.archive.SealedSecret;
import io.logarchive.archive.SecretSealer;
import io.logarchive.archive.SecretSealer.SealContext;
import io.logarchive.azure.AzureLogin.ManagedIdentity;
import io.logarchive.azure.StubKeyVault.Failure;
import io.logarchive.azurite.LoopbackTls;
import io.logarchive.fault.ServiceException;
import io.logarchive.testkit.StubServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A Key Vault that refuses, turns away, is away or breaks off. Nothing is changed by any. */
final class KeyVaultFailureTest {
  private static final String SECRET = "hunter2";
  private static final SealContext CONTEXT = new SealContext(new Uid("0".repeat(32)), 1_000_001);
  private static final String VERSION = "/00000000000000000000000000abc000";

  enum Operation {
    WRAP("WrapKey"),
    UNWRAP("UnwrapKey"),
    SIGN("Sign");

    private final String name;

    Operation(String name) {
      this.name = name;
    }
  }

  private static LoopbackTls tls;
  private static StubAppService appService;

  private StubKeyVault vault;
  private SealedSecret sealed;
  private int before;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    tls = LoopbackTls.make(directory);
    appService = new StubAppService();
  }

  @AfterAll
  static void stop() {
    appService.close();
  }

  @BeforeEach
  void seal() throws Exception {
    vault = new StubKeyVault(tls);
    vault.rotate("key");
    sealed = sealer(appService.identity(), vault.keyUrl("key")).seal(CONTEXT, new Secret(SECRET));
    before = vault.requests().size();
  }

  @AfterEach
  void close() {
    vault.close();
  }

  @ParameterizedTest
  @EnumSource
  void aSuccessIsASuccess(Operation operation) {
    assertThat(call(operation)).isNotNull();
    assertThat(asked()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void aRefusalIsDeniedAtOnceInTheVaultsMostExactWords(Operation operation) {
    vault.fail(new Failure(403, "Forbidden", "ForbiddenByRbac"));
    assertDenied(operation, "ForbiddenByRbac");
    vault.fail(new Failure(403, "Forbidden", null));
    assertDenied(operation, "Forbidden");
    vault.fail(new Failure(404, "KeyNotFound", null));
    assertDenied(operation, "KeyNotFound");
    vault.fail(new Failure(401, "Unauthorized", null));
    assertDenied(operation, "Unauthorized");
    assertThat(asked()).isEqualTo(4);
  }

  @ParameterizedTest
  @EnumSource
  void aDisabledKeyIsDenied(Operation operation) {
    vault.disable(VERSION);
    assertDenied(operation, "KeyDisabled");
    assertThat(asked()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void aThrottledCallIsUnavailableAfterItsRetries(Operation operation) {
    vault.fail(new Failure(429, "Throttled", null));
    ServiceException failure = failure(operation);
    assertThat(failure)
        .isInstanceOf(ServiceException.Unavailable.class)
        .hasMessage(operation.name + ": Throttled (request REQUEST-1)");
    assertThat(asked()).isEqualTo(3);
  }

  @ParameterizedTest
  @EnumSource
  void aThrottledCallIsTriedAgainWhenTheVaultSaysIfThatIsSoon(Operation operation) {
    vault.fail(new Failure(429, "Throttled", null, Map.of("Retry-After", "1")), Failure.NONE);
    assertThat(call(operation)).isNotNull();
    assertThat(asked()).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource
  void nobodyWaitsForAMinute(Operation operation) {
    vault.fail(new Failure(429, "Throttled", null, Map.of("Retry-After", "60")));
    long begun = System.nanoTime();
    assertThat(failure(operation)).isInstanceOf(ServiceException.Unavailable.class);
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(20));
    assertThat(asked()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void aFailureThatPassesIsNotSeen(Operation operation) {
    vault.fail(new Failure(500, "InternalServerError", null), Failure.NONE);
    assertThat(call(operation)).isNotNull();
    assertThat(asked()).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource
  void aVaultThatCannotBeReachedIsUnavailable(Operation operation) {
    String nowhere =
        StubServer.nowhere().toString().replace("http://127.0.0.1", "https://localhost");
    SealedSecret there = new SealedSecret(nowhere + "/keys/key" + VERSION, sealed.bytes());
    ServiceException failure =
        failure(() -> call(operation, appService.identity(), nowhere + "/keys/key", there));
    assertThat(failure)
        .isInstanceOf(ServiceException.Unavailable.class)
        .hasMessage(operation.name + ": Unreachable");
  }

  /** Above all, half a reply is never taken for a key or a signature. */
  @ParameterizedTest
  @EnumSource
  void aReplyThatIsCutOffAnywhereIsUnavailable(Operation operation) {
    for (int bytes : List.of(0, 1, 40, Integer.MAX_VALUE)) {
      vault.cutOffAfter(bytes);
      ServiceException failure = failure(operation);
      assertThat(failure)
          .as("cut off after %s", bytes)
          .isInstanceOf(ServiceException.Unavailable.class);
      assertThat(failure.operation()).isEqualTo(operation.name);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aReplyWithoutAResultIsUnavailable(Operation operation) {
    for (String reply :
        List.of("", "{}", "[]", "<html>", "{\"kid\":\"x\",\"value\":\"\"}", "{\"kid\":")) {
      vault.talkNonsense(reply);
      assertThat(failure(operation)).as(reply).isInstanceOf(ServiceException.Unavailable.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatKeepsTheIdentityFromATokenIsToldApart(Operation operation) {
    ManagedIdentity removed =
        new ManagedIdentity(
            "99999999-7777-8888-9999-000000000000",
            appService.identity().endpoint(),
            appService.identity().header());
    assertThat(failure(() -> call(operation, removed, vault.keyUrl("key"), sealed)))
        .isInstanceOf(ServiceException.Denied.class)
        .hasMessage("GetToken: Http400");
    ManagedIdentity alone =
        new ManagedIdentity(
            StubAppService.CLIENT, StubServer.nowhere(), appService.identity().header());
    assertThat(failure(() -> call(operation, alone, vault.keyUrl("key"), sealed)))
        .isInstanceOf(ServiceException.Unavailable.class)
        .hasMessage("GetToken: Unreachable");
    assertThat(asked()).isZero();
  }

  /** What failed is not kept. */
  @ParameterizedTest
  @CsvSource({"403, Forbidden", "429, Throttled"})
  void theNextCallAsksAgain(int status, String code) {
    SecretSealer sealer = sealer(appService.identity(), vault.keyUrl("key"));
    vault.fail(new Failure(status, code, null));
    assertThat(failure(() -> sealer.open(CONTEXT, sealed))).isNotNull();
    assertThat(failure(() -> sealer.seal(CONTEXT, new Secret(SECRET)))).isNotNull();
    vault.fail();
    assertThat(sealer.open(CONTEXT, sealed)).isEqualTo(new Secret(SECRET));
    assertThat(sealer.seal(CONTEXT, new Secret(SECRET))).isNotNull();
  }

  private void assertDenied(Operation operation, String code) {
    assertThat(failure(operation))
        .isInstanceOf(ServiceException.Denied.class)
        .hasMessage(operation.name + ": " + code + " (request REQUEST-1)");
  }

  private int asked() {
    return vault.requests().size() - before;
  }

  private ServiceException failure(Operation operation) {
    return failure(() -> call(operation));
  }

  private static ServiceException failure(Runnable call) {
    ServiceException failure = catchThrowableOfType(ServiceException.class, call::run);
    assertThat(failure).isNotNull();
    StringWriter trace = new StringWriter();
    failure.printStackTrace(new PrintWriter(trace));
    assertThat(trace.toString())
        .doesNotContain(SECRET)
        .doesNotContain(StubAppService.HEADER)
        .doesNotContain("Bearer ey");
    return failure;
  }

  private Object call(Operation operation) {
    return call(operation, appService.identity(), vault.keyUrl("key"), sealed);
  }

  private static Object call(
      Operation operation, ManagedIdentity identity, String keyUrl, SealedSecret sealed) {
    return switch (operation) {
      case WRAP -> sealer(identity, keyUrl).seal(CONTEXT, new Secret(SECRET));
      case UNWRAP -> sealer(identity, keyUrl).open(CONTEXT, sealed);
      case SIGN ->
          new KeyVaultDeploymentSignature(clients(), identity, keyUrl + VERSION)
              .sign(SECRET.getBytes(StandardCharsets.UTF_8));
    };
  }

  private static SecretSealer sealer(ManagedIdentity identity, String keyUrl) {
    return new KeyVaultSecretSealer(
        clients(), identity, keyUrl, new SecureRandom(), InstantSource.system());
  }

  private static AzureClients clients() {
    return new AzureClients(AzureEndpoints.AZURE, tls::http);
  }
}
