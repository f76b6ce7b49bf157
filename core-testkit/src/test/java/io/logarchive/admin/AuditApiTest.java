package io.logarchive.admin;

import static io.logarchive.testkit.InMemoryDeployment.number;
import static io.logarchive.testkit.InMemoryDeployment.object;
import static org.assertj.core.api.Assertions.assertThat;

import io.logarchive.account.Scope;
import io.logarchive.account.Token;
import io.logarchive.account.TokenRecord;
import io.logarchive.audit.AuditEntry;
import io.logarchive.audit.AuditEntry.Action;
import io.logarchive.http.ApiResponse;
import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import io.logarchive.testkit.InMemoryDeployment;
import io.logarchive.testkit.InMemoryDeployment.Customer;
import io.logarchive.testkit.Samples;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuditApiTest {
  private static final Instant HOUR = Instant.parse("2026-11-22T17:00:00Z");

  private final InMemoryDeployment deployment = new InMemoryDeployment();

  @Test
  void aRestoreLeavesItsStartAndItsRemovalNewestFirst() {
    Customer customer = deployment.archivingCustomer("audited");
    int id = number(object(start(customer)), "id");
    deployment.clock.advance(Duration.ofSeconds(1));
    String path = "/archive/restore/" + id;
    assertThat(deployment.restores("DELETE", path, customer.apiToken(), "").status())
        .isEqualTo(200);
    assertThat(deployment.restores("DELETE", path, customer.apiToken(), "").status())
        .isEqualTo(200);

    List<JsonObject> entries = entries(customer, "restore");
    assertThat(entries).hasSize(2);
    int tokenId =
        deployment
            .accountStore
            .findToken(new Token(customer.apiToken()).hash())
            .map(TokenRecord::id)
            .orElseThrow();
    String request =
        "{\"accountName\":\"black friday\",\"username\":null,\"startTime\":1795366800.000,"
            + "\"endTime\":1795370400.000,\"expiresInDays\":5,\"status\":\"";
    JsonObject removal = entries.getFirst();
    assertThat(text(removal, "action")).isEqualTo("\"restore.delete\"");
    assertThat(text(removal, "by"))
        .isEqualTo(
            "{\"kind\":\"token\",\"accountId\":" + customer.id() + ",\"tokenId\":" + tokenId + "}");
    assertThat(text(removal, "at")).isEqualTo("1795368601.000000000");
    assertThat(text(removal, "accountId")).isEqualTo(Integer.toString(customer.id()));
    assertThat(text(removal, "subjectId")).isEqualTo(Integer.toString(id));
    assertThat(text(removal, "before")).isEqualTo(request + "IN_PROGRESS\"}");
    assertThat(text(removal, "after")).isEqualTo(request + "ABORTED\"}");
    JsonObject started = entries.getLast();
    assertThat(text(started, "action")).isEqualTo("\"restore.start\"");
    assertThat(text(started, "before")).isEqualTo("null");
    assertThat(text(started, "after")).isEqualTo(request + "IN_PROGRESS\"}");
  }

  @Test
  void whatWasNotDoneLeavesNothing() {
    Customer customer = deployment.archivingCustomer("audited");
    int before = entries(customer, "").size();
    deployment.restores("POST", "/archive/restore", customer.apiToken(), "{}");
    deployment.restores("DELETE", "/archive/restore/17", customer.apiToken(), "");
    assertThat(entries(customer, "")).hasSize(before);
  }

  @Test
  void accountsTokensAndSettingsLeaveEntriesWithoutTheirSecrets() {
    Customer customer = deployment.archivingCustomer("audited");
    String account = "/v1/account-management/time-based-accounts/" + customer.id();
    String admin = deployment.adminToken();
    deployment.clock.advance(Duration.ofSeconds(1));
    assertThat(deployment.accounts("PUT", account, admin, "{\"maxDailyGB\":7}").status())
        .isEqualTo(200);
    deployment.clock.advance(Duration.ofSeconds(1));
    JsonObject made =
        object(
            deployment.accounts(
                "POST", account + "/tokens", admin, "{\"name\":\"ci\",\"scopes\":[\"restore\"]}"));
    String token = account + "/tokens/" + number(made, "id");
    deployment.clock.advance(Duration.ofSeconds(1));
    JsonObject rotated = object(deployment.accounts("POST", token + "/rotate", admin, "{}"));
    deployment.clock.advance(Duration.ofSeconds(1));
    assertThat(deployment.accounts("DELETE", token, admin, "").status()).isEqualTo(200);
    assertThat(deployment.accounts("DELETE", token, admin, "").status()).isEqualTo(404);
    deployment.clock.advance(Duration.ofSeconds(1));
    assertThat(deployment.accounts("DELETE", account + "?force=true", admin, "").status())
        .isEqualTo(200);

    List<AuditEntry> entries = deployment.audit.page(customer.id(), null).entries();
    assertThat(entries.stream().map(entry -> entry.action().text()))
        .containsExactlyInAnyOrder(
            "account.delete",
            "settings.delete",
            "token.revoke",
            "token.rotate",
            "token.create",
            "account.update",
            "settings.create",
            "account.create");
    assertThat(entries.toString())
        .contains("ci")
        .doesNotContain(
            text(made, "token"),
            text(rotated, "token"),
            new Token(text(made, "token")).hash(),
            new Token(customer.apiToken()).hash(),
            customer.apiToken(),
            customer.shippingToken(),
            InMemoryDeployment.SECRET_KEY);
  }

  @Test
  void aRestoreThatIsAskedForTwiceIsWrittenDownOnce() {
    Customer customer = deployment.archivingCustomer("audited");
    start(customer);
    assertThat(start(customer).status()).isEqualTo(409);
    assertThat(entries(customer, "restore")).hasSize(1);
  }

  @Test
  void whatTheAdministratorRemovesWithAnAccountIsTheAdministrators() {
    Customer customer = deployment.archivingCustomer("audited");
    start(customer);
    String path = "/v1/account-management/time-based-accounts/" + customer.id() + "?force=true";
    assertThat(deployment.accounts("DELETE", path, deployment.adminToken(), "").status())
        .isEqualTo(200);
    assertThat(text(entries(customer, "restore.delete").getFirst(), "by"))
        .isEqualTo("{\"kind\":\"admin\"}");
  }

  @Test
  void pagesHold100EntriesAndSayWhatComesNext() {
    Customer customer = deployment.customer("audited");
    int before = entries(customer, "").size();
    for (int i = 0; i < 250; i++) {
      deployment.write(Samples.auditEntry(Action.SETTINGS_UPDATE, customer.id(), i));
    }
    JsonObject first = object(audit(deployment.adminToken(), "?accountId=" + customer.id(), null));
    assertThat(pageOf(first)).hasSize(100);
    assertThat(entries(customer, "")).hasSize(before + 250).doesNotHaveDuplicates();
  }

  @Test
  void anAccountsOwnTokenSeesItsOwnEntriesOnly() {
    String token = tokenOfAnAccount(7_000_001);
    int other = deployment.customer("other").id();
    deployment.write(Samples.auditEntry(Action.SETTINGS_UPDATE, 7_000_001, 1));
    deployment.write(Samples.auditEntry(Action.SETTINGS_UPDATE, other, 2));

    JsonObject own = object(audit(token, "", null));
    assertThat(pageOf(own).stream().map(entry -> text(entry, "subjectId")))
        .containsExactlyInAnyOrder("1", "7000001");
    assertThat(object(audit(token, "?accountId=7000001", null))).isEqualTo(own);

    ApiResponse foreign = audit(token, "?accountId=" + other, null);
    ApiResponse absent = audit(token, "?accountId=1", null);
    assertThat(foreign.status()).isEqualTo(404);
    assertThat(withoutRequestId(foreign)).isEqualTo(withoutRequestId(absent));
    assertThat(foreign.headers()).isEqualTo(absent.headers());
    assertThat(audit(deployment.adminToken(), "?accountId=1", null).status()).isEqualTo(404);
  }

  @Test
  void aTokenWithoutTheScopeIsRefused() {
    Customer customer = deployment.customer("audited");
    ApiResponse reply = audit(customer.apiToken(), "", null);
    assertThat(reply.status()).isEqualTo(403);
    assertThat(reply.bodyText()).contains("accounts");
    assertThat(audit("la_api_unknown", "", null).status()).isEqualTo(401);
    assertThat(audit("", "", null).status()).isEqualTo(401);
  }

  @Test
  void theAdministratorNamesTheAccount() {
    ApiResponse reply = audit(deployment.adminToken(), "", null);
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.bodyText()).contains("accountId is required");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "?before=17",
        "?before=",
        "?before=000001795368601.000000000-0123456789abcdef",
        "?before=001795368601.000000000-0123456789ABCDEF",
        "?accountId=x",
        "?accountId=-1",
        "?accountId=99999999999"
      })
  void aParameterThatIsNoneNamesItself(String query) {
    ApiResponse reply = audit(tokenOfAnAccount(7_000_001), query, null);
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.bodyText()).contains(query.substring(1, query.indexOf('=')) + " must be");
  }

  @Test
  void noEntryHoldsAnyTokenOrHash() {
    Customer customer = deployment.archivingCustomer("audited");
    start(customer);
    String all = entries(customer, "").toString();
    assertThat(all)
        .contains("black friday")
        .doesNotContain("la_api_")
        .doesNotContain("la_ship_")
        .doesNotContain(InMemoryDeployment.SECRET_KEY)
        .doesNotContain(new Token(customer.apiToken()).hash())
        .doesNotContain(new Token(customer.shippingToken()).hash());
  }

  private ApiResponse start(Customer customer) {
    return deployment.startRestore(customer, "black friday", HOUR, HOUR.plusSeconds(3_600));
  }

  /** A new account's, which may administer it. */
  private String tokenOfAnAccount(int accountId) {
    Token token = new Token("la_api_administers-its-account");
    TokenRecord record =
        TokenRecord.made(
            Samples.id(),
            token.hash(),
            accountId,
            "administrator",
            Set.of(Scope.ACCOUNTS),
            InMemoryDeployment.NOW,
            null);
    assertThat(
            deployment.accountStore.create(
                Samples.account(accountId), List.of(record), Samples.changed(accountId)))
        .isTrue();
    return token.value();
  }

  private ApiResponse audit(String token, String query, @Nullable String before) {
    String cursor = before == null ? "" : (query.isEmpty() ? "?" : "&") + "before=" + before;
    return deployment.accounts("GET", "/v1/audit" + query + cursor, token, "");
  }

  /** All of an account's whose action begins so. */
  private List<JsonObject> entries(Customer customer, String action) {
    List<JsonObject> entries = new ArrayList<>();
    @Nullable String before = null;
    do {
      JsonObject page =
          object(audit(deployment.adminToken(), "?accountId=" + customer.id(), before));
      entries.addAll(pageOf(page));
      before = page.members().get("next") instanceof JsonValue.Text next ? next.value() : null;
    } while (before != null);
    return entries.stream()
        .filter(entry -> text(entry, "action").startsWith("\"" + action))
        .toList();
  }

  private static List<JsonObject> pageOf(JsonObject page) {
    return ((JsonValue.Array) page.member("entries").orElseThrow())
        .values().stream().map(JsonObject.class::cast).toList();
  }

  private static String text(JsonObject entry, String member) {
    return Json.text(Objects.requireNonNull(entry.members().get(member), member));
  }

  private static String withoutRequestId(ApiResponse reply) {
    return reply.bodyText().replaceAll("request-\\d+", "");
  }
}
