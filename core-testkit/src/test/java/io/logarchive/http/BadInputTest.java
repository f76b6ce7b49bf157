package io.logarchive.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.logarchive.testkit.InMemoryDeployment;
import io.logarchive.testkit.InMemoryDeployment.Customer;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is sent is answered with what is wrong about it, and never with a fault of ours. */
class BadInputTest {
  private static final int MUTANTS = 10_000;
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String ACCOUNTS = "/v1/account-management/time-based-accounts";

  /** A body that each path takes, with a secret where one belongs. */
  private static final Map<String, String> GOOD =
      Map.of(
          ACCOUNTS,
          "{\"accountName\":\"shop\",\"maxDailyGB\":1.5}",
          "/v2/archive/settings",
          InMemoryDeployment.settings("logs/a"),
          "/v2/archive/settings/test",
          "{\"id\":7,\"archiveSettings\":" + InMemoryDeployment.settings("logs") + "}",
          "/archive/restore",
          "{\"accountName\":\"r\",\"startTime\":1795363200,\"endTime\":1795366800,\"expiresInDays\":3}",
          "/v1/search",
          "{\"query\":{\"bool\":{\"must\":[{\"term\":{\"a\":\"b\"}}]}},\"size\":5}");

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
    long seed = Long.getLong("test.seed", System.nanoTime());
    System.out.println("Mutated bodies: repeat them with -Dtest.seed=" + seed);
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
}
