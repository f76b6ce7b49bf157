package io.logarchive.functions.azure;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.azure.functions.HttpResponseMessage;
import io.logarchive.account.Ids;
import io.logarchive.account.Token;
import io.logarchive.archive.DeploymentKey;
import io.logarchive.archive.StorageRules;
import io.logarchive.functions.CountedMetrics;
import io.logarchive.json.Fields;
import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import io.logarchive.restore.RestoreWorkflow;
import io.logarchive.service.EnvironmentReader;
import io.logarchive.service.ServiceConfig;
import io.logarchive.service.ServiceWiring;
import io.logarchive.testkit.InMemoryAccountStore;
import io.logarchive.testkit.InMemoryArchiveSettingsStore;
import io.logarchive.testkit.InMemoryArchiveStorage;
import io.logarchive.testkit.InMemoryArchiveStorageProvider;
import io.logarchive.testkit.InMemoryAuditLog;
import io.logarchive.testkit.InMemoryIds;
import io.logarchive.testkit.InMemoryRequestWindows;
import io.logarchive.testkit.InMemoryRestoreStore;
import io.logarchive.testkit.InMemoryRestoredAccounts;
import io.logarchive.testkit.SettableClock;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The service behind the functions, over adapters in memory. */
record InMemoryService(
    SettableClock clock,
    InMemoryArchiveStorageProvider storages,
    InMemoryRestoredAccounts restoredAccounts,
    HookedAccounts hooked,
    Token adminToken,
    AzureWiring wiring) {
  private static final HostCall CALL = HostCall.of("invocation-1");

  /** An account that archives, and its tokens. */
  record Customer(int id, String apiToken, String shippingToken) {}

  InMemoryService(
      SettableClock clock,
      Map<String, String> limits,
      DurableClients durable,
      RestoreWorkflow workflow,
      Runnable removeExpired) {
    this(
        clock,
        new InMemoryArchiveStorageProvider(),
        new InMemoryRestoredAccounts(clock),
        limits,
        durable,
        workflow,
        removeExpired);
  }

  private InMemoryService(
      SettableClock clock,
      InMemoryArchiveStorageProvider storages,
      InMemoryRestoredAccounts restoredAccounts,
      Map<String, String> limits,
      DurableClients durable,
      RestoreWorkflow workflow,
      Runnable removeExpired) {
    this(
        clock,
        storages,
        restoredAccounts,
        new HookedAccounts(restoredAccounts),
        new Ids(new SecureRandom()).token(Token.Kind.ADMIN),
        limits,
        durable,
        workflow,
        removeExpired);
  }

  private InMemoryService(
      SettableClock clock,
      InMemoryArchiveStorageProvider storages,
      InMemoryRestoredAccounts restoredAccounts,
      HookedAccounts hooked,
      Token adminToken,
      Map<String, String> limits,
      DurableClients durable,
      RestoreWorkflow workflow,
      Runnable removeExpired) {
    this(
        clock,
        storages,
        restoredAccounts,
        hooked,
        adminToken,
        wiring(
            clock,
            storages,
            hooked,
            environment(adminToken, limits),
            durable,
            workflow,
            removeExpired));
  }

  private static Map<String, String> environment(Token adminToken, Map<String, String> limits) {
    Map<String, String> environment = new HashMap<>(limits);
    environment.put("DEPLOYMENT_ID", "test");
    environment.put("ADMIN_TOKEN_SHA256", adminToken.hash());
    environment.put("RESTORE_START_GRACE_SECONDS", "5");
    return environment;
  }

  private static AzureWiring wiring(
      SettableClock clock,
      InMemoryArchiveStorageProvider storages,
      HookedAccounts restoredAccounts,
      Map<String, String> environment,
      DurableClients durable,
      RestoreWorkflow workflow,
      Runnable removeExpired) {
    DeploymentKey key = new DeploymentKey(new byte[DeploymentKey.KEY_BYTES], new SecureRandom());
    InMemoryIds ids = new InMemoryIds();
    InMemoryAuditLog audit = new InMemoryAuditLog(100);
    InMemoryArchiveSettingsStore settings = new InMemoryArchiveSettingsStore(ids, audit);
    InMemoryRestoreStore restores = new InMemoryRestoreStore(ids, audit, 100);
    CountedMetrics metrics = new CountedMetrics();
    ServiceWiring service =
        new ServiceWiring(
            ServiceConfig.of(
                new EnvironmentReader(environment),
                new StorageRules.Allowed(Set.of(), false, null, false)),
            new ServiceWiring.Adapters(
                () -> new InMemoryAccountStore(ids, settings, restores, audit),
                () -> settings,
                () -> restores,
                () -> audit,
                InMemoryRequestWindows::new,
                () -> storages,
                () ->
                    new InMemoryArchiveStorage(
                        new InMemoryArchiveStorage.Bucket(), "restores", 100),
                () -> restoredAccounts,
                () -> key,
                () -> key,
                metrics,
                clock),
            () -> workflow);
    return new AzureWiring(service, metrics, durable, removeExpired);
  }

  Customer archivingCustomer() {
    return archivingCustomer("10");
  }

  Customer archivingCustomer(String dailyGb) {
    HttpFunctions http = new HttpFunctions(wiring);
    JsonObject account =
        answer(
            http.accounts(
                post(
                    "/v1/account-management/time-based-accounts",
                    adminToken.value(),
                    "{\"accountName\":\"shop\",\"maxDailyGB\":" + dailyGb + "}"),
                CALL));
    Customer customer =
        new Customer(
            Fields.of(account).integer("accountId", 1, Integer.MAX_VALUE).orElseThrow(),
            text(account, "apiToken"),
            text(account, "shippingToken"));
    storages.createBucket("customer", "AKIACUSTOMER", "planted-secret");
    answer(
        http.archiveSettings(
            post(
                "/v2/archive/settings",
                customer.apiToken(),
                """
                {"storageType":"S3","amazonS3StorageSettings":{"credentialsType":"KEYS",
                 "path":"customer/logs","s3SecretCredentials":
                 {"accessKey":"AKIACUSTOMER","secretKey":"planted-secret"}}}"""),
            CALL));
    return customer;
  }

  static HostRequest<String> post(String path, String token, String json) {
    return HostRequest.text(
        path,
        Map.of("X-API-TOKEN", token, "Content-Type", "application/json"),
        json.getBytes(UTF_8));
  }

  static JsonObject answer(HttpResponseMessage reply) {
    assertThat(reply.getStatusCode()).isEqualTo(200);
    assertThat(text(reply)).doesNotContain("planted-");
    return Json.object((byte[]) reply.getBody());
  }

  static String text(HttpResponseMessage reply) {
    return new String((byte[]) reply.getBody(), UTF_8);
  }

  private static String text(JsonObject object, String member) {
    return ((JsonValue.Text) object.member(member).orElseThrow()).value();
  }
}
