package io.logarchive.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.logarchive.account.Account;
import io.logarchive.account.Scope;
import io.logarchive.account.Token;
import io.logarchive.account.TokenRecord;
import io.logarchive.http.ApiResponse;
import io.logarchive.testkit.AccountStoreDecorator;
import io.logarchive.testkit.InMemoryDeployment;
import io.logarchive.testkit.InMemoryDeployment.Customer;
import io.logarchive.testkit.Samples;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccountsApiTest {
  private static final String ACCOUNTS = "/v1/account-management/time-based-accounts";
  private static final Instant HOUR = Instant.parse("2026-11-22T17:00:00Z");

  private final InMemoryDeployment deployment = new InMemoryDeployment();

  @Test
  void aNewAccountsTokensAreShownOnceAndKeptAsHashes() {
    Customer customer = deployment.customer("shop");
    Account account = deployment.accountStore.find(customer.id()).orElseThrow();
    assertThat(account.name()).isEqualTo("shop");
    assertThat(customer.apiToken()).startsWith("la_api_");
    assertThat(customer.shippingToken()).startsWith("la_ship_");
    TokenRecord stored =
        deployment.accountStore.findToken(new Token(customer.apiToken()).hash()).orElseThrow();
    assertThat(stored.scopes())
        .containsExactlyInAnyOrder(Scope.SETTINGS, Scope.RESTORE, Scope.SEARCH);
    assertThat(stored.toString()).doesNotContain(customer.apiToken());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"maxDailyGB\":1} | accountName",
        "{\"accountName\":\"a\"} | maxDailyGB",
        "{\"accountName\":\"a\",\"maxDailyGB\":0} | maxDailyGB",
        "{\"accountName\":\"a\",\"maxDailyGB\":-1} | maxDailyGB",
        "{\"accountName\":\"a\",\"maxDailyGB\":1e99} | maxDailyGB",
        "{\"accountName\":\"a\",\"maxDailyGB\":\"1\"} | maxDailyGB",
      })
  void badRequestsNameTheField(String body, String field) {
    String admin = deployment.adminToken();
    ApiResponse reply = deployment.accounts("POST", ACCOUNTS, admin, body);
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.bodyText()).contains(field);
  }

  @Test
  void onlyTheAdminTokenMakesAccounts() {
    String body = "{\"accountName\":\"a\",\"maxDailyGB\":1}";
    Customer customer = deployment.customer("shop");
    for (String token : List.of("", "wrong", customer.apiToken(), customer.shippingToken())) {
      assertThat(deployment.accounts("POST", ACCOUNTS, token, body).status()).isEqualTo(401);
    }
  }

  @Test
  void whatIsNotBuiltYetSaysSo() {
    assertThat(deployment.accounts("GET", ACCOUNTS, deployment.adminToken(), "").status())
        .isEqualTo(501);
    for (String call : List.of("GET", "POST", "DELETE /x")) {
      String[] parts = call.split(" ", 2);
      String path = ACCOUNTS + "/7/tokens" + (parts.length > 1 ? parts[1] : "");
      assertThat(deployment.accounts(parts[0], path, deployment.adminToken(), "{}").status())
          .isEqualTo(501);
    }
  }

  @Test
  void anAccountIsReadById() {
    Customer customer = deployment.customer("shop", new BigDecimal("12.50"));
    ApiResponse read = admin("GET", customer.id());
    assertThat(read.status()).isEqualTo(200);
    assertThat(read.bodyText())
        .isEqualTo(
            "{\"accountId\":%d,\"accountName\":\"shop\",\"maxDailyGB\":12.50}"
                .formatted(customer.id()));
  }

  @Test
  void whoeverIsNotTheAdministratorNeitherReadsNorRemovesAccounts() {
    Customer customer = deployment.customer("shop");
    for (String token : List.of("", "wrong", customer.apiToken(), customer.shippingToken())) {
      assertThat(deployment.accounts("DELETE", path(customer.id()), token, "").status())
          .isEqualTo(401);
      ApiResponse read = deployment.accounts("GET", path(customer.id()), token, "");
      assertThat(read.status()).isEqualTo(token.startsWith("la_") ? 403 : 401);
      assertThat(read.bodyText()).doesNotContain("shop");
    }
    assertThat(deployment.accountStore.find(customer.id())).isPresent();
  }

  @Test
  void anAccountsOwnTokenWithTheScopeReadsThatAccountAlone() {
    Account own = Samples.account(Samples.id());
    Token token = new Token("la_api_administers-its-account");
    deployment.accountStore.create(
        own,
        List.of(
            new TokenRecord(
                Samples.id(),
                token.hash(),
                own.id(),
                "administrator",
                Set.of(Scope.ACCOUNTS),
                InMemoryDeployment.NOW,
                null)));
    Customer other = deployment.customer("other");
    assertThat(deployment.accounts("GET", path(own.id()), token.value(), "").status())
        .isEqualTo(200);
    ApiResponse foreign = deployment.accounts("GET", path(other.id()), token.value(), "");
    ApiResponse absent = deployment.accounts("GET", path(1_234_567), token.value(), "");
    assertThat(foreign.status()).isEqualTo(404);
    assertThat(foreign.headers()).isEqualTo(absent.headers());
    assertThat(foreign.bodyText().replaceAll("request-\\d+", ""))
        .isEqualTo(absent.bodyText().replaceAll("request-\\d+", ""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1234567", "0", "-1", "x", "99999999999", "2147483648"})
  void anIdThatNoAccountHasIsNotFound(String id) {
    for (String method : List.of("GET", "DELETE")) {
      assertThat(
              deployment
                  .accounts(method, ACCOUNTS + "/" + id, deployment.adminToken(), "")
                  .status())
          .isEqualTo(404);
    }
  }

  @Test
  void idsOfOtherThingsAreNoAccounts() {
    Customer customer = deployment.archivingCustomer("bucket");
    int settings = deployment.settingsStore.find(customer.id()).orElseThrow().id();
    assertThat(admin("GET", settings).status()).isEqualTo(404);
    assertThat(admin("DELETE", settings).status()).isEqualTo(404);
    assertThat(deployment.settingsStore.find(customer.id())).isPresent();
  }

  @Test
  void aRemovedAccountIsGoneWithItsTokens() {
    Customer customer = deployment.customer("shop");
    Customer other = deployment.customer("other");
    assertThat(admin("DELETE", customer.id()).status()).isEqualTo(200);
    assertThat(admin("GET", customer.id()).status()).isEqualTo(404);
    assertThat(admin("DELETE", customer.id()).status()).isEqualTo(404);
    for (String token : List.of(customer.apiToken(), customer.shippingToken())) {
      assertThat(deployment.accountStore.findToken(new Token(token).hash())).isEmpty();
    }
    assertThat(deployment.settings("GET", "/v2/archive/settings", customer.apiToken(), "").status())
        .isEqualTo(401);
    assertThat(admin("GET", other.id()).status()).isEqualTo(200);
    assertThat(deployment.settings("GET", "/v2/archive/settings", other.apiToken(), "").status())
        .isEqualTo(200);
  }

  @Test
  void aRemovedAccountsShippingTokenStopsWorkingWithinAMinute() {
    Customer customer = deployment.archivingCustomer("bucket");
    assertThat(deployment.send(customer, "{\"a\":1}").status()).isEqualTo(200);
    assertThat(force("true", customer.id()).status()).isEqualTo(200);
    assertThat(deployment.send(customer, "{\"a\":2}").status()).isEqualTo(503);
    deployment.clock.advance(Duration.ofSeconds(60));
    assertThat(deployment.send(customer, "{\"a\":2}").status()).isEqualTo(401);
  }

  @Test
  void anAccountThatArchivesOrHasARestoreStaysUnlessForced() {
    Customer customer = deployment.archivingCustomer("bucket");
    deployment.send(customer, "{\"@timestamp\":\"2026-11-22T17:00:00Z\",\"n\":1}");
    int restore =
        InMemoryDeployment.number(
            deployment.restore(customer, "mine", HOUR, HOUR.plusSeconds(3_600)), "id");
    assertThat(deployment.startRestore(customer, "running", HOUR, HOUR.plusSeconds(60)).status())
        .isEqualTo(200);

    for (ApiResponse refused :
        List.of(admin("DELETE", customer.id()), force("false", customer.id()))) {
      assertThat(refused.status()).isEqualTo(409);
      assertThat(refused.bodyText())
          .contains(
              "archive/ACCOUNT_IN_USE",
              "its archive in s3://bucket, ",
              "the restored account \\\"mine\\\"",
              "\\\"running\\\"",
              "?force=true");
    }
    assertThat(force("yes", customer.id()).status()).isEqualTo(400);
    assertThat(deployment.operation(customer, restore)).isNotNull();
    assertThat(deployment.restoredAccounts.list()).hasSize(1);

    assertThat(force("true", customer.id()).status()).isEqualTo(200);
    assertThat(deployment.restoredAccounts.list()).isEmpty();
    assertThat(deployment.restoreStore.slots(customer.id()).holders()).isEmpty();
    assertThat(deployment.settingsStore.find(customer.id())).isEmpty();
    assertThat(deployment.accountStore.find(customer.id())).isEmpty();
    // What was archived is the customer's.
    assertThat(deployment.bucket("bucket").list("dt=", null).objects()).hasSize(1);
    // What the workflow still does comes to nothing.
    deployment.workflow.runAll();
    assertThat(deployment.restoredAccounts.list()).isEmpty();
  }

  @Test
  void aRemovedAccountsBucketIsFreeForAnother() {
    Customer customer = deployment.archivingCustomer("bucket");
    assertThat(force("true", customer.id()).status()).isEqualTo(200);
    Customer other = deployment.customer("other");
    assertThat(
            deployment
                .createSettings(other, InMemoryDeployment.settings("bucket/elsewhere"))
                .status())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void aRestoreWhoseAccountIsRemovedMeanwhileIsNotStartedAndHoldsNothing(int find) {
    Racing racing = new Racing();
    InMemoryDeployment raced = racing.deployment;
    Customer customer = raced.archivingCustomer("bucket");
    racing.beforeFind(find, () -> raced.accountStore.remove(customer.id()));
    assertThat(raced.startRestore(customer, "late", HOUR, HOUR.plusSeconds(60)).status())
        .isEqualTo(401);
    assertThat(raced.restoreStore.slots(customer.id()).holders()).isEmpty();
    raced.workflow.runAll();
    assertThat(raced.restoredAccounts.list()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void anArchiveWhoseAccountIsRemovedMeanwhileIsNotSetUp(int find) {
    Racing racing = new Racing();
    InMemoryDeployment raced = racing.deployment;
    Customer customer = raced.customer("shop");
    raced.storages.createBucket(
        "bucket", InMemoryDeployment.ACCESS_KEY, InMemoryDeployment.SECRET_KEY);
    racing.beforeFind(find, () -> raced.accountStore.remove(customer.id()));
    assertThat(raced.createSettings(customer, InMemoryDeployment.settings("bucket")).status())
        .isEqualTo(401);
    assertThat(raced.settingsStore.find(customer.id())).isEmpty();
  }

  @Test
  void aTestOfSettingsWhoseAccountIsRemovedMeanwhileIsNotAllowed() {
    Racing racing = new Racing();
    Customer customer = racing.deployment.customer("shop");
    racing.beforeFind(1, () -> racing.deployment.accountStore.remove(customer.id()));
    assertThat(
            racing
                .deployment
                .settings(
                    "POST",
                    "/v2/archive/settings/test",
                    customer.apiToken(),
                    InMemoryDeployment.settings("bucket"))
                .status())
        .isEqualTo(401);
  }

  @Test
  void whatArrivesWhileAnAccountIsRemovedStaysUntilItIsForced() {
    Racing racing = new Racing();
    InMemoryDeployment raced = racing.deployment;
    Customer customer = raced.customer("shop");
    raced.storages.createBucket(
        "bucket", InMemoryDeployment.ACCESS_KEY, InMemoryDeployment.SECRET_KEY);
    racing.beforeFind(
        1, () -> raced.createSettings(customer, InMemoryDeployment.settings("bucket")));
    String path = path(customer.id());
    for (int i = 0; i < 2; i++) {
      ApiResponse refused = raced.accounts("DELETE", path, raced.adminToken(), "");
      assertThat(refused.status()).isEqualTo(409);
      assertThat(refused.bodyText()).contains("s3://bucket");
      assertThat(raced.settingsStore.find(customer.id())).isPresent();
    }
    String force = path + "?force=true";
    assertThat(raced.accounts("DELETE", force, raced.adminToken(), "").status()).isEqualTo(200);
    assertThat(raced.settingsStore.find(customer.id())).isEmpty();
    assertThat(raced.accounts("DELETE", force, raced.adminToken(), "").status()).isEqualTo(404);
  }

  @Test
  void aRemovalThatFailedAfterTheAccountWasGoneIsFinishedByTheNext() {
    Customer customer = deployment.archivingCustomer("bucket");
    assertThat(deployment.startRestore(customer, "left", HOUR, HOUR.plusSeconds(60)).status())
        .isEqualTo(200);
    deployment.accountStore.remove(customer.id());
    assertThat(admin("DELETE", customer.id()).status()).isEqualTo(409);
    assertThat(force("true", customer.id()).status()).isEqualTo(200);
    assertThat(deployment.settingsStore.find(customer.id())).isEmpty();
    assertThat(deployment.restoreStore.slots(customer.id()).holders()).isEmpty();
    assertThat(force("true", customer.id()).status()).isEqualTo(404);
  }

  /** A deployment in which something happens just before an account is looked for. */
  private static final class Racing {
    private final Deque<Runnable> beforeFinds = new ArrayDeque<>();
    private final InMemoryDeployment deployment =
        new InMemoryDeployment(
            new InMemoryDeployment.Options()
                .accountStore(
                    store ->
                        new AccountStoreDecorator(store) {
                          @Override
                          public Optional<Account> find(int accountId) {
                            if (!beforeFinds.isEmpty()) {
                              beforeFinds.remove().run();
                            }
                            return super.find(accountId);
                          }
                        }));

    /** Counts from now on. */
    void beforeFind(int which, Runnable happens) {
      for (int i = 1; i < which; i++) {
        beforeFinds.add(() -> {});
      }
      beforeFinds.add(happens);
    }
  }

  private ApiResponse admin(String method, int id) {
    return deployment.accounts(method, path(id), deployment.adminToken(), "");
  }

  private ApiResponse force(String force, int id) {
    return deployment.accounts("DELETE", path(id) + "?force=" + force, deployment.adminToken(), "");
  }

  private static String path(int id) {
    return ACCOUNTS + "/" + id;
  }

  /**
   * On every endpoint: a foreign id is answered like an absent one, and a foreign token reaches
   * nothing.
   */
  @Test
  void oneAccountsTokenFindsNothingOfAnothers() {
    Customer owner = deployment.archivingCustomer("bucket");
    deployment.send(owner, "{\"@timestamp\":\"2026-11-22T17:00:00Z\",\"secret\":1}");
    int restore =
        InMemoryDeployment.number(
            deployment.restore(owner, "mine", HOUR, HOUR.plusSeconds(3_600)), "id");
    Customer stranger = deployment.customer("stranger");

    assertThat(
            deployment.settings("GET", "/v2/archive/settings", stranger.apiToken(), "").bodyText())
        .isEqualTo("[]");
    assertThat(deployment.restores("GET", "/archive/restore", stranger.apiToken(), "").bodyText())
        .isEqualTo("[]");
    assertThat(
            deployment
                .restores("GET", "/archive/restore?before=" + restore, stranger.apiToken(), "")
                .bodyText())
        .isEqualTo("[]");
    for (String method : List.of("GET", "DELETE")) {
      ApiResponse foreign =
          deployment.restores(method, "/archive/restore/" + restore, stranger.apiToken(), "");
      ApiResponse absent =
          deployment.restores(method, "/archive/restore/1234567", stranger.apiToken(), "");
      assertThat(foreign.status()).isEqualTo(404);
      assertThat(foreign.headers()).isEqualTo(absent.headers());
      assertThat(foreign.bodyText().replaceAll("request-\\d+", ""))
          .isEqualTo(absent.bodyText().replaceAll("request-\\d+", ""));
    }
    assertThat(InMemoryDeployment.text(deployment.operation(owner, restore), "status"))
        .isEqualTo("ACTIVE");
    // The same name is free in another account.
    Customer other = deployment.archivingCustomer("other");
    assertThat(deployment.startRestore(other, "mine", HOUR, HOUR.plusSeconds(60)).status())
        .isEqualTo(200);
  }
}
