package io.logarchive.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import io.logarchive.testkit.InMemoryDeployment;
import io.logarchive.testkit.InMemoryDeployment.Customer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Whatever is sent is answered with what is wrong about it, and never with a fault of ours. */
class BadInputTest {
  private static final int MUTANTS = 10_000;
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String ACCOUNTS = "/v1/account-management/time-based-accounts";

  /** Text of a customer, which nothing of ours may log. */
  private static final String PRIVATE = "Mrs-Miller-of-the-web-shop";

  /** A body that each path takes, with a secret where one belongs. */
  private static final Map<String, String> GOOD =
      Map.of(
          ACCOUNTS,
          "{\"accountName\":\"" + PRIVATE + "\",\"maxDailyGB\":1.5}",
          "/v2/archive/settings",
          InMemoryDeployment.settings("logs/a"),
          "/v2/archive/settings/test",
          "{\"id\":7,\"archiveSettings\":" + InMemoryDeployment.settings("logs") + "}",
          "/archive/restore",
          "{\"accountName\":\""
              + PRIVATE
              + "\",\"startTime\":1795363200,\"endTime\":1795366800,\"expiresInDays\":3}",
          "/v1/search",
          "{\"query\":{\"bool\":{\"must\":[{\"term\":{\"a\":\"" + PRIVATE + "\"}}]}},\"size\":5}");

  private static final String LOGS =
      "{\"@timestamp\":\"2026-11-22T17:00:00.000Z\",\"type\":\"t\",\"customer\":\""
          + PRIVATE
          + "\"}\n{\"customer\":\""
          + PRIVATE
          + "\"}\n";

  private static final List<String> PATHS = GOOD.keySet().stream().sorted().toList();
  private static final List<String> TOKENS =
      List.of(
          "{",
          "}",
          "[",
          "]",
          "\"",
          ":",
          ",",
          "null",
          "1e999999999",
          "-0",
          "1e-400",
          "\\u0000",
          "\\ud800",
          "\u00ed\u00a0\u0080",
          "\u00ff",
          "\\",
          "[[[[[[[[",
          "9999999999",
          "\"\"",
          " ");

  private final InMemoryDeployment deployment = new InMemoryDeployment();
  private final Customer customer = deployment.archivingCustomer("logs");
  private final Leaks leaks = new Leaks("io.logarchive");

  @BeforeEach
  void watchTheLog() {
    leaks.watch();
  }

  @AfterEach
  void nothingPrivateWasLogged() {
    leaks.close();
    assertThat(leaks.found).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "null",
        "{",
        "{}}",
        "{} {}",
        "{\"a\":NaN}",
        "{\"a\":1,\"a\":2}",
        "{\"a\":\"\u0000\"}",
        "\u00c3(",
        "{\"a\":\"\u00c3(\"}",
        "{\"a\":\"\\ud800\"}",
        "{\"a\":[{\"b\":\"\\udc00x\"}]}",
        "{\"\\ud800\":1}"
      })
  void whatIsNoJsonObjectOfTextIsRefused(String latin) {
    for (String path : PATHS) {
      assertThat(post(path, latin.getBytes(ISO_8859_1)).status()).as(path).isEqualTo(400);
    }
  }

  @Test
  void aBodyThatIsTooDeepOrTooLargeIsRefused() {
    for (String path : PATHS) {
      ApiResponse deep = post(path, "{\"a\":".repeat(65).getBytes(UTF_8));
      assertThat(deep.status()).isEqualTo(400);
      assertThat(deep.bodyText()).contains("deeper than 64");
      assertThat(post(path, ("{}" + " ".repeat(1_000_000)).getBytes(UTF_8)).status())
          .isEqualTo(413);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /archive/restore | {"accountName":"r","startTime":1e400,"endTime":1}            | startTime
          /archive/restore | {"accountName":"r","startTime":1e999999999,"endTime":1}      | startTime
          /archive/restore | {"accountName":"r","startTime":"1","endTime":2}              | startTime must be a number
          /archive/restore | {"accountName":[],"startTime":1,"endTime":2}                 | accountName must be a string
          /archive/restore | {"accountName":"r","startTime":1,"endTime":2,"expiresInDays":1e999999999} | expiresInDays
          /v1/search       | {"size":1e999999999}                                         | size
          /v1/search       | {"query":{"range":{"a":{"gt":1e400}}}}                       | query.range.a.gt
          /v2/archive/settings/test | {"id":1e999999999}                                  | id
          /v2/archive/settings      | {"storageType":1}                                   | storageType must be a string
          /v1/account-management/time-based-accounts | {"accountName":"a","maxDailyGB":1e999999999}  | maxDailyGB
          /v1/account-management/time-based-accounts | {"accountName":"a","maxDailyGB":1e-999999999} | maxDailyGB
          /v1/account-management/time-based-accounts | {"accountName":"\\ud800","maxDailyGB":1}      | accountName has half of a surrogate pair
          """)
  void aFieldThatBreaksARuleIsNamed(String path, String body, String message) {
    ApiResponse reply = assertTimeoutPreemptively(PATIENCE, () -> post(path, body.getBytes(UTF_8)));

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.bodyText()).contains(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TRACE", "HEAD", "OPTIONS", "PATCH", "BREW", "get"})
  void anotherMethodIsToldWhichAreTaken(String method) {
    for (String path : PATHS) {
      ApiResponse reply = deployment.call(method, path, "", new byte[0]);
      assertThat(reply.status()).isEqualTo(405);
      assertThat(reply.headers().get("Allow")).contains("POST");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u0000", "..", "1e3", "99999999999", "-1", "\u0661", "1/2"})
  void whatIsNoIdIsNotFound(String id) {
    ApiResponse reply =
        deployment.call("GET", "/archive/restore/" + id, customer.apiToken(), new byte[0]);

    assertThat(reply.status()).isEqualTo(404);
  }

  @Test
  void noneOfTenThousandMutatedBodiesIsAFaultOfOursOrTellsASecret() {
    long seed = seed();
    Random random = new Random(seed);
    for (int i = 0; i < MUTANTS; i++) {
      String path = PATHS.get(i % PATHS.size());
      byte[] body = mutated(GOOD.getOrDefault(path, "").getBytes(UTF_8), random);
      ApiResponse reply = assertTimeoutPreemptively(PATIENCE, () -> post(path, body));
      assertThat(reply.status())
          .as("the reply to POST %s %s (seed %s)", path, new String(body, ISO_8859_1), seed)
          .matches(status -> status < 500 || status == 501);
      assertThat(reply.bodyText()).doesNotContain(InMemoryDeployment.SECRET_KEY);
    }
  }

  @Test
  void noneOfThousandsOfMutatedLogsIsAFaultOfOursOrTellsWhatIsInThem() throws IOException {
    long seed = seed();
    Random random = new Random(seed);
    for (int i = 0; i < MUTANTS / 4; i++) {
      byte[] lines = mutated(LOGS.getBytes(UTF_8), random);
      List<byte[]> packed = List.of(gzip(lines), mutated(gzip(LOGS.getBytes(UTF_8)), random));
      List<ApiResponse> replies =
          assertTimeoutPreemptively(
              PATIENCE,
              () ->
                  Stream.concat(
                          Stream.of(ingest("identity", lines)),
                          packed.stream().map(body -> ingest("gzip", body)))
                      .toList());
      assertThat(replies)
          .as("the replies to logs %s (seed %s)", new String(lines, ISO_8859_1), seed)
          .allMatch(reply -> reply.status() == 200 || reply.status() == 400)
          .noneMatch(reply -> reply.bodyText().contains(PRIVATE));
    }
  }

  @Test
  void whatMayNotBeLoggedIsFoundInTheLog() {
    try (Leaks planted = new Leaks("planted")) {
      Logger log = planted.logger;
      // Or the build would find them in the file of all that was logged.
      log.setAdditive(false);
      planted.watch();
      log.atInfo().addKeyValue("name", PRIVATE).log("a value");
      log.info("a token {}", customer.apiToken());
      log.atInfo()
          .setCause(new IllegalStateException(new IOException(InMemoryDeployment.SECRET_KEY)))
          .log("a cause");
      log.info("nothing");

      assertThat(planted.found).hasSize(3);
    }
  }

  private static long seed() {
    long seed = Long.getLong("test.seed", System.nanoTime());
    System.out.println("Mutated bodies: repeat them with -Dtest.seed=" + seed);
    return seed;
  }

  /** A few bytes of it replaced, added or left out. */
  private static byte[] mutated(byte[] body, Random random) {
    byte[] mutant = body;
    for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
      int at = random.nextInt(mutant.length + 1);
      int end = Math.min(mutant.length, at + random.nextInt(6));
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      out.write(mutant, 0, at);
      if (random.nextBoolean()) {
        out.write(random.nextInt(256));
      } else {
        out.writeBytes(TOKENS.get(random.nextInt(TOKENS.size())).getBytes(ISO_8859_1));
      }
      out.write(mutant, end, mutant.length - end);
      mutant = out.toByteArray();
    }
    return mutant;
  }

  private ApiResponse post(String path, byte[] body) {
    String token = path.equals(ACCOUNTS) ? deployment.adminToken() : customer.apiToken();
    return deployment.call("POST", path, token, body);
  }

  private ApiResponse ingest(String encoding, byte[] body) {
    return deployment.ingest(
        Map.of("token", customer.shippingToken()),
        Map.of("Content-Encoding", encoding),
        body,
        true);
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }

  /** The lines of the product's log that hold a secret, a token or a customer's text. */
  private final class Leaks extends AppenderBase<ILoggingEvent> implements AutoCloseable {
    private final Logger logger;
    private final List<String> found = new CopyOnWriteArrayList<>();

    Leaks(String logger) {
      this.logger = (Logger) LoggerFactory.getLogger(logger);
    }

    void watch() {
      start();
      logger.addAppender(this);
    }

    @Override
    protected void append(ILoggingEvent event) {
      String line =
          event.getFormattedMessage()
              + event.getKeyValuePairs()
              + (event.getThrowableProxy() == null
                  ? ""
                  : ThrowableProxyUtil.asString(event.getThrowableProxy()));
      if (Stream.of(
              PRIVATE,
              InMemoryDeployment.SECRET_KEY,
              deployment.adminToken(),
              customer.apiToken(),
              customer.shippingToken())
          .anyMatch(line::contains)) {
        found.add(line);
      }
    }

    @Override
    public void close() {
      logger.detachAppender(this);
    }
  }
}
