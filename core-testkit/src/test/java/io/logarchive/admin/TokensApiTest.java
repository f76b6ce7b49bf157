package io.logarchive.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.logarchive.account.AccountTokens;
import io.logarchive.account.Token;
import io.logarchive.account.TokenRecord;
import io.logarchive.audit.AuditEntry;
import io.logarchive.fault.ServiceException;
import io.logarchive.http.ApiResponse;
import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import io.logarchive.testkit.AccountStoreDecorator;
import io.logarchive.testkit.InMemoryDeployment;
import io.logarchive.testkit.InMemoryDeployment.Customer;
import io.logarchive.testkit.InMemoryDeployment.Options;
import io.logarchive.testkit.Together;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokensApiTest {
  private static final long NOW = InMemoryDeployment.NOW.getEpochSecond();
  private static final String SEARCHER = "{\"name\":\"searcher\",\"scopes\":[\"search\"]}";

  private final InMemoryDeployment deployment = new InMemoryDeployment();
  private final Customer customer = deployment.customer("shop");

  @Test
  void anAccountStartsWithATokenForTheApiAndOneForItsShippers() {
    List<JsonObject> tokens = list();
    assertThat(tokens)
        .extracting(TokensApiTest::withoutId)
        .containsExactly(
            "{\"name\":\"api\",\"kind\":\"api\",\"scopes\":[\"settings\",\"restore\",\"search\"],"
                + "\"createdAt\":%d.000000000,\"expiresAt\":null,\"replacedBy\":null}"
                    .formatted(NOW),
            "{\"name\":\"shipping\",\"kind\":\"shipping\",\"scopes\":[\"ingest\"],"
                + "\"createdAt\":%d.000000000,\"expiresAt\":null,\"replacedBy\":null}"
                    .formatted(NOW));
    assertThat(tokens).extracting(TokensApiTest::id).doesNotHaveDuplicates().allMatch(id -> id > 0);
  }

  @Test
  void aTokenIsShownWhenItIsMadeAndNeverAgain() {
    JsonObject made = made(SEARCHER);
    String token = InMemoryDeployment.text(made, "token");
    assertThat(token).startsWith("la_api_");
    assertThat(list()).contains(without("token", made));
    String listed = tokens("GET", "", admin(), "").bodyText();
    assertThat(listed).doesNotContain(token, new Token(token).hash(), "hash", "la_");
    assertThat(search(token)).isNotEqualTo(401);
    assertThat(settings(token)).isEqualTo(403);
  }

  @Test
  void onlyIngestMakesAShippingToken() {
    JsonObject made = made("{\"name\":\"fluent bit\",\"scopes\":[\"ingest\",\"ingest\"]}");
    assertThat(InMemoryDeployment.text(made, "kind")).isEqualTo("shipping");
    String token = InMemoryDeployment.text(made, "token");
    assertThat(token).startsWith("la_ship_");
    assertThat(send(token)).isEqualTo(503);
    assertThat(search(token)).isEqualTo(403);
  }

  @Test
  void anApiTokenSendsNoLogsWhateverItsScopes() {
    String token = deployment.token(customer, "accounts", "ingest");
    assertThat(token).startsWith("la_api_");
    assertThat(send(token)).isEqualTo(401);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | name",
        "{\"scopes\":[\"search\"]} | name",
        "{\"name\":\" \",\"scopes\":[\"search\"]} | name",
        "{\"name\":7,\"scopes\":[\"search\"]} | name",
        "{\"name\":\"n\"} | scopes",
        "{\"name\":\"n\",\"scopes\":[]} | scopes",
        "{\"name\":\"n\",\"scopes\":\"search\"} | scopes",
        "{\"name\":\"n\",\"scopes\":[\"SEARCH\"]} | settings, restore, search, ingest, accounts",
        "{\"name\":\"n\",\"scopes\":[\"admin\"]} | scopes",
        "{\"name\":\"n\",\"scopes\":[null]} | scopes",
        "{\"name\":\"n\",\"scopes\":[\"search\",\"ingest\"]} | one for the shipper",
        "{\"name\":\"n\",\"scopes\":[\"search\"],\"expiresInDays\":0} | expiresInDays",
        "{\"name\":\"n\",\"scopes\":[\"search\"],\"expiresInDays\":3651} | expiresInDays",
        "{\"name\":\"n\",\"scopes\":[\"search\"],\"expiresInDays\":1.5} | expiresInDays",
        "{\"name\":\"n\",\"scopes\":[\"search\"],\"expiresAt\":1} | expiresAt",
        "{\"name\":\"n\",\"scopes\":[\"search\"],\"expiresAt\":99999999999} | expiresAt",
        "{\"name\":\"n\",\"scopes\":[\"search\"],\"expiresAt\":-1} | expiresAt",
        "{\"name\":\"n\",\"scopes\":[\"search\"],\"expiresAt\":\"soon\"} | expiresAt",
        "{\"name\":\"n\",\"scopes\":[\"search\"],\"expiresAt\":1800000000,\"expiresInDays\":1}"
            + " | expiresInDays",
      })
  void aBadRequestNamesTheFieldAndMakesNothing(String body, String named) {
    List<JsonObject> before = list();
    ApiResponse refused = tokens("POST", "", admin(), body);
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.bodyText()).contains(named);
    assertThat(list()).isEqualTo(before);
  }

  @Test
  void aNameHasAtMost100Characters() {
    String name = "n".repeat(100);
    assertThat(InMemoryDeployment.text(made(named(name)), "name")).isEqualTo(name);
    assertThat(tokens("POST", "", admin(), named(name + "n")).status()).isEqualTo(400);
  }

  @Test
  void anExpiredTokenIsRefusedAndStaysListed() {
    for (String expiry :
        List.of(
            "\"expiresInDays\":1",
            "\"expiresAt\":" + (NOW + 86_400),
            "\"expiresAt\":" + (NOW + 86_400) + "000.0")) {
      InMemoryDeployment fresh = new InMemoryDeployment();
      Customer owner = fresh.customer("owner");
      String path = path(owner) + "/tokens";
      JsonObject made =
          InMemoryDeployment.object(
              fresh.accounts(
                  "POST",
                  path,
                  fresh.adminToken(),
                  "{\"name\":\"short\",\"scopes\":[\"settings\"]," + expiry + "}"));
      String token = InMemoryDeployment.text(made, "token");
      fresh.clock.advance(Duration.ofDays(1).minusNanos(1));
      assertThat(fresh.settings("GET", "/v2/archive/settings", token, "").status()).isEqualTo(200);
      fresh.clock.advance(Duration.ofNanos(1));
      assertThat(fresh.settings("GET", "/v2/archive/settings", token, "").status()).isEqualTo(401);
      assertThat(fresh.accounts("GET", path, fresh.adminToken(), "").bodyText())
          .contains("\"short\"", "\"expiresAt\":" + (NOW + 86_400) + ".000000000");
    }
  }

  @Test
  void namesAreUniqueInAnAccountAndFreeOnceTheTokenIsRevoked() {
    int id = id(made(SEARCHER));
    for (String taken : List.of(SEARCHER, named("api"), named(" shipping "))) {
      ApiResponse refused = tokens("POST", "", admin(), taken);
      assertThat(refused.status()).isEqualTo(409);
      assertThat(refused.bodyText()).contains("archive/TOKEN_NAME_IN_USE");
    }
    Customer other = deployment.customer("other");
    assertThat(deployment.accounts("POST", path(other) + "/tokens", admin(), SEARCHER).status())
        .isEqualTo(200);
    assertThat(tokens("DELETE", "/" + id, admin(), "").status()).isEqualTo(200);
    assertThat(id(made(SEARCHER))).isNotEqualTo(id);
  }

  @Test
  void anAccountHasAtMost50Tokens() {
    IntStream.range(0, 48).forEach(i -> made(named("n" + i)));
    ApiResponse refused = tokens("POST", "", admin(), named("one more"));
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.bodyText()).contains("archive/TOO_MANY_TOKENS", "50", "remove");
    int id = id(list().getLast());
    ApiResponse rotated = tokens("POST", "/" + id + "/rotate", admin(), "");
    assertThat(rotated.status()).isEqualTo(409);
    assertThat(rotated.bodyText()).contains("archive/TOO_MANY_TOKENS");
    assertThat(tokens("POST", "/" + id + "/rotate", admin(), "{\"overlapSeconds\":0}").status())
        .isEqualTo(200);
    assertThat(list()).hasSize(50);
    assertThat(tokens("DELETE", "/" + id(list().getFirst()), admin(), "").status()).isEqualTo(200);
    made(named("one more"));
    assertThat(tokens("GET", "", admin(), "").body().length).isLessThan(50_000);
  }

  @Test
  void of50WhoMakeATokenOfOneNameExactlyOneDoes() {
    List<ApiResponse> replies = Together.run(50, i -> tokens("POST", "", admin(), SEARCHER));
    assertThat(replies)
        .extracting(ApiResponse::status)
        .containsOnly(200, 409)
        .containsOnlyOnce(200);
    assertThat(list()).hasSize(3);
    ApiResponse winner =
        replies.stream().filter(reply -> reply.status() == 200).findFirst().orElseThrow();
    assertThat(search(InMemoryDeployment.text(Json.object(winner.body()), "token")))
        .isNotEqualTo(401);
  }

  @Test
  void of50WhoRotateATokenExactlyOneDoes() {
    int id = id(made(SEARCHER));
    List<ApiResponse> replies =
        Together.run(50, i -> tokens("POST", "/" + id + "/rotate", admin(), ""));
    assertThat(replies)
        .extracting(ApiResponse::status)
        .containsOnly(200, 409)
        .containsOnlyOnce(200);
    assertThat(list()).hasSize(4);
  }

  @Test
  void aRevokedApiTokenStopsAtOnce() {
    JsonObject made = made(SEARCHER);
    String token = InMemoryDeployment.text(made, "token");
    assertThat(search(token)).isNotEqualTo(401);
    assertThat(tokens("DELETE", "/" + id(made), admin(), "").status()).isEqualTo(200);
    assertThat(search(token)).isEqualTo(401);
    assertThat(tokens("DELETE", "/" + id(made), admin(), "").status()).isEqualTo(404);
    assertThat(list()).hasSize(2);
  }

  @Test
  void aRevokedShippingTokenStopsWithin60Seconds() {
    assertThat(send(customer.shippingToken())).isEqualTo(503);
    int id = id(list().get(1));
    assertThat(tokens("DELETE", "/" + id, admin(), "").status()).isEqualTo(200);
    deployment.clock.advance(Duration.ofSeconds(60).minusNanos(1));
    assertThat(send(customer.shippingToken())).isEqualTo(503);
    deployment.clock.advance(Duration.ofNanos(1));
    assertThat(send(customer.shippingToken())).isEqualTo(401);
  }

  @Test
  void aTokenThatIsRevokedInUseIsNeverTakenAfterwards() {
    JsonObject made = made("{\"name\":\"busy\",\"scopes\":[\"settings\"]}");
    String token = InMemoryDeployment.text(made, "token");
    List<Boolean> kept =
        Together.run(
            9,
            i -> {
              if (i == 0) {
                assertThat(tokens("DELETE", "/" + id(made), admin(), "").status()).isEqualTo(200);
                return settings(token) == 401;
              }
              boolean refused = false;
              for (int call = 0; call < 200; call++) {
                int status = settings(token);
                if (status != 401 && (refused || status != 200)) {
                  return false;
                }
                refused = status == 401;
              }
              return true;
            });
    assertThat(kept).containsOnly(true);
    assertThat(settings(token)).isEqualTo(401);
  }

  /** Or else whoever stole a token could keep what it opens. */
  @Test
  void aTokenThatIsRevokedWhileItMakesAnotherMakesNone() {
    AtomicReference<Runnable> beforeWrite = new AtomicReference<>(() -> {});
    InMemoryDeployment raced =
        new InMemoryDeployment(
            new Options()
                .accountStore(
                    store ->
                        new AccountStoreDecorator(store) {
                          @Override
                          public boolean changeTokens(
                              AccountTokens before, AccountTokens after, AuditEntry entry) {
                            beforeWrite.getAndSet(() -> {}).run();
                            return super.changeTokens(before, after, entry);
                          }
                        }));
    Customer owner = raced.customer("owner");
    String stolen = raced.token(owner, "accounts", "search");
    String path = path(owner) + "/tokens";
    AccountTokens before = raced.accountStore.tokens(owner.id()).orElseThrow();
    int id = before.tokens().getLast().id();
    int api = before.tokens().getFirst().id();
    for (String call : List.of("POST ", "POST /" + id + "/rotate", "DELETE /" + api)) {
      beforeWrite.set(
          () ->
              assertThat(raced.accounts("DELETE", path + "/" + id, raced.adminToken(), "").status())
                  .isIn(200, 404));
      String[] parts = call.split(" ", 2);
      assertThat(raced.accounts(parts[0], path + parts[1], stolen, SEARCHER).status())
          .isEqualTo(401);
    }
    assertThat(raced.accountStore.tokens(owner.id()).orElseThrow().tokens())
        .extracting(TokenRecord::name)
        .containsExactly("api", "shipping");
  }

  @Test
  void bothTokensWorkUntilTheOverlapOfARotationIsOver() {
    JsonObject old = made("{\"name\":\"ci\",\"scopes\":[\"settings\",\"restore\"]}");
    deployment.clock.advance(Duration.ofDays(2));
    JsonObject rotated = rotated(id(old), "{\"overlapSeconds\":120}");
    String first = InMemoryDeployment.text(old, "token");
    String second = InMemoryDeployment.text(rotated, "token");
    assertThat(second).startsWith("la_api_").isNotEqualTo(first);
    assertThat(InMemoryDeployment.text(rotated, "name")).isEqualTo("ci");
    assertThat(rotated.member("scopes")).isEqualTo(old.member("scopes"));
    JsonObject replaced = (JsonObject) rotated.member("replaced").orElseThrow();
    assertThat(id(replaced)).isEqualTo(id(old));
    assertThat(InMemoryDeployment.number(replaced, "replacedBy")).isEqualTo(id(rotated));
    assertThat(Json.text(replaced))
        .contains("\"expiresAt\":" + (NOW + 2 * 86_400 + 120) + ".000000000");
    assertThat(list()).contains(replaced).hasSize(4);

    deployment.clock.advance(Duration.ofMinutes(2).minusNanos(1));
    assertThat(settings(first)).isEqualTo(200);
    assertThat(settings(second)).isEqualTo(200);
    deployment.clock.advance(Duration.ofNanos(1));
    assertThat(settings(first)).isEqualTo(401);
    assertThat(settings(second)).isEqualTo(200);
    assertThat(list()).doesNotContain(replaced).hasSize(3);
    made(SEARCHER);
    assertThat(deployment.accountStore.findToken(new Token(first).hash())).isEmpty();
  }

  @Test
  void aShippingTokenIsRotatedWithoutALostRequest() {
    int id = id(list().get(1));
    JsonObject rotated = rotated(id, "");
    String next = InMemoryDeployment.text(rotated, "token");
    assertThat(next).startsWith("la_ship_");
    deployment.clock.advance(Duration.ofHours(1).minusNanos(1));
    assertThat(send(customer.shippingToken())).isEqualTo(503);
    assertThat(send(next)).isEqualTo(503);
    deployment.clock.advance(Duration.ofNanos(1));
    assertThat(send(customer.shippingToken())).isEqualTo(401);
    assertThat(send(next)).isEqualTo(503);
  }

  @Test
  void aNewTokenLivesAsLongAsTheOldOneWasToUnlessSaidOtherwise() {
    JsonObject old = made("{\"name\":\"ci\",\"scopes\":[\"settings\"],\"expiresInDays\":10}");
    deployment.clock.advance(Duration.ofDays(9));
    JsonObject next = rotated(id(old), "{\"overlapSeconds\":604800}");
    assertThat(Json.text(next))
        .contains("\"expiresAt\":" + (NOW + 19 * 86_400) + ".000000000")
        // An overlap makes no token last longer than it was to.
        .contains("\"expiresAt\":" + (NOW + 10 * 86_400) + ".000000000");
    JsonObject last = rotated(id(next), "{\"expiresInDays\":1,\"overlapSeconds\":0}");
    assertThat(Json.text(last)).contains("\"expiresAt\":" + (NOW + 10 * 86_400) + ".000000000");
    assertThat(settings(InMemoryDeployment.text(next, "token"))).isEqualTo(401);
    deployment.clock.advance(Duration.ofDays(30));
    assertThat(InMemoryDeployment.text(rotated(id(last), ""), "name")).isEqualTo("ci");
  }

  @Test
  void aTokenIsRotatedOnceAndItsSuccessorAgain() {
    int first = id(made(SEARCHER));
    int second = id(rotated(first, ""));
    ApiResponse refused = tokens("POST", "/" + first + "/rotate", admin(), "");
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.bodyText()).contains("archive/TOKEN_ROTATED", String.valueOf(second));
    int third = id(rotated(second, ""));
    assertThat(tokens("DELETE", "/" + first, admin(), "").status()).isEqualTo(200);
    assertThat(tokens("POST", "", admin(), SEARCHER).status()).isEqualTo(409);
    assertThat(list()).extracting(TokensApiTest::id).contains(second, third).doesNotContain(first);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"overlapSeconds\":-1} | overlapSeconds",
        "{\"overlapSeconds\":604801} | overlapSeconds",
        "{\"overlapSeconds\":\"1\"} | overlapSeconds",
        "{\"expiresInDays\":0} | expiresInDays",
        "[] | object",
      })
  void aBadRotationNamesTheFieldAndChangesNothing(String body, String named) {
    List<JsonObject> before = list();
    ApiResponse refused = tokens("POST", "/" + id(before.getFirst()) + "/rotate", admin(), body);
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.bodyText()).contains(named);
    assertThat(list()).isEqualTo(before);
  }

  @Test
  void anAccountsOwnTokenAdministersItsTokens() {
    String own = deployment.token(customer, "accounts", "search", "ingest");
    int made = id(InMemoryDeployment.object(tokens("POST", "", own, SEARCHER)));
    assertThat(tokens("GET", "", own, "").bodyText())
        .isEqualTo(tokens("GET", "", admin(), "").bodyText());
    assertThat(tokens("POST", "/" + made + "/rotate", own, "").status()).isEqualTo(200);
    assertThat(tokens("DELETE", "/" + made, own, "").status()).isEqualTo(200);
    assertThat(tokens("POST", "/" + id(list().get(1)) + "/rotate", own, "").status())
        .isEqualTo(200);
  }

  @Test
  void aTokenGivesNoScopeThatItLacks() {
    String own = deployment.token(customer, "accounts", "search");
    List<JsonObject> before = list();
    for (String scope : List.of("settings", "restore", "ingest")) {
      ApiResponse refused =
          tokens("POST", "", own, "{\"name\":\"n\",\"scopes\":[\"" + scope + "\"]}");
      assertThat(refused.status()).isEqualTo(403);
      assertThat(refused.bodyText()).contains("archive/FORBIDDEN", scope);
    }
    for (JsonObject token : before.subList(0, 2)) {
      ApiResponse refused = tokens("POST", "/" + id(token) + "/rotate", own, "");
      assertThat(refused.status()).isEqualTo(403);
    }
    assertThat(list()).isEqualTo(before);
    made(
        "{\"name\":\"all\",\"scopes\":[\"settings\",\"restore\",\"search\",\"ingest\",\"accounts\"]}");
  }

  @Test
  void whoLacksTheScopeIsRefusedAndTold() {
    for (String call : List.of("GET ", "POST ", "DELETE /1", "POST /1/rotate")) {
      String[] parts = call.split(" ", 2);
      for (String token : List.of(customer.apiToken(), customer.shippingToken())) {
        ApiResponse refused = tokens(parts[0], parts[1], token, SEARCHER);
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.bodyText()).contains("accounts");
      }
      for (String token : List.of("", "wrong")) {
        assertThat(tokens(parts[0], parts[1], token, SEARCHER).status()).isEqualTo(401);
      }
    }
  }

  @Test
  void aForeignAccountIsAnsweredLikeAnAbsentOne() {
    Customer other = deployment.customer("other");
    List<TokenRecord> others = deployment.accountStore.tokens(other.id()).orElseThrow().tokens();
    int foreign = others.getFirst().id();
    String own = deployment.token(customer, "accounts", "settings", "restore", "search", "ingest");
    for (String call :
        List.of("GET ", "POST ", "DELETE /" + foreign, "POST /" + foreign + "/rotate")) {
      String[] parts = call.split(" ", 2);
      String[] replies = new String[4];
      List<String> ids = List.of(String.valueOf(other.id()), "1234567", "x", "99999999999");
      for (int i = 0; i < ids.size(); i++) {
        ApiResponse reply =
            deployment.accounts(
                parts[0],
                "/v1/account-management/time-based-accounts/" + ids.get(i) + "/tokens" + parts[1],
                own,
                SEARCHER);
        assertThat(reply.status()).isEqualTo(404);
        replies[i] = reply.headers() + reply.bodyText().replaceAll("request-\\d+", "");
      }
      assertThat(List.of(replies)).containsOnly(replies[0]);
    }
    assertThat(deployment.accountStore.tokens(other.id()).orElseThrow().tokens()).isEqualTo(others);
  }

  @Test
  void aForeignTokenIsAnsweredLikeAnAbsentOne() {
    Customer other = deployment.customer("other");
    int foreign = deployment.accountStore.tokens(other.id()).orElseThrow().tokens().getFirst().id();
    String own = deployment.token(customer, "accounts", "settings", "restore", "search", "ingest");
    for (String caller : List.of(own, admin())) {
      for (String call : List.of("DELETE ", "POST /rotate")) {
        String[] parts = call.split(" ", 2);
        List<String> replies =
            List.of(String.valueOf(foreign), "1234567", "x").stream()
                .map(id -> tokens(parts[0], "/" + id + parts[1], caller, "{}"))
                .map(reply -> reply.status() + reply.bodyText().replaceAll("request-\\d+", ""))
                .toList();
        assertThat(replies).containsOnly(replies.getFirst());
        assertThat(replies.getFirst()).startsWith("404").contains("A token with this id");
      }
    }
    assertThat(settings(other.apiToken())).isEqualTo(200);
  }

  @Test
  void aStoreThatFailsIsNeverABadToken() {
    AtomicReference<Boolean> fails = new AtomicReference<>(false);
    InMemoryDeployment failing =
        new InMemoryDeployment(
            new Options()
                .accountStore(
                    store ->
                        new AccountStoreDecorator(store) {
                          @Override
                          public Optional<TokenRecord> findToken(String hash) {
                            if (fails.get()) {
                              throw new ServiceException.Unavailable(
                                  "GetItem", "Throttled", null, null);
                            }
                            return super.findToken(hash);
                          }
                        }));
    Customer owner = failing.customer("owner");
    fails.set(true);
    for (String token : List.of(owner.apiToken(), "unknown")) {
      for (ApiResponse reply :
          List.of(
              failing.settings("GET", "/v2/archive/settings", token, ""),
              failing.restores("GET", "/archive/restore", token, ""),
              failing.search(token, "{}"),
              failing.accounts("GET", path(owner), token, ""),
              failing.accounts("GET", path(owner) + "/tokens", token, ""),
              failing.send(owner, "{}"))) {
        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.headers()).containsKey("Retry-After");
      }
    }
    assertThat(failing.accounts("GET", path(owner), failing.adminToken(), "").status())
        .isEqualTo(200);
    fails.set(false);
    assertThat(failing.search(owner.apiToken(), "{}").status()).isNotIn(401, 503);
    assertThat(failing.send(owner, "{}").bodyText()).doesNotContain("token");
  }

  private JsonObject made(String body) {
    return InMemoryDeployment.object(tokens("POST", "", admin(), body));
  }

  private JsonObject rotated(int tokenId, String body) {
    return InMemoryDeployment.object(tokens("POST", "/" + tokenId + "/rotate", admin(), body));
  }

  private List<JsonObject> list() {
    ApiResponse reply = tokens("GET", "", admin(), "");
    assertThat(reply.status()).isEqualTo(200);
    return ((JsonValue.Array) Json.value(reply.body()))
        .values().stream().map(JsonObject.class::cast).toList();
  }

  private ApiResponse tokens(String method, String behind, String token, String body) {
    return deployment.accounts(method, path(customer) + "/tokens" + behind, token, body);
  }

  private int settings(String token) {
    return deployment.settings("GET", "/v2/archive/settings", token, "").status();
  }

  private int search(String token) {
    return deployment.search(token, "{}").status();
  }

  /** 503 with a valid token, as the account has no archive. */
  private int send(String token) {
    return deployment
        .ingest(Map.of("token", token), Map.of(), new byte[] {'{', '}'}, true)
        .status();
  }

  private String admin() {
    return deployment.adminToken();
  }

  private static String path(Customer customer) {
    return "/v1/account-management/time-based-accounts/" + customer.id();
  }

  private static String named(String name) {
    return "{\"name\":\"" + name + "\",\"scopes\":[\"search\"]}";
  }

  private static int id(JsonObject token) {
    return InMemoryDeployment.number(token, "id");
  }

  private static String withoutId(JsonObject token) {
    return Json.text(without("id", token));
  }

  private static JsonObject without(String name, JsonObject object) {
    JsonObject.Builder rest = JsonObject.builder();
    object
        .members()
        .forEach(
            (member, value) -> {
              if (!member.equals(name)) {
                rest.put(member, value);
              }
            });
    return rest.build();
  }
}
