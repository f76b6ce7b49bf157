package io.logarchive.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.logarchive.account.Account;
import io.logarchive.account.AccountTokens;
import io.logarchive.account.Scope;
import io.logarchive.account.Token;
import io.logarchive.account.TokenRecord;
import io.logarchive.archive.ArchiveSettings;
import io.logarchive.audit.AuditEntry;
import io.logarchive.http.ApiResponse;
import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import io.logarchive.restore.Restore;
import io.logarchive.restore.RestoreSlots;
import io.logarchive.restore.RestoreStore;
import io.logarchive.testkit.AccountStoreDecorator;
import io.logarchive.testkit.InMemoryDeployment;
import io.logarchive.testkit.InMemoryDeployment.Customer;
import io.logarchive.testkit.Samples;
import io.logarchive.testkit.Together;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccountsApiTest {
  private static final String ACCOUNTS = "/v1/account-management/time-based-accounts";
  private static final String NOW_SECONDS = InMemoryDeployment.NOW.getEpochSecond() + ".000000000";
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
  void anAccountIsReadById() {
    Customer customer = deployment.customer("shop", new BigDecimal("12.50"));
    ApiResponse read = admin("GET", customer.id());
    assertThat(read.status()).isEqualTo(200);
    assertThat(read.bodyText())
        .isEqualTo(
            "{\"accountId\":%d,\"accountName\":\"shop\",\"maxDailyGB\":12.50,\"createdAt\":%s}"
                .formatted(customer.id(), NOW_SECONDS));
  }

  @Test
  void accountsAreListedInTheOrderOfIdsAPageAtATime() {
    assertThat(admin("GET", "").bodyText()).isEqualTo("[]");
    List<Integer> ids =
        IntStream.range(0, 201)
            .map(i -> deployment.customer("n" + i).id())
            .sorted()
            .boxed()
            .toList();
    assertThat(ids(admin("GET", ""))).isEqualTo(ids.subList(0, 200));
    assertThat(ids(admin("GET", "?after=" + ids.get(199)))).isEqualTo(ids.subList(200, 201));
    assertThat(ids(admin("GET", "?after=" + ids.get(200)))).isEmpty();
    assertThat(admin("GET", "?after=" + ids.get(199)).bodyText())
        .isEqualTo(
            "["
                + deployment
                    .accounts("GET", path(ids.get(200)), deployment.adminToken(), "")
                    .bodyText()
                + "]");
    for (String bad : List.of("x", "-1", "", "2147483648", "1.0")) {
      ApiResponse refused = admin("GET", "?after=" + bad);
      assertThat(refused.status()).isEqualTo(400);
      assertThat(refused.bodyText()).contains("after");
    }
  }

  /** Two hundred of the longest names, each character three bytes of JSON. */
  @Test
  void aPageOfAccountsStaysFarBelowWhatAReplyMayHave() {
    String name = "日".repeat(200);
    IntStream.range(0, 200).forEach(i -> deployment.customer(name));
    assertThat(admin("GET", "").body().length).isBetween(120_000, 400_000);
  }

  @Test
  void nameAndVolumeChangeAloneOrTogether() {
    Customer customer = deployment.customer("shop", new BigDecimal("12.50"));
    String path = path(customer.id());
    for (String[] change :
        List.of(
            new String[] {"{\"accountName\":\" new shop \"}", "new shop", "12.50"},
            new String[] {"{\"maxDailyGB\":3}", "new shop", "3"},
            new String[] {"{\"accountName\":\"b\",\"maxDailyGB\":1.5,\"x\":[]}", "b", "1.5"},
            new String[] {"{\"accountName\":null}", "b", "1.5"},
            new String[] {"{}", "b", "1.5"})) {
      ApiResponse changed = deployment.accounts("PUT", path, deployment.adminToken(), change[0]);
      assertThat(changed.status()).isEqualTo(200);
      assertThat(changed.bodyText())
          .isEqualTo(
              "{\"accountId\":%d,\"accountName\":\"%s\",\"maxDailyGB\":%s,\"createdAt\":%s}"
                  .formatted(customer.id(), change[1], change[2], NOW_SECONDS));
      assertThat(admin("GET", customer.id()).bodyText()).isEqualTo(changed.bodyText());
    }
    assertThat(deployment.settings("GET", "/v2/archive/settings", customer.apiToken(), "").status())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"accountName\":\" \"} | accountName",
        "{\"accountName\":\"\\u001d\\u00a0\\u0085\"} | accountName",
        "{\"accountName\":7} | accountName",
        "{\"maxDailyGB\":0} | maxDailyGB",
        "{\"maxDailyGB\":1000001} | maxDailyGB",
        "{\"maxDailyGB\":0.0000000001} | maxDailyGB",
      })
  void aBadChangeNamesTheFieldAndChangesNothing(String body, String field) {
    Customer customer = deployment.customer("shop");
    Account before = deployment.accountStore.find(customer.id()).orElseThrow();
    ApiResponse refused =
        deployment.accounts("PUT", path(customer.id()), deployment.adminToken(), body);
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.bodyText()).contains(field);
    assertThat(deployment.accountStore.find(customer.id())).contains(before);
  }

  @Test
  void changesOfOneAccountAtOnceAreAllMade() {
    Customer customer = deployment.customer("shop", BigDecimal.ONE);
    Together.run(
        8,
        i ->
            deployment.accounts(
                "PUT",
                path(customer.id()),
                deployment.adminToken(),
                i % 2 == 0 ? "{\"accountName\":\"new\"}" : "{\"maxDailyGB\":7}"));
    Account account = deployment.accountStore.find(customer.id()).orElseThrow();
    assertThat(account.name()).isEqualTo("new");
    assertThat(account.maxDailyGb()).isEqualByComparingTo("7");
  }

  @Test
  void anAccountsOwnTokenListsThatAccountAloneAndChangesNone() {
    deployment.customer("other");
    Customer own = deployment.customer("own");
    String token = deployment.token(own, "accounts");
    assertThat(deployment.accounts("GET", ACCOUNTS, token, "").bodyText())
        .isEqualTo("[" + deployment.accounts("GET", path(own.id()), token, "").bodyText() + "]");
    assertThat(deployment.accounts("GET", ACCOUNTS + "?after=" + own.id(), token, "").bodyText())
        .isEqualTo("[]");
    assertThat(deployment.accounts("GET", ACCOUNTS, own.apiToken(), "").status()).isEqualTo(403);
    assertThat(deployment.accounts("GET", ACCOUNTS, "", "").status()).isEqualTo(401);
    for (String method : List.of("PUT", "DELETE")) {
      assertThat(deployment.accounts(method, path(own.id()), token, "{\"maxDailyGB\":9}").status())
          .isEqualTo(401);
    }
  }

  private static List<Integer> ids(ApiResponse reply) {
    assertThat(reply.status()).isEqualTo(200);
    return ((JsonValue.Array) Json.value(reply.body()))
        .values().stream()
            .map(account -> InMemoryDeployment.number((JsonObject) account, "accountId"))
            .toList();
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
            TokenRecord.made(
                Samples.id(),
                token.hash(),
                own.id(),
                "administrator",
                Set.of(Scope.ACCOUNTS),
                InMemoryDeployment.NOW,
                null)),
        Samples.changed(own.id()));
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
    racing.beforeFind(find, () -> racing.removeByForce(customer));
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
    racing.beforeFind(find, () -> racing.removeByForce(customer));
    assertThat(raced.createSettings(customer, InMemoryDeployment.settings("bucket")).status())
        .isEqualTo(401);
    assertThat(raced.settingsStore.find(customer.id())).isEmpty();
  }

  @Test
  void aTestOfSettingsWhoseAccountIsRemovedMeanwhileIsNotAllowed() {
    Racing racing = new Racing();
    Customer customer = racing.deployment.customer("shop");
    racing.beforeFind(1, () -> racing.removeByForce(customer));
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
  void anAccountThatGetsAnArchiveWhileItIsRemovedStaysWithIt() {
    Racing racing = new Racing();
    InMemoryDeployment raced = racing.deployment;
    Customer customer = raced.customer("shop");
    raced.storages.createBucket(
        "bucket", InMemoryDeployment.ACCESS_KEY, InMemoryDeployment.SECRET_KEY);
    racing.beforeRemoval(
        () -> raced.createSettings(customer, InMemoryDeployment.settings("bucket")));
    String path = path(customer.id());
    for (int i = 0; i < 2; i++) {
      ApiResponse refused = raced.accounts("DELETE", path, raced.adminToken(), "");
      assertThat(refused.status()).isEqualTo(409);
      assertThat(refused.bodyText()).contains("s3://bucket");
      assertThat(raced.accounts("GET", path, raced.adminToken(), "").status()).isEqualTo(200);
      assertThat(raced.settings("GET", "/v2/archive/settings", customer.apiToken(), "").bodyText())
          .contains("bucket");
      assertThat(raced.send(customer, "{\"a\":1}").status()).isEqualTo(200);
    }
    racing.removeByForce(customer);
    assertThat(raced.settingsStore.find(customer.id())).isEmpty();
    assertThat(raced.accounts("GET", path, raced.adminToken(), "").status()).isEqualTo(404);
  }

  /** Right after the account was seen to have nothing. */
  @Test
  void anArchiveThatIsSetUpBeforeTheRemovalIsWrittenIsNotRemovedWithoutForce() {
    Deque<Runnable> afterLook = new ArrayDeque<>();
    InMemoryDeployment raced =
        new InMemoryDeployment(new InMemoryDeployment.Options().stores(new AfterSlots(afterLook)));
    Customer customer = raced.customer("shop");
    raced.storages.createBucket(
        "bucket", InMemoryDeployment.ACCESS_KEY, InMemoryDeployment.SECRET_KEY);
    afterLook.add(
        () ->
            assertThat(
                    raced.createSettings(customer, InMemoryDeployment.settings("bucket")).status())
                .isEqualTo(200));
    ApiResponse refused = raced.accounts("DELETE", path(customer.id()), raced.adminToken(), "");
    assertThat(afterLook).isEmpty();
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.bodyText()).contains("s3://bucket");
    assertThat(raced.settingsStore.find(customer.id())).isPresent();
  }

  @Test
  void whatComesWhileAnAccountIsRemovedByForceGoesWithIt() {
    Racing racing = new Racing();
    InMemoryDeployment raced = racing.deployment;
    Customer customer = raced.archivingCustomer("bucket");
    racing.beforeRemoval(
        () -> raced.createSettings(customer, InMemoryDeployment.settings("bucket")));
    racing.removeByForce(customer);
    assertThat(raced.settingsStore.find(customer.id())).isEmpty();
    assertThat(raced.accountStore.find(customer.id())).isEmpty();
  }

  @Test
  void aTokenThatIsMadeWhileAnAccountIsRemovedGoesWithIt() {
    Racing racing = new Racing();
    InMemoryDeployment raced = racing.deployment;
    Customer customer = raced.customer("shop");
    String tokens = path(customer.id()) + "/tokens";
    racing.beforeRemoval(
        () ->
            assertThat(
                    raced
                        .accounts(
                            "POST",
                            tokens,
                            raced.adminToken(),
                            "{\"name\":\"late\",\"scopes\":[\"search\"]}")
                        .status())
                .isEqualTo(200));
    assertThat(raced.accounts("DELETE", path(customer.id()), raced.adminToken(), "").status())
        .isEqualTo(200);
    assertThat(raced.accountStore.tokens(customer.id())).isEmpty();
    assertThat(raced.accounts("GET", tokens, raced.adminToken(), "").status()).isEqualTo(404);
  }

  /** Left by a request that died between making them and seeing that its account was gone. */
  @Test
  void whatIsLeftOfARemovedAccountGoesWithTheNextRemoval() {
    Customer customer = deployment.customer("shop");
    assertThat(admin("DELETE", customer.id()).status()).isEqualTo(200);
    ArchiveSettings settings = Samples.settings(Samples.id(), customer.id());
    deployment.settingsStore.save(
        settings, List.of(Samples.claim(settings)), Samples.saved(settings));
    Restore restore = Samples.restore(Samples.id(), customer.id(), InMemoryDeployment.NOW);
    deployment.restoreStore.create(
        restore, Samples.with(RestoreSlots.none(customer.id()), restore), Samples.started(restore));

    assertThat(admin("DELETE", customer.id()).status()).isEqualTo(200);
    assertThat(deployment.settingsStore.find(customer.id())).isEmpty();
    assertThat(deployment.restoreStore.slots(customer.id()).holders()).isEmpty();
    assertThat(admin("DELETE", customer.id()).status()).isEqualTo(404);
  }

  /** A deployment in which something happens just before an account is looked for or removed. */
  private static final class Racing {
    private final Deque<Runnable> beforeFinds = new ArrayDeque<>();
    private Runnable beforeRemoval = () -> {};
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

                          @Override
                          public Removed remove(AccountTokens tokens, AuditEntry entry) {
                            Runnable happens = beforeRemoval;
                            beforeRemoval = () -> {};
                            happens.run();
                            return super.remove(tokens, entry);
                          }
                        }));

    /** Counts from now on. */
    void beforeFind(int which, Runnable happens) {
      for (int i = 1; i < which; i++) {
        beforeFinds.add(() -> {});
      }
      beforeFinds.add(happens);
    }

    /** Of the next one. */
    void beforeRemoval(Runnable happens) {
      beforeRemoval = happens;
    }

    void removeByForce(Customer customer) {
      String forced = path(customer.id()) + "?force=true";
      assertThat(deployment.accounts("DELETE", forced, deployment.adminToken(), "").status())
          .isEqualTo(200);
    }
  }

  /** Something happens once somebody has looked at an account's restores. */
  private record AfterSlots(Deque<Runnable> happens) implements InMemoryDeployment.Decorator {
    @Override
    public <T> T around(Class<T> type, T store) {
      return type != RestoreStore.class
          ? store
          : type.cast(
              Proxy.newProxyInstance(
                  type.getClassLoader(),
                  new Class<?>[] {type},
                  (proxy, method, arguments) -> {
                    Object found = method.invoke(store, arguments);
                    if (method.getName().equals("slots") && !happens.isEmpty()) {
                      happens.remove().run();
                    }
                    return found;
                  }));
    }
  }

  private ApiResponse admin(String method, int id) {
    return admin(method, "/" + id);
  }

  private ApiResponse admin(String method, String behind) {
    return deployment.accounts(method, ACCOUNTS + behind, deployment.adminToken(), "");
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
