package io.logarchive.search;

import static io.logarchive.testkit.InMemoryDeployment.number;
import static io.logarchive.testkit.InMemoryDeployment.object;
import static org.assertj.core.api.Assertions.assertThat;

import io.logarchive.account.Account;
import io.logarchive.account.Scope;
import io.logarchive.account.Token;
import io.logarchive.account.TokenRecord;
import io.logarchive.account.Uid;
import io.logarchive.fault.ServiceException;
import io.logarchive.http.ApiResponse;
import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import io.logarchive.restore.RestoredAccounts;
import io.logarchive.testkit.InMemoryDeployment;
import io.logarchive.testkit.InMemoryDeployment.Customer;
import io.logarchive.testkit.InMemoryDeployment.Options;
import io.logarchive.testkit.RestoredAccountsDecorator;
import io.logarchive.testkit.Samples;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SearchApiTest {
  private static final Instant HOUR = Instant.parse("2026-11-22T16:00:00Z");
  private static final Instant END = HOUR.plusSeconds(3_600);

  @Test
  void aRestoredAccountIsFoundByItsNameAndId() {
    InMemoryDeployment deployment = new InMemoryDeployment();
    Customer customer = customer(deployment, "bucket", 3);
    int id = number(deployment.restore(customer, "november", HOUR, END), "id");
    for (String body : List.of("{}", "{\"accountIds\":[%d]}".formatted(id))) {
      List<JsonObject> hits = hits(deployment.search(customer.apiToken(), body));
      assertThat(hits).hasSize(3);
      assertThat(hits)
          .allSatisfy(
              hit -> {
                assertThat(hit.members()).containsEntry("_index", new JsonValue.Text("november"));
                assertThat(number(hit, "_accountId")).isEqualTo(id);
              });
    }
  }

  @Test
  void theReplyTellsNothingOfTheEngine() {
    InMemoryDeployment deployment = new InMemoryDeployment();
    Customer customer = customer(deployment, "bucket", 3);
    int id = number(deployment.restore(customer, "november", HOUR, END), "id");
    String uid = deployment.restoreStore.find(id).orElseThrow().uid().value();
    assertThat(deployment.search(customer.apiToken(), "{}").bodyText()).doesNotContain(uid);
  }

  @Test
  void accountIdsNarrowTheSearch() {
    InMemoryDeployment deployment = new InMemoryDeployment();
    Customer customer = customer(deployment, "bucket", 4);
    int one = number(deployment.restore(customer, "one", HOUR, END), "id");
    int other = number(deployment.restore(customer, "other", HOUR, HOUR.plusMillis(3)), "id");
    assertThat(hits(deployment.search(customer.apiToken(), "{}"))).hasSize(7);
    assertThat(hits(search(deployment, customer, one))).hasSize(4);
    assertThat(hits(search(deployment, customer, other))).hasSize(3);
    assertThat(hits(search(deployment, customer, one, other, one))).hasSize(7);
  }

  @Test
  void aForeignAccountIsAnsweredLikeOneThatIsNot() {
    InMemoryDeployment deployment = new InMemoryDeployment();
    Customer one = customer(deployment, "one", 3);
    Customer other = customer(deployment, "other", 5);
    int ones = number(deployment.restore(one, "november", HOUR, END), "id");
    int others = number(deployment.restore(other, "november", HOUR, END), "id");
    assertThat(hits(deployment.search(one.apiToken(), "{}"))).hasSize(3);
    assertThat(hits(deployment.search(other.apiToken(), "{}"))).hasSize(5);
    List<String> refusals =
        List.of(
            refusal(search(deployment, one, others)),
            refusal(search(deployment, one, ones, others)),
            refusal(search(deployment, one, other.id())),
            refusal(search(deployment, one, 123)),
            refusal(search(deployment, one, -1)));
    assertThat(refusals).containsOnly("404 A restored account that accountIds names was not found");
  }

  @Test
  void aRestoreThatIsRemovedIsNotSearchedAnyMore() {
    InMemoryDeployment deployment = new InMemoryDeployment();
    Customer customer = customer(deployment, "bucket", 3);
    int id = number(deployment.restore(customer, "november", HOUR, END), "id");
    deployment.restores("DELETE", "/archive/restore/" + id, customer.apiToken(), "");
    assertThat(hits(deployment.search(customer.apiToken(), "{}"))).isEmpty();
    assertThat(search(deployment, customer, id).status()).isEqualTo(404);
  }

  @Test
  void withoutARestoredAccountNothingIsFoundInTheUsualShape() {
    InMemoryDeployment deployment = new InMemoryDeployment();
    Customer customer = deployment.customer("new");
    JsonObject reply = object(deployment.search(customer.apiToken(), "{}"));
    assertThat(reply.members()).containsOnlyKeys("took", "timed_out", "_shards", "hits");
    JsonObject hits = (JsonObject) reply.member("hits").orElseThrow();
    assertThat(number((JsonObject) hits.member("total").orElseThrow(), "value")).isZero();
    assertThat(hits(deployment.search(customer.apiToken(), "{}"))).isEmpty();
    assertThat(deployment.search(customer.apiToken(), "{\"query\":{\"script\":{}}}").status())
        .isEqualTo(400);
  }

  @Test
  void aRestoreThatHasNotBegunIsAnEmptyAccount() {
    InMemoryDeployment deployment = new InMemoryDeployment();
    Customer customer = customer(deployment, "bucket", 3);
    int id = number(object(deployment.startRestore(customer, "november", HOUR, END)), "id");
    assertThat(deployment.restoredAccounts.list()).isEmpty();
    assertThat(hits(deployment.search(customer.apiToken(), "{}"))).isEmpty();
    assertThat(hits(search(deployment, customer, id))).isEmpty();
    // Half made, an engine's index fails every search: it is not asked before the plan is written.
    Uid uid = deployment.restoreStore.find(id).orElseThrow().uid();
    deployment.restoredAccounts.create(uid, 1);
    deployment.restoredAccounts.sink(uid).write(Samples.logs(0, 2));
    assertThat(hits(search(deployment, customer, id))).isEmpty();
    deployment.restoredAccounts.delete(uid);
    deployment.workflow.runAll();
    assertThat(hits(search(deployment, customer, id))).hasSize(3);
  }

  @Test
  void aTokenIsNeededThatMaySearch() {
    InMemoryDeployment deployment = new InMemoryDeployment();
    Customer customer = deployment.customer("customer");
    Token token = new Token("la_api_may-not-search");
    Account account = Samples.account(Samples.id());
    deployment.accountStore.create(
        account,
        List.of(
            TokenRecord.made(
                Samples.id(),
                token.hash(),
                account.id(),
                "all but search",
                EnumSet.complementOf(EnumSet.of(Scope.SEARCH)),
                InMemoryDeployment.NOW,
                null)),
        Samples.changed(account.id()));
    assertThat(refusal(deployment.search("", "{}"))).startsWith("401 ");
    assertThat(refusal(deployment.search("unknown", "{}"))).startsWith("401 ");
    assertThat(refusal(deployment.search(customer.shippingToken(), "{}"))).startsWith("403 ");
    assertThat(refusal(deployment.search(token.value(), "{}")))
        .isEqualTo("403 The token lacks the scope \"search\"");
  }

  @Test
  void whatIsNotAllowedIsRefusedByItsPath() {
    InMemoryDeployment deployment = new InMemoryDeployment();
    Customer customer = deployment.customer("customer");
    assertThat(refusal(deployment.search(customer.apiToken(), "{\"query\":{\"script\":{}}}")))
        .startsWith("400 query.script is not allowed; allowed are bool, match_all, match");
    assertThat(refusal(deployment.search(customer.apiToken(), "[]"))).startsWith("400 ");
    assertThat(refusal(deployment.search(customer.apiToken(), ""))).startsWith("400 ");
    assertThat(refusal(deployment.search(customer.apiToken(), "{\"query\":".repeat(100_000))))
        .startsWith("400 ");
    assertThat(refusal(deployment.search(customer.apiToken(), " ".repeat(1_000_001) + "{}")))
        .isEqualTo("413 The body may have 1000000 bytes");
  }

  @Test
  void whatTheEngineRefusesIsABadRequestWithItsReason() {
    InMemoryDeployment deployment =
        new InMemoryDeployment(
            new Options()
                .accounts(
                    accounts ->
                        answering(
                            accounts,
                            uid ->
                                new RestoredAccounts.SearchOutcome.Refused("No [" + uid + "]"))));
    Customer customer = customer(deployment, "bucket", 3);
    deployment.restore(customer, "november", HOUR, END);
    assertThat(refusal(deployment.search(customer.apiToken(), "{}")))
        .isEqualTo("400 No [november]");
  }

  @Test
  void anEngineThatFailsIsNotTheCallersFault() {
    InMemoryDeployment deployment =
        new InMemoryDeployment(
            new Options()
                .accounts(
                    accounts ->
                        answering(
                            accounts,
                            uid -> {
                              throw new ServiceException.Unavailable("Search", "Down", null, null);
                            })));
    Customer customer = customer(deployment, "bucket", 3);
    deployment.restore(customer, "november", HOUR, END);
    ApiResponse reply = deployment.search(customer.apiToken(), "{}");
    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.headers()).containsKey("Retry-After");
  }

  @Test
  void aShardThatFailsIsToldByItsAccount() {
    InMemoryDeployment deployment =
        new InMemoryDeployment(
            new Options()
                .accounts(
                    accounts ->
                        answering(
                            accounts,
                            uid ->
                                found(
                                    """
                                    {"took":1,"num_reduce_phases":2,
                                     "_shards":{"total":2,"failed":1,"failures":[{"shard":0,
                                      "index":"%1$s","node":"secret",
                                      "reason":{"type":"a","reason":"No field in [%1$s]",
                                       "index_uuid":"secret"}}]},
                                     "hits":{"hits":[]}}
                                    """
                                        .formatted(uid)))));
    Customer customer = customer(deployment, "bucket", 3);
    int id = number(deployment.restore(customer, "november", HOUR, END), "id");
    assertThat(deployment.search(customer.apiToken(), "{}").bodyText())
        .isEqualTo(
            "{\"took\":1,\"_shards\":{\"total\":2,\"failed\":1,\"failures\":[{\"_index\":\"november\","
                + "\"_accountId\":"
                + id
                + ",\"reason\":\"No field in [november]\"}]},\"hits\":{\"hits\":[]}}");
  }

  @Test
  void aReplyIsCutAtFourMegabytes() {
    String hit = "{\"_index\":\"%s\",\"_source\":{\"text\":\"" + "a".repeat(1_000) + "\"}}";
    InMemoryDeployment deployment =
        new InMemoryDeployment(
            new Options()
                .accounts(
                    accounts ->
                        answering(
                            accounts,
                            uid ->
                                found(
                                    "{\"hits\":{\"total\":{\"value\":3800},\"hits\":["
                                        + IntStream.range(0, 3_800)
                                            .mapToObj(i -> hit.formatted(uid))
                                            .collect(Collectors.joining(","))
                                        + "]}}"))));
    Customer customer = customer(deployment, "bucket", 1);
    deployment.restore(customer, "ä".repeat(200), HOUR, END);
    ApiResponse reply = deployment.search(customer.apiToken(), "{}");
    assertThat(reply.body()).hasSizeBetween(3_990_000, 4_000_000);
    assertThat(object(reply).members()).containsEntry("truncated", new JsonValue.Bool(true));
    assertThat(hits(reply)).hasSizeBetween(2_000, 3_799);
  }

  @Test
  void moreThanAThousandBucketsAreRefused() {
    for (int buckets : List.of(1_000, 1_001)) {
      InMemoryDeployment deployment =
          new InMemoryDeployment(
              new Options()
                  .accounts(
                      accounts ->
                          answering(
                              accounts,
                              uid ->
                                  found(
                                      "{\"hits\":{\"hits\":[]},\"aggregations\":{\"a\":{\"doc_count\":1,"
                                          + "\"b\":{\"buckets\":{\"k\":{\"c\":{\"buckets\":["
                                          + IntStream.range(1, buckets)
                                              .mapToObj(i -> "{\"key\":" + i + "}")
                                              .collect(Collectors.joining(","))
                                          + "]}}}}}}}"))));
      Customer customer = customer(deployment, "bucket", 1);
      deployment.restore(customer, "november", HOUR, END);
      ApiResponse reply = deployment.search(customer.apiToken(), "{}");
      assertThat(reply.status()).isEqualTo(buckets == 1_000 ? 200 : 400);
      assertThat(buckets == 1_000 || reply.bodyText().contains("make 1001 buckets")).isTrue();
    }
  }

  @Test
  void scrollingIsNotBuiltYet() {
    InMemoryDeployment deployment = new InMemoryDeployment();
    assertThat(deployment.scroll(deployment.customer("customer").apiToken()).status())
        .isEqualTo(501);
  }

  private interface Engine {
    RestoredAccounts.SearchOutcome answer(String uid);
  }

  private static RestoredAccounts answering(RestoredAccounts accounts, Engine engine) {
    return new RestoredAccountsDecorator(accounts) {
      @Override
      public SearchOutcome search(List<Uid> restoreUids, JsonObject body, int mostHitBytes) {
        return engine.answer(restoreUids.getFirst().value());
      }
    };
  }

  private static RestoredAccounts.SearchOutcome found(String reply) {
    return new RestoredAccounts.SearchOutcome.Found(
        Json.object(reply.getBytes(StandardCharsets.UTF_8)), false);
  }

  private static Customer customer(InMemoryDeployment deployment, String bucket, int logs) {
    Customer customer = deployment.archivingCustomer(bucket);
    String body =
        IntStream.range(0, logs)
            .mapToObj(i -> "{\"@timestamp\":\"%s\",\"n\":%d}".formatted(HOUR.plusMillis(i), i))
            .collect(Collectors.joining("\n"));
    assertThat(deployment.send(customer, body).status()).isEqualTo(200);
    return customer;
  }

  private static ApiResponse search(
      InMemoryDeployment deployment, Customer customer, int... accountIds) {
    String ids =
        IntStream.of(accountIds).mapToObj(Integer::toString).collect(Collectors.joining(","));
    return deployment.search(customer.apiToken(), "{\"accountIds\":[" + ids + "]}");
  }

  private static String refusal(ApiResponse reply) {
    JsonObject body = Json.object(reply.body());
    return reply.status() + " " + InMemoryDeployment.text(body, "message");
  }

  private static List<JsonObject> hits(ApiResponse reply) {
    JsonObject hits = (JsonObject) object(reply).member("hits").orElseThrow();
    List<JsonObject> objects = new ArrayList<>();
    for (JsonValue hit : ((JsonValue.Array) hits.member("hits").orElseThrow()).values()) {
      objects.add((JsonObject) hit);
    }
    return objects;
  }
}
