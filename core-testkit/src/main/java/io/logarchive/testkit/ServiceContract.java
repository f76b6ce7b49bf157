package io.logarchive.testkit;

import static io.logarchive.testkit.TriedService.bytes;
import static io.logarchive.testkit.TriedService.gzip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.logarchive.archive.OwnershipProof;
import io.logarchive.testkit.TriedService.Customer;
import io.logarchive.testkit.TriedService.Reply;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/**
 * What every deployment answers over HTTP, on whichever cloud its functions run. {@link
 * VendorExchanges} is the part that the vendor's clients use, as they do.
 *
 * <p>Where a cloud's own host stands in the way of a request, both answers are named: what is sent
 * is archived whole, or refused with what to do.
 */
public interface ServiceContract {
  TriedService service();

  String ACCOUNTS = "/v1/account-management/time-based-accounts";
  String SETTINGS = "/v2/archive/settings";
  String RESTORES = "/archive/restore";
  String SEARCH = "/v1/search";
  String AUDIT = "/v1/audit";

  /** The hour of which logs are sent. */
  Instant START = Instant.parse("2026-11-20T10:00:00Z");

  Duration PATIENCE = Duration.ofMinutes(2);
  int TRIES = 5;
  Set<String> OPEN_TO_ALL = Set.of("GET /healthz", "GET /openapi.yaml", "POST /");

  // Ingestion.

  @Test
  default void logsAreAnsweredByAnEmptyReplyOnceTheyAreArchived() throws Exception {
    try (Customer customer = service().archivingCustomer("text")) {
      Reply reply = customer.ship(logs(0, 3));
      assertThat(reply.status()).as(reply.text()).isEqualTo(200);
      assertThat(reply.body()).isEmpty();
      assertThat(reply.header("X-Archive")).isEmpty();
      assertThat(found(customer, restored(customer, "text"))).isEqualTo(3);
    }
  }

  @Test
  default void compressedLogsAreArchivedWhereBytesAreTaken() throws Exception {
    try (Customer customer = service().archivingCustomer("bytes")) {
      Reply reply = octets(customer, gzip(bytes(logs(0, 4))));
      assertThat(reply.status()).as(reply.text()).isEqualTo(200);
      assertThat(reply.body()).isEmpty();
      assertThat(found(customer, restored(customer, "bytes"))).isEqualTo(4);
    }
  }

  @Test
  default void compressedLogsAreArchivedOrRefusedWhereTextIsTaken() throws Exception {
    try (Customer customer = service().archivingCustomer("bytes as text")) {
      Reply reply =
          service()
              .logs(token(customer), Map.of("Content-Encoding", "gzip"), gzip(bytes(logs(0, 4))));
      if (reply.status() == 200) {
        assertThat(found(customer, restored(customer, "bytes as text"))).isEqualTo(4);
      } else {
        assertThat(refused(reply, 415, "UNSUPPORTED_MEDIA_TYPE"))
            .contains("application/octet-stream");
      }
    }
  }

  @Test
  default void logsInChunksAreArchivedOrRefused() throws Exception {
    try (Customer customer = service().archivingCustomer("chunks")) {
      Reply reply = service().chunkedLogs(token(customer), bytes(logs(0, 4)));
      if (reply.status() == 200) {
        assertThat(found(customer, restored(customer, "chunks"))).isEqualTo(4);
      } else {
        assertThat(refused(reply, 411, "LENGTH_REQUIRED")).contains("Content-Length");
      }
    }
  }

  @Test
  default void badLinesAreCountedAndTheGoodOnesAreArchived() throws Exception {
    try (Customer customer = service().archivingCustomer("some bad")) {
      String tooLong = "{\"message\":\"" + "x".repeat(500_000) + "\"}";
      Reply reply =
          customer.ship(String.join("\n", logs(0, 2), "no log", "[1]", "", tooLong, logs(2, 1)));
      assertThat(reply.status()).isEqualTo(400);
      assertThat(reply.text())
          .isEqualTo(
              "{\"malformedLines\":2,\"successfulLines\":3,\"oversizedLines\":1,\"emptyLogLines\":1}");
      assertThat(found(customer, restored(customer, "some good"))).isEqualTo(3);
    }
  }

  @Test
  default void whoSendsLogsWithoutAShippingTokenIsToldSo() throws Exception {
    try (Customer customer = service().archivingCustomer("tokens of shippers")) {
      byte[] logs = bytes(logs(0, 1));
      for (String none : List.of("", "?token=", "?type=tried")) {
        Reply reply = service().logs(none, Map.of(), logs);
        assertThat(reply.status()).isEqualTo(401);
        assertThat(reply.text()).isEqualTo("Logging token is missing");
      }
      for (String wrong : List.of("la_ship_wrong", customer.apiToken())) {
        Reply text = service().logs("?token=" + wrong, Map.of(), logs);
        Reply octets = service().octets("?token=" + wrong, Map.of(), logs);
        assertThat(List.of(text.status(), octets.status())).containsOnly(401);
        assertThat(List.of(text.text(), octets.text())).containsOnly("Logging token is not valid");
      }
    }
  }

  @Test
  default void aBodyWithoutALogIsRefused() throws Exception {
    try (Customer customer = service().archivingCustomer("nothing")) {
      for (String nothing : List.of("", "\n", " \r\n\t\n")) {
        assertThat(refused(customer.ship(nothing), 400, "INVALID_REQUEST"))
            .contains("holds no log");
      }
      assertThat(refused(octets(customer, new byte[0]), 400, "INVALID_REQUEST"))
          .contains("holds no log");
    }
  }

  @Test
  default void whatIsNotWholeGzipIsRefusedWhole() throws Exception {
    try (Customer customer = service().archivingCustomer("no gzip")) {
      byte[] whole = gzip(bytes(logs(0, 50)));
      for (byte[] broken : List.of(bytes(logs(0, 1)), Arrays.copyOf(whole, whole.length - 9))) {
        assertThat(refused(octets(customer, broken), 400, "INVALID_REQUEST"))
            .contains("not whole gzip");
      }
      assertThat(found(customer, restored(customer, "nothing of it"))).isZero();
    }
  }

  @Test
  default void otherCompressionsAreRefused() throws Exception {
    try (Customer customer = service().archivingCustomer("other compressions")) {
      Map<String, String> brotli = Map.of("Content-Encoding", "br");
      for (Reply reply :
          List.of(
              service().logs(token(customer), brotli, bytes(logs(0, 1))),
              service().octets(token(customer), brotli, bytes(logs(0, 1))))) {
        assertThat(refused(reply, 415, "UNSUPPORTED_MEDIA_TYPE")).contains("gzip");
      }
    }
  }

  @Test
  default void bodiesBeyondTheLimitsAreRefused() throws Exception {
    try (Customer customer = service().archivingCustomer("too large")) {
      byte[] spaces = bytes(" ".repeat(1 << 20));
      byte[] inflating = gzip(Collections.nCopies(129, spaces).toArray(byte[][]::new));
      assertThat(refused(octets(customer, inflating), 413, "TOO_LARGE"))
          .contains("inflated body is over 134217728 bytes");
      assertThat(refused(customer.ship(" ".repeat((10 << 20) + 1)), 413, "TOO_LARGE"))
          .contains("body is over 10485760 bytes");
    }
  }

  @Test
  default void aPausedArchiveTakesLogsAndSaysThatItIsPaused() throws Exception {
    try (Customer customer = service().customer("paused")) {
      String settings = customer.bucket();
      int id = customer.archive(settings);
      String paused = settings.replaceFirst("\\{", "{\"enabled\":false,");
      Reply changed = customer.call("PUT", SETTINGS + "/" + id, paused);
      assertThat(changed.text()).contains("\"status\":\"paused\"");

      Reply good = customer.ship(logs(0, 2));
      assertThat(good.status()).isEqualTo(200);
      assertThat(good.header("X-Archive")).contains("paused");
      Reply bad = customer.ship(logs(0, 1) + "\nno log");
      assertThat(bad.status()).isEqualTo(400);
      assertThat(bad.header("X-Archive")).contains("paused");

      customer.call("PUT", SETTINGS + "/" + id, settings);
      assertThat(customer.ship(logs(2, 1)).header("X-Archive")).isEmpty();
      assertThat(found(customer, restored(customer, "but not while it was paused"))).isEqualTo(1);
    }
  }

  @Test
  default void withoutAnArchiveShippersAreToldToKeepTheirLogs() throws Exception {
    try (Customer customer = service().customer("no archive")) {
      for (Reply reply :
          List.of(customer.ship(logs(0, 1)), octets(customer, gzip(bytes(logs(0, 1)))))) {
        assertThat(refused(reply, 503, "NO_ARCHIVE")).contains("keep the logs");
        assertThat(reply.header("Retry-After")).contains("30");
      }
    }
  }

  @Test
  default void anArchiveThatIsAnothersNowIsSuspendedUntilATestPasses() throws Exception {
    try (Customer customer = service().customer("suspended")) {
      int id = customer.archive(customer.bucket());
      customer.loseThePlace(OwnershipProof.KEY);
      Reply refused = customer.ship(logs(0, 1));
      assertThat(refused(refused, 503, "NO_ARCHIVE")).contains("belongs to another deployment");
      assertThat(refused.header("Retry-After")).isPresent();
      JsonNode settings = settings(customer, id);
      assertThat(settings.path("status").textValue()).isEqualTo("suspended");
      assertThat(settings.path("reason").textValue()).contains(OwnershipProof.KEY);

      customer.regainThePlace(OwnershipProof.KEY);
      Reply tested = customer.call("POST", SETTINGS + "/test", "{\"id\":" + id + "}");
      assertThat(tested.status()).as(tested.text()).isEqualTo(200);
      assertThat(settings(customer, id).path("status").textValue()).isEqualTo("archiving");
      assertThat(customer.ship(logs(0, 1)).status()).isEqualTo(200);
    }
  }

  @Test
  default void whoSendsTooMuchAtOnceIsToldToWait() throws Exception {
    int atOnce = service().limits().logBytesAtOnce();
    assumeTrue(atOnce < 100_000_000, "The deployment takes more at once than a test sends");
    try (Customer customer = service().customer("too much at once")) {
      byte[] body = bytes(" ".repeat(4 << 20));
      Reply last = service().octets(token(customer), Map.of(), body);
      // What it takes in a second is not much beside what it takes at once.
      for (int i = 0; i < 4 * atOnce / body.length && last.status() != 429; i++) {
        last = service().octets(token(customer), Map.of(), body);
      }
      assertThat(refused(last, 429, "TOO_MANY_REQUESTS")).contains("send again later");
      assertThat(seconds(last)).isBetween(1L, 60L);
    }
  }

  // All of the API.

  @Test
  default void theServiceSaysThatItIsThereAndWhatItAnswers() throws Exception {
    Reply health = service().call("GET", "/healthz", null, null);
    assertThat(health.text()).isEqualTo("{\"status\":\"ok\"}");
    Reply description = service().call("GET", "/openapi.yaml", null, null);
    assertThat(description.status()).isEqualTo(200);
    assertThat(description.text()).startsWith("openapi: 3.1.0");
  }

  @Test
  default void everyPathSaysWhichMethodsItTakes() throws Exception {
    List<String> paths =
        TriedService.operations(operation -> true)
            .map(operation -> operation.split(" ", 2)[1])
            .distinct()
            .toList();
    assertThat(paths).hasSizeGreaterThan(10).contains("/");
    for (String path : paths) {
      Reply reply =
          path.equals("/")
              ? service().ingestion("PATCH")
              : service().call("PATCH", path, null, null);
      String allowed = reply.header("Allow").orElse("");
      assertThat(refused(reply, 405, "METHOD_NOT_ALLOWED"))
          .as(path)
          .isEqualTo("This path takes " + allowed);
      assertThat(allowed).as(path).isNotEmpty();
    }
  }

  @Test
  default void pathsThatAreNotThereAreNotFound() throws Exception {
    for (String path :
        List.of(
            SETTINGS + "/1/more",
            RESTORES + "/1/more",
            ACCOUNTS + "/1/nothing",
            ACCOUNTS + "/1/tokens/1/more")) {
      assertThat(refused(service().call("GET", path, null, null), 404, "NOT_FOUND"))
          .isEqualTo("This path was not found");
    }
    assertThat(service().anything("GET", "/nothing/like/it").status()).isEqualTo(404);
  }

  @Test
  default void nothingIsAnsweredWithoutAValidToken() throws Exception {
    List<String> operations =
        TriedService.operations(operation -> !OPEN_TO_ALL.contains(operation)).toList();
    assertThat(operations).hasSizeGreaterThan(15);
    for (String operation : operations) {
      String method = operation.split(" ", 2)[0];
      String path = operation.split(" ", 2)[1];
      String body = method.equals("POST") || method.equals("PUT") ? "{}" : null;
      assertThat(refused(service().call(method, path, null, body), 401, "UNAUTHORIZED"))
          .as(operation)
          .isEqualTo("The header X-API-TOKEN is missing");
      assertThat(refused(service().call(method, path, "la_api_wrong", body), 401, "UNAUTHORIZED"))
          .as(operation)
          .isIn("The API token is not valid", "This call takes the deployment's admin token");
    }
  }

  @Test
  default void aTokenThatLacksAScopeIsToldWhich() throws Exception {
    try (Customer customer = service().customer("scopes")) {
      String searches = newToken(customer, "searches", "\"search\"");
      String restores = newToken(customer, "restores", "\"restore\"");
      lacks("settings", service().call("GET", SETTINGS, searches, null));
      lacks("settings", service().call("POST", SETTINGS + "/test", searches, "{}"));
      lacks("restore", service().call("GET", RESTORES, searches, null));
      lacks("restore", service().call("POST", RESTORES, searches, "{}"));
      lacks("search", service().call("POST", SEARCH, restores, "{}"));
      lacks("search", service().call("POST", "/v1/scroll", restores, "{}"));
      lacks("accounts", customer.call("GET", ACCOUNTS + "/" + customer.id(), null));
      lacks("accounts", customer.call("GET", AUDIT, null));
      lacks("settings", service().call("GET", SETTINGS, customer.shippingToken(), null));
    }
  }

  @Test
  default void aTokenThatAsksTooOftenIsToldToWait() throws Exception {
    // The minute of the clock may change once in between.
    int most = 2 * service().limits().searchesPerMinute();
    try (Customer customer = service().customer("too often")) {
      Reply last = customer.call("POST", SEARCH, "{\"size\":0}");
      for (int i = 0; i < most && last.status() == 200; i++) {
        last = customer.call("POST", SEARCH, "{\"size\":0}");
      }
      refused(last, 429, "TOO_MANY_REQUESTS");
      assertThat(seconds(last)).isBetween(1L, 60L);
      assertThat(customer.call("GET", RESTORES, null).status()).isEqualTo(200);
    }
  }

  @Test
  default void whatIsWrongInABodyIsNamed() throws Exception {
    try (Customer customer = service().customer("wrong bodies")) {
      assertThat(invalid(service().admin("POST", ACCOUNTS, "{\"accountName\":\"no volume\"}")))
          .contains("maxDailyGB");
      assertThat(invalid(customer.call("POST", SETTINGS, "{\"storageType\":\"FTP\"}")))
          .contains("storageType");
      assertThat(invalid(customer.call("POST", RESTORES, "{\"accountName\":\"no times\"}")))
          .contains("startTime");
      assertThat(invalid(customer.call("POST", RESTORES, "no JSON"))).startsWith("The body ");
      assertThat(invalid(customer.call("POST", RESTORES, ""))).startsWith("The body ");
      assertThat(invalid(customer.call("POST", SEARCH, "{\"size\":1,\"size\":2}")))
          .contains("a key occurs twice");
      assertThat(invalid(customer.call("GET", RESTORES + "?before=yesterday", null)))
          .contains("before");
      Map<String, String> token = Map.of("X-API-TOKEN", customer.apiToken());
      invalid(service().callWith("POST", RESTORES, token, new byte[] {'{', '"', -1, '"', '}'}));
      refused(customer.call("POST", SEARCH, " ".repeat(1_000_001) + "{}"), 413, "TOO_LARGE");
    }
  }

  @Test
  default void whatIsAnothersIsAnsweredLikeWhatIsNot() throws Exception {
    try (Customer owner = service().customer("owner");
        Customer other = service().customer("other")) {
      int settings = owner.archive(owner.bucket());
      int restore = started(owner, "owner's");
      String accounts = newToken(other, "accounts", "\"accounts\"");
      for (String path : List.of(SETTINGS + "/" + settings, RESTORES + "/" + restore)) {
        for (String method : List.of("GET", "DELETE")) {
          refused(other.call(method, path, null), 404, "NOT_FOUND");
        }
      }
      String foreign = ACCOUNTS + "/" + owner.id();
      refused(service().call("GET", foreign, accounts, null), 404, "NOT_FOUND");
      refused(service().call("GET", foreign + "/tokens", accounts, null), 404, "NOT_FOUND");
      refused(
          service().call("GET", AUDIT + "?accountId=" + owner.id(), accounts, null),
          404,
          "NOT_FOUND");
      refused(other.call("POST", SEARCH, "{\"accountIds\":[" + restore + "]}"), 404, "NOT_FOUND");
      assertThat(owner.call("GET", SETTINGS + "/" + settings, null).status()).isEqualTo(200);
      assertThat(owner.call("GET", RESTORES + "/" + restore, null).status()).isEqualTo(200);
    }
  }

  @Test
  default void whatThisVersionDoesNotHaveSaysSo() throws Exception {
    try (Customer customer = service().archivingCustomer("not built")) {
      refused(customer.call("POST", "/v1/scroll", "{}"), 501, "NOT_IMPLEMENTED");
      refused(customer.call("POST", RESTORES + "/estimate", "{}"), 501, "NOT_IMPLEMENTED");
      for (String more :
          List.of(
              "\"dryRun\":true",
              "\"powerSearch\":\"rain\"",
              "\"filters\":[{\"field\":\"level\",\"operator\":\"exists\"}]",
              "\"archived\":\"skip\"")) {
        String body = restore("not built").replaceFirst("\\{", "{" + more + ",");
        assertThat(refused(customer.call("POST", RESTORES, body), 501, "NOT_IMPLEMENTED"))
            .contains(more.substring(1, more.indexOf(':') - 1));
      }
      assertThat(customer.call("GET", RESTORES, null).text()).isEqualTo("[]");
    }
  }

  // Accounts, their tokens, and the audit.

  @Test
  default void accountsAreMadeListedChangedAndRemoved() throws Exception {
    try (Customer customer = service().customer("made")) {
      String path = ACCOUNTS + "/" + customer.id();
      assertThat(customer.apiToken()).startsWith("la_api_");
      assertThat(customer.shippingToken()).startsWith("la_ship_");
      JsonNode made = json(service().admin("GET", path, null));
      assertThat(made.path("accountName").textValue()).isEqualTo("made");
      JsonNode list =
          json(service().admin("GET", ACCOUNTS + "?after=" + (customer.id() - 1), null));
      assertThat(list.get(0)).isEqualTo(made);

      Reply changed = service().admin("PUT", path, "{\"accountName\":\"R\\u00e4nder & <mehr>\"}");
      assertThat(json(changed).path("accountName").textValue()).isEqualTo("Ränder & <mehr>");
      assertThat(json(service().admin("GET", path, null))).isEqualTo(json(changed));

      customer.archive(customer.bucket());
      refused(service().admin("DELETE", path, null), 409, "ACCOUNT_IN_USE");
      assertThat(service().admin("DELETE", path + "?force=true", null).status()).isEqualTo(200);
      refused(service().admin("GET", path, null), 404, "NOT_FOUND");
      refused(service().admin("DELETE", path, null), 404, "NOT_FOUND");
      refused(customer.call("GET", SETTINGS, null), 401, "UNAUTHORIZED");
    }
  }

  @Test
  default void tokensAreMadeListedRotatedAndRevoked() throws Exception {
    try (Customer customer = service().customer("tokens")) {
      String path = ACCOUNTS + "/" + customer.id() + "/tokens";
      JsonNode first =
          json(service().admin("POST", path, "{\"name\":\"nightly\",\"scopes\":[\"restore\"]}"));
      String token = first.path("token").textValue();
      assertThat(service().call("GET", RESTORES, token, null).status()).isEqualTo(200);
      refused(
          service().admin("POST", path, "{\"name\":\"nightly\",\"scopes\":[\"search\"]}"),
          409,
          "TOKEN_NAME_IN_USE");
      assertThat(invalid(service().admin("POST", path, "{\"name\":\"x\",\"scopes\":[\"all\"]}")))
          .contains("scopes");

      String one = path + "/" + first.path("id").intValue();
      JsonNode second = json(service().admin("POST", one + "/rotate", "{\"overlapSeconds\":600}"));
      String next = second.path("token").textValue();
      assertThat(next).isNotEqualTo(token);
      assertThat(second.path("name").textValue()).isEqualTo("nightly");
      assertThat(service().call("GET", RESTORES, token, null).status()).isEqualTo(200);
      assertThat(service().call("GET", RESTORES, next, null).status()).isEqualTo(200);
      refused(service().admin("POST", one + "/rotate", null), 409, "TOKEN_ROTATED");

      JsonNode list = json(service().admin("GET", path, null));
      assertThat(list).hasSize(4);
      assertThat(list.toString()).doesNotContain(token, next);

      assertThat(service().admin("DELETE", one, null).status()).isEqualTo(200);
      refused(service().admin("DELETE", one, null), 404, "NOT_FOUND");
      refused(service().call("GET", RESTORES, token, null), 401, "UNAUTHORIZED");
      assertThat(service().call("GET", RESTORES, next, null).status()).isEqualTo(200);
    }
  }

  @Test
  default void aShippingTokenThatWasMadeShipsAndDoesNothingElse() throws Exception {
    try (Customer customer = service().archivingCustomer("shippers")) {
      String shipper = newToken(customer, "edge", "\"ingest\"");
      assertThat(shipper).startsWith("la_ship_");
      assertThat(service().logs("?token=" + shipper, Map.of(), bytes(logs(0, 1))).status())
          .isEqualTo(200);
      assertThat(service().call("GET", SETTINGS, shipper, null).status()).isEqualTo(403);
    }
  }

  @Test
  default void anAccountsOwnTokenGivesNoScopeThatItLacks() throws Exception {
    try (Customer customer = service().customer("own administration")) {
      String accounts = newToken(customer, "accounts", "\"accounts\",\"search\"");
      String path = ACCOUNTS + "/" + customer.id() + "/tokens";
      String asked = "{\"name\":\"more\",\"scopes\":[%s]}";
      assertThat(service().call("POST", path, accounts, asked.formatted("\"search\"")).status())
          .isEqualTo(200);
      assertThat(
              refused(
                  service().call("POST", path, accounts, asked.formatted("\"restore\"")),
                  403,
                  "FORBIDDEN"))
          .contains("\"restore\"");
      refused(
          service().call("DELETE", ACCOUNTS + "/" + customer.id(), accounts, null),
          401,
          "UNAUTHORIZED");
    }
  }

  @Test
  default void theAuditTellsWhoChangedWhat() throws Exception {
    try (Customer customer = service().customer("audited")) {
      int settings = customer.archive(customer.bucket());
      customer.call("DELETE", SETTINGS + "/" + settings, null);
      String path = AUDIT + "?accountId=" + customer.id();
      JsonNode page = json(service().admin("GET", path, null));
      assertThat(each(page.path("entries"), "action"))
          .startsWith("settings.delete", "settings.create")
          .contains("account.create");
      JsonNode newest = page.path("entries").get(0);
      assertThat(newest.path("by").path("kind").textValue()).isEqualTo("token");
      assertThat(newest.path("subjectId").intValue()).isEqualTo(settings);
      assertThat(newest.path("after").isNull()).isTrue();

      String accounts = newToken(customer, "accounts", "\"accounts\"");
      JsonNode own = json(service().call("GET", AUDIT, accounts, null));
      assertThat(each(own.path("entries"), "action"))
          .startsWith("token.create", "settings.delete", "settings.create");
      String before = own.path("entries").get(0).path("id").textValue();
      assertThat(json(service().call("GET", AUDIT + "?before=" + before, accounts, null)))
          .isEqualTo(page);
      assertThat(invalid(service().admin("GET", AUDIT, null))).contains("accountId");
      refused(service().admin("GET", AUDIT + "?accountId=1", null), 404, "NOT_FOUND");
    }
  }

  // Archive settings.

  @Test
  default void aStorageIsTestedBeforeItIsKept() throws Exception {
    try (Customer customer = service().customer("tested")) {
      Reply good = customer.call("POST", SETTINGS + "/test", customer.bucket());
      assertThat(good.status()).as(good.text()).isEqualTo(200);
      assertThat(each(json(good).path("checks"), "name"))
          .contains("PutObject", "ListBucket", "GetObject", "OwnershipProof");

      String wrong = service().inBucket("wrong", "no-such-secret-" + customer.id());
      Reply tested = customer.call("POST", SETTINGS + "/test", wrong);
      assertThat(tested.status()).as(tested.text()).isEqualTo(422);
      assertThat(tested.json().path("ok").booleanValue()).isFalse();
      JsonNode check = tested.json().path("checks").get(0);
      assertThat(check.path("ok").booleanValue()).isFalse();
      assertThat(check.path("remedy").textValue()).isNotBlank();
      Reply refused = customer.call("POST", SETTINGS, wrong);
      refused(refused, 422, "STORAGE_REFUSED");
      assertThat(each(refused.json().path("checks"), "name"))
          .isEqualTo(each(tested.json().path("checks"), "name"));
      assertThat(customer.call("GET", SETTINGS, null).text()).isEqualTo("[]");
    }
  }

  @Test
  default void aContainerIsTestedBeforeItIsKept() throws Exception {
    assumeTrue(service().opensContainers(), "This service opens no container");
    try (Customer customer = service().customer("tested container")) {
      Reply good = customer.call("POST", SETTINGS + "/test", customer.container());
      assertThat(good.status()).as(good.text()).isEqualTo(200);
      assertThat(each(json(good).path("checks"), "name"))
          .contains("Token", "PutBlob", "ListBlobs", "GetBlob", "OwnershipProof");

      String wrong =
          customer
              .container()
              .replaceFirst("\"clientSecret\":\"[^\"]*\"", "\"clientSecret\":\"wrong\"");
      Reply refused = customer.call("POST", SETTINGS, wrong);
      refused(refused, 422, "STORAGE_REFUSED");
      JsonNode token = refused.json().path("checks").get(0);
      assertThat(token.path("name").textValue()).isEqualTo("Token");
      assertThat(token.path("error").textValue()).contains("AADSTS7000215");
      assertThat(customer.call("GET", SETTINGS, null).text()).isEqualTo("[]");
    }
  }

  @Test
  default void anAccountHasOneArchiveAndAPlaceOneAccount() throws Exception {
    try (Customer customer = service().archivingCustomer("first");
        Customer other = service().customer("second")) {
      refused(customer.call("POST", SETTINGS, customer.bucket()), 409, "SETTINGS_EXIST");
      refused(other.call("POST", SETTINGS, customer.bucket()), 409, "BUCKET_TAKEN");
      assertThat(other.call("GET", SETTINGS, null).text()).isEqualTo("[]");
    }
  }

  @Test
  default void anArchiveThatMovesIsRestoredFromBothOfItsPlaces() throws Exception {
    assumeTrue(service().opensContainers(), "This service opens no container");
    try (Customer customer = service().customer("moving")) {
      int id = customer.archive(customer.bucket());
      assertThat(customer.ship(logs(0, 2)).status()).isEqualTo(200);
      Reply moved = customer.call("PUT", SETTINGS + "/" + id, customer.container());
      JsonNode settings = json(moved).path("settings");
      assertThat(settings.path("storageType").textValue()).isEqualTo("BLOB");
      assertThat(settings.path("amazonS3StorageSettings").isNull()).isTrue();
      assertThat(settings.path("azureBlobStorageSettings").path("clientSecret").isNull()).isTrue();
      assertThat(settings.path("earlierLocations")).hasSize(1);
      assertThat(customer.ship(logs(2, 3)).status()).isEqualTo(200);
      assertThat(found(customer, restored(customer, "of both"))).isEqualTo(5);

      Reply back = customer.call("PUT", SETTINGS + "/" + id, customer.bucket());
      assertThat(json(back).path("settings").path("storageType").textValue()).isEqualTo("S3");
      assertThat(customer.ship(logs(5, 1)).status()).isEqualTo(200);
      assertThat(found(customer, restored(customer, "of both again"))).isEqualTo(6);
    }
  }

  @Test
  default void thePoliciesOfARoleAreGivenOrTheReasonWhyThereAreNone() throws Exception {
    try (Customer customer = service().customer("role")) {
      String path = SETTINGS + "/aws-trust?bucket=my-logs";
      Reply reply = customer.call("GET", path, null);
      if (reply.status() != 200) {
        assertThat(refused(reply, 422, "NO_AWS_IDENTITY")).contains("access key");
      }
      assertThat(invalid(customer.call("GET", SETTINGS + "/aws-trust?bucket=My_Logs", null)))
          .contains("bucket");
    }
  }

  // Restores and searches.

  @Test
  default void aRestoreIsStartedFollowedFoundAndRemoved() throws Exception {
    try (Customer customer = service().archivingCustomer("restores")) {
      customer.ship(logs(0, 10));
      JsonNode started = json(customer.call("POST", RESTORES, restore("whole")));
      assertThat(started.path("status").textValue()).isEqualTo("IN_PROGRESS");
      refused(customer.call("POST", RESTORES, restore("whole")), 409, "NAME_IN_USE");
      int id = ended(customer, started.path("id").intValue(), "ACTIVE");
      assertThat(found(customer, id)).isEqualTo(10);
      int later = restored(customer, "later");

      JsonNode list = json(customer.call("GET", RESTORES, null));
      assertThat(each(list, "accountName")).containsExactly("later", "whole");
      JsonNode page = json(customer.call("GET", RESTORES + "?before=" + later, null));
      assertThat(each(page, "accountName")).containsExactly("whole");

      for (int i = 0; i < 2; i++) {
        JsonNode removed = json(customer.call("DELETE", RESTORES + "/" + id, null));
        assertThat(removed.path("status").textValue()).isEqualTo("DELETED");
      }
      refused(customer.call("POST", SEARCH, "{\"accountIds\":[" + id + "]}"), 404, "NOT_FOUND");
      assertThat(found(customer, later)).isEqualTo(10);
    }
  }

  @Test
  default void aRestoreThatIsUnderWayIsAborted() throws Exception {
    try (Customer customer = service().archivingCustomer("aborts")) {
      customer.ship(logs(0, 10));
      // One may be over before it is told to stop.
      String status = "";
      for (int i = 0; i < TRIES && !status.equals("ABORTED"); i++) {
        int id = started(customer, "try " + i);
        status = json(customer.call("DELETE", RESTORES + "/" + id, null)).path("status").asText();
        assertThat(json(customer.call("GET", RESTORES + "/" + id, null)).path("status").asText())
            .isEqualTo(status);
        refused(customer.call("POST", SEARCH, "{\"accountIds\":[" + id + "]}"), 404, "NOT_FOUND");
      }
      assertThat(status).isEqualTo("ABORTED");
    }
  }

  @Test
  default void theSameIdempotencyKeyStartsOneRestore() throws Exception {
    try (Customer customer = service().archivingCustomer("once")) {
      Map<String, String> headers =
          Map.of("X-API-TOKEN", customer.apiToken(), "Idempotency-Key", "the outage");
      List<Integer> ids = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        Reply reply = service().callWith("POST", RESTORES, headers, bytes(restore("once")));
        ids.add(json(reply).path("id").intValue());
      }
      assertThat(Set.copyOf(ids)).hasSize(1);
      refused(
          service().callWith("POST", RESTORES, headers, bytes(restore("another"))),
          409,
          "IDEMPOTENCY_KEY_REUSED");
      assertThat(json(customer.call("GET", RESTORES, null))).hasSize(1);
    }
  }

  @Test
  default void aRestoreThatCannotBeStartedSaysWhy() throws Exception {
    try (Customer customer = service().customer("not started")) {
      refused(customer.call("POST", RESTORES, restore("no archive")), 409, "NO_ARCHIVE");
      customer.archive(customer.bucket());
      long start = START.getEpochSecond();
      String tooLong =
          restore("too long")
              .replace(Long.toString(start + 3_600), Long.toString(start + 86_400 + 1));
      assertThat(invalid(customer.call("POST", RESTORES, tooLong))).contains("86400 s");
      for (int i = 0; i < 5; i++) {
        started(customer, "slot " + i);
      }
      assertThat(refused(customer.call("POST", RESTORES, restore("sixth")), 409, "NO_FREE_SLOT"))
          .contains("slot 0", "slot 4");
    }
  }

  @Test
  default void aSearchFindsSortsCountsAndGoesOn() throws Exception {
    try (Customer customer = service().archivingCustomer("searches")) {
      customer.ship(logs(0, 9));
      int id = restored(customer, "searched");
      assertThat(found(customer, id, "{\"term\":{\"level\":\"ERROR\"}}")).isEqualTo(3);
      String words = "{\"simple_query_string\":{\"query\":\"\\\"log 7\\\"\"}}";
      assertThat(found(customer, id, words)).isEqualTo(1);

      String sorted = "{\"size\":%d,\"sort\":[{\"@timestamp\":\"asc\"}]%s}";
      JsonNode first = json(customer.call("POST", SEARCH, sorted.formatted(4, "")));
      JsonNode hits = first.path("hits").path("hits");
      assertThat(hits).hasSize(4);
      assertThat(hits.get(0).path("_index").textValue()).isEqualTo("searched");
      assertThat(hits.get(0).path("_accountId").intValue()).isEqualTo(id);
      assertThat(hits.get(0).path("_source").path("message").textValue())
          .isEqualTo("log 0 of a test");
      String after = ",\"search_after\":" + hits.get(3).path("sort");
      JsonNode next = json(customer.call("POST", SEARCH, sorted.formatted(100, after)));
      assertThat(next.path("hits").path("hits")).hasSize(5);

      JsonNode counted =
          json(
              customer.call(
                  "POST",
                  SEARCH,
                  "{\"size\":0,\"aggs\":{\"levels\":{\"terms\":{\"field\":\"level\"}}}}"));
      JsonNode buckets = counted.path("aggregations").path("levels").path("buckets");
      assertThat(each(buckets, "key")).containsExactly("INFO", "ERROR");
      assertThat(buckets.get(0).path("doc_count").intValue()).isEqualTo(6);
    }
  }

  @Test
  default void whatASearchMayNotHoldIsNamed() throws Exception {
    try (Customer customer = service().customer("refused searches")) {
      Map<String, String> refused =
          Map.of(
              "{\"query\":{\"script\":{}}}", "query.script is not allowed",
              "{\"script_fields\":{}}", "script_fields",
              "{\"query\":{\"bool\":{\"must\":[{\"has_child\":{}}]}}}", "has_child",
              "{\"aggs\":{\"a\":{\"scripted_metric\":{}}}}", "scripted_metric",
              "{\"from\":9999,\"size\":2}", "10000");
      for (Map.Entry<String, String> search : refused.entrySet()) {
        Reply reply = customer.call("POST", SEARCH, search.getKey());
        assertThat(reply.status()).as(search.getKey()).isEqualTo(400);
        assertThat(reply.json().path("message").textValue().replace(",", ""))
            .contains(search.getValue());
      }
    }
  }

  // What they share.

  private static String logs(int from, int count) {
    return String.join(
        "\n",
        IntStream.range(from, from + count)
            .mapToObj(
                i ->
                    "{\"@timestamp\":\"%s\",\"type\":\"tried\",\"level\":\"%s\",\"message\":\"log %d of a test\"}"
                        .formatted(START.plusSeconds(i), i % 3 == 1 ? "ERROR" : "INFO", i))
            .toList());
  }

  private static String token(Customer customer) {
    return "?token=" + customer.shippingToken();
  }

  private Reply octets(Customer customer, byte[] gzip) throws Exception {
    return service().octets(token(customer), Map.of("Content-Encoding", "gzip"), gzip);
  }

  private static String restore(String name) {
    long start = START.getEpochSecond();
    return "{\"accountName\":\"%s\",\"startTime\":%d,\"endTime\":%d}"
        .formatted(name, start, start + 3_600);
  }

  private static int started(Customer customer, String name) throws Exception {
    return json(customer.call("POST", RESTORES, restore(name))).path("id").intValue();
  }

  private static int restored(Customer customer, String name) throws Exception {
    return ended(customer, started(customer, name), "ACTIVE");
  }

  private static int ended(Customer customer, int id, String expected) throws Exception {
    Instant giveUp = Instant.now().plus(PATIENCE);
    JsonNode operation = json(customer.call("GET", RESTORES + "/" + id, null));
    while (operation.path("status").asText().equals("IN_PROGRESS")
        && Instant.now().isBefore(giveUp)) {
      Thread.sleep(100);
      operation = json(customer.call("GET", RESTORES + "/" + id, null));
    }
    assertThat(operation.path("status").asText()).as(operation.toString()).isEqualTo(expected);
    return id;
  }

  private static long found(Customer customer, int id) throws Exception {
    return found(customer, id, "{\"match_all\":{}}");
  }

  private static long found(Customer customer, int id, String query) throws Exception {
    String body =
        "{\"accountIds\":[%d],\"size\":0,\"track_total_hits\":true,\"query\":%s}"
            .formatted(id, query);
    return json(customer.call("POST", SEARCH, body))
        .path("hits")
        .path("total")
        .path("value")
        .asLong();
  }

  private static JsonNode settings(Customer customer, int id) throws Exception {
    return json(customer.call("GET", SETTINGS + "/" + id, null)).path("settings");
  }

  private String newToken(Customer customer, String name, String scopes) throws Exception {
    String path = ACCOUNTS + "/" + customer.id() + "/tokens";
    String body = "{\"name\":\"%s\",\"scopes\":[%s]}".formatted(name, scopes);
    return json(service().admin("POST", path, body)).path("token").textValue();
  }

  private static JsonNode json(Reply reply) throws Exception {
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    return reply.json();
  }

  private static List<String> each(JsonNode list, String member) {
    return StreamSupport.stream(list.spliterator(), false)
        .map(one -> one.path(member).asText())
        .toList();
  }

  /** What an error says. */
  private static String refused(Reply reply, int status, String errorCode) throws Exception {
    assertThat(reply.status()).as(reply.text()).isEqualTo(status);
    assertThat(reply.json().path("errorCode").asText()).isEqualTo("archive/" + errorCode);
    assertThat(reply.json().path("requestId").asText()).isNotBlank();
    return reply.json().path("message").asText();
  }

  private static String invalid(Reply reply) throws Exception {
    return refused(reply, 400, "INVALID_REQUEST");
  }

  private static void lacks(String scope, Reply reply) throws Exception {
    assertThat(refused(reply, 403, "FORBIDDEN"))
        .isEqualTo("The token lacks the scope \"" + scope + "\"");
  }

  private static long seconds(Reply reply) {
    return reply.header("Retry-After").map(Long::parseLong).orElse(0L);
  }
}
