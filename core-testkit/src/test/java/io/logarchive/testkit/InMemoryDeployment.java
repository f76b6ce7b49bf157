package io.logarchive.testkit;

import io.logarchive.account.AccountStore;
import io.logarchive.account.Authentication;
import io.logarchive.account.ChangeAccount;
import io.logarchive.account.CreateAccount;
import io.logarchive.account.Ids;
import io.logarchive.account.MakeToken;
import io.logarchive.account.RevokeToken;
import io.logarchive.account.RotateToken;
import io.logarchive.account.Secret;
import io.logarchive.account.ShippingTokens;
import io.logarchive.account.Token;
import io.logarchive.admin.AccountsApi;
import io.logarchive.admin.AuditApi;
import io.logarchive.admin.RemoveAccount;
import io.logarchive.admin.TokensApi;
import io.logarchive.archive.ArchiveSettingsApi;
import io.logarchive.archive.ArchiveSettingsStore;
import io.logarchive.archive.ArchiveStorage;
import io.logarchive.archive.ArchiveStorageProvider;
import io.logarchive.archive.Archives;
import io.logarchive.archive.AwsIdentity;
import io.logarchive.archive.AwsTrust;
import io.logarchive.archive.BucketInquiry;
import io.logarchive.archive.ConnectionTest;
import io.logarchive.archive.CreateArchiveSettings;
import io.logarchive.archive.DeploymentKey;
import io.logarchive.archive.DeploymentSignature;
import io.logarchive.archive.ExternalIds;
import io.logarchive.archive.OwnershipProof;
import io.logarchive.archive.RemoveArchiveSettings;
import io.logarchive.archive.S3Location;
import io.logarchive.archive.StorageAccess;
import io.logarchive.archive.StorageRules;
import io.logarchive.archive.SuspendArchiving;
import io.logarchive.archive.TestArchiveSettings;
import io.logarchive.archive.UpdateArchiveSettings;
import io.logarchive.audit.AuditEntry;
import io.logarchive.audit.AuditLog;
import io.logarchive.audit.AuditTrail;
import io.logarchive.http.Api;
import io.logarchive.http.ApiRequest;
import io.logarchive.http.ApiResponse;
import io.logarchive.http.CountedApi;
import io.logarchive.http.HealthApi;
import io.logarchive.ingest.ArchiveBatch;
import io.logarchive.ingest.IngestApi;
import io.logarchive.ingest.IngestLimits;
import io.logarchive.ingest.IngestLogs;
import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import io.logarchive.limit.LocalBuckets;
import io.logarchive.limit.RatePerSecond;
import io.logarchive.limit.RequestLimits;
import io.logarchive.limit.RequestLimits.PerMinute;
import io.logarchive.limit.RequestWindows;
import io.logarchive.metrics.Tally;
import io.logarchive.restore.CountSlice;
import io.logarchive.restore.CutRestore;
import io.logarchive.restore.ExpireRestores;
import io.logarchive.restore.FailRestore;
import io.logarchive.restore.FinishRestore;
import io.logarchive.restore.PlanRestore;
import io.logarchive.restore.RemoveRestore;
import io.logarchive.restore.RestoreApi;
import io.logarchive.restore.RestoreEnd;
import io.logarchive.restore.RestoreLimits;
import io.logarchive.restore.RestorePlans;
import io.logarchive.restore.RestoreSlice;
import io.logarchive.restore.RestoreSource;
import io.logarchive.restore.RestoreStore;
import io.logarchive.restore.RestoredAccounts;
import io.logarchive.restore.SliceLimits;
import io.logarchive.restore.StartRequestedRestore;
import io.logarchive.restore.StartRestore;
import io.logarchive.restore.SweepRestores;
import io.logarchive.search.SearchApi;
import io.logarchive.search.SearchRestoredAccounts;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The whole core over adapters in memory, used through its API as a customer would. */
public final class InMemoryDeployment {
  public static final Instant NOW = Instant.parse("2026-11-22T17:30:00Z");
  public static final String ACCESS_KEY = "AKIAIOSFODNN7EXAMPLE";
  public static final String SECRET_KEY = "planted/XUtnFEMI/K7MDENG/bPxRfiCYEXAMPLE";

  private static final int PAGE_SIZE = 100;
  private static final OpenApi OPEN_API = OpenApi.ofTheService();

  /** Puts something before a store. */
  @FunctionalInterface
  public interface Decorator {
    <T> T around(Class<T> type, T store);
  }

  /** What a test may set. */
  public static final class Options {
    private static final AwsIdentity AWS =
        AwsIdentity.ofRole("arn:aws:iam::999999999999:role/logs-archive-access");

    private SliceLimits slices = SliceLimits.DEFAULT;
    private RestoreLimits restores = RestoreLimits.DEFAULT;
    private RestoreSlice.BulkLimits bulk = RestoreSlice.BulkLimits.DEFAULT;
    private IngestLimits ingest = IngestLimits.DEFAULT;
    private PerMinute requests = new PerMinute(Integer.MAX_VALUE, Integer.MAX_VALUE);
    private RatePerSecond ingestRate = new RatePerSecond(Integer.MAX_VALUE, Integer.MAX_VALUE);
    private RequestWindows windows = new InMemoryRequestWindows();
    private UnaryOperator<ArchiveStorage> archive = storage -> storage;
    private UnaryOperator<RestoredAccounts> accounts = restored -> restored;
    private UnaryOperator<AccountStore> accountStore = store -> store;
    private @Nullable Decorator stores;
    private UnaryOperator<DeploymentSignature> signature = own -> own;
    private StorageRules.Allowed allowed =
        new StorageRules.Allowed(Set.of("s3:aws:the-deployments-own"), false, AWS, false);

    /** Which storages may be archives. */
    public Options allowed(StorageRules.Allowed storages) {
      allowed = storages;
      return this;
    }

    public Options slices(SliceLimits limits) {
      slices = limits;
      return this;
    }

    public Options restores(RestoreLimits limits) {
      restores = limits;
      return this;
    }

    public Options bulk(RestoreSlice.BulkLimits limits) {
      bulk = limits;
      return this;
    }

    public Options ingest(IngestLimits limits) {
      ingest = limits;
      return this;
    }

    /** As on one machine, or in another cloud. */
    public Options withoutAws() {
      allowed = new StorageRules.Allowed(allowed.own(), allowed.sharedBuckets(), null, false);
      return this;
    }

    public Options requests(PerMinute limits) {
      requests = limits;
      return this;
    }

    public Options windows(RequestWindows counted) {
      windows = counted;
      return this;
    }

    public Options ingestRate(RatePerSecond rate) {
      ingestRate = rate;
      return this;
    }

    /** What stands between the core and every customer's storage. */
    public Options archive(UnaryOperator<ArchiveStorage> decorator) {
      archive = decorator;
      return this;
    }

    /** What stands between the core and the key that signs ownership proofs. */
    public Options signature(UnaryOperator<DeploymentSignature> decorator) {
      signature = decorator;
      return this;
    }

    /** What stands between the core and the restored accounts. */
    public Options accounts(UnaryOperator<RestoredAccounts> decorator) {
      accounts = decorator;
      return this;
    }

    /** What stands between the core and every store of its own. */
    public Options stores(Decorator decorator) {
      stores = decorator;
      return this;
    }

    private <T> T around(Class<T> type, T store) {
      return stores == null ? store : stores.around(type, store);
    }

    /** What stands between the core and the accounts. */
    public Options accountStore(UnaryOperator<AccountStore> decorator) {
      accountStore = decorator;
      return this;
    }
  }

  /** An account with its tokens. */
  public record Customer(int id, String apiToken, String shippingToken) {}

  public final SettableClock clock = new SettableClock(NOW);
  private final Tally metrics = new Tally();
  public final InMemoryArchiveStorageProvider storages = new InMemoryArchiveStorageProvider();
  public final InMemoryRestoredAccounts restoredAccounts = new InMemoryRestoredAccounts(clock);
  public final InMemoryRestoreStore restoreStore;
  public final InMemoryArchiveSettingsStore settingsStore;
  public final InMemoryAccountStore accountStore;
  public final InMemoryAuditLog audit = new InMemoryAuditLog(PAGE_SIZE);
  public final ArchiveStorage plans;
  public final StepByStepWorkflow workflow;
  public final PlanRestore planRestore;
  public final CountSlice countSlice;
  public final CutRestore cutRestore;
  public final RestoreSlice restoreSlice;
  public final FinishRestore finishRestore;
  public final FailRestore failRestore;
  public final ExpireRestores expireRestores;
  public final SweepRestores sweepRestores;
  private final Token adminToken;
  private final PlantedSecrets secrets;
  private final Api accounts;
  private final Api settings;
  private final Api ingest;
  private final Api restores;
  private final Api search;
  private final AtomicInteger requests = new AtomicInteger();

  public InMemoryDeployment() {
    this(new Options());
  }

  public InMemoryDeployment(Options options) {
    SecureRandom random = new SecureRandom();
    Ids ids = new Ids(random);
    AuditTrail trail = new AuditTrail(random, clock);
    InMemoryIds taken = new InMemoryIds();
    settingsStore = new InMemoryArchiveSettingsStore(taken, audit);
    restoreStore = new InMemoryRestoreStore(taken, audit, PAGE_SIZE);
    accountStore = new InMemoryAccountStore(taken, settingsStore, restoreStore, audit);
    AccountStore knownAccounts =
        options.around(AccountStore.class, options.accountStore.apply(accountStore));
    ArchiveSettingsStore knownSettings = options.around(ArchiveSettingsStore.class, settingsStore);
    RestoreStore knownRestores = options.around(RestoreStore.class, restoreStore);
    AuditLog knownEntries = options.around(AuditLog.class, audit);
    adminToken = ids.token(Token.Kind.ADMIN);
    secrets = new PlantedSecrets(adminToken.value());
    Authentication authentication =
        new Authentication(
            knownAccounts,
            adminToken.hash(),
            new RequestLimits(options.windows, options.requests, metrics, clock),
            clock);
    byte[] keyBytes = new byte[DeploymentKey.KEY_BYTES];
    random.nextBytes(keyBytes);
    DeploymentKey key = new DeploymentKey(keyBytes, random);
    OwnershipProof proof = new OwnershipProof("deployment-1", options.signature.apply(key));
    ArchiveStorageProvider provider = new Decorated(storages, options.archive);
    ConnectionTest connectionTest =
        new ConnectionTest(provider, proof, clock, options.allowed.identity());
    StorageRules rules =
        new StorageRules(knownSettings, key, new ExternalIds(key), options.allowed);
    RemoveArchiveSettings removeSettings = new RemoveArchiveSettings(knownSettings, trail);
    settings =
        new ArchiveSettingsApi(
            authentication,
            new CreateArchiveSettings(
                knownAccounts,
                knownSettings,
                removeSettings,
                rules,
                connectionTest,
                trail,
                ids,
                clock),
            new UpdateArchiveSettings(
                knownAccounts, knownSettings, rules, connectionTest, trail, clock),
            new TestArchiveSettings(
                knownAccounts, knownSettings, rules, connectionTest, key, trail),
            removeSettings,
            knownSettings,
            new AwsTrust(knownAccounts, new ExternalIds(key), options.allowed.identity()));
    Archives archives = new Archives(provider, key, proof, metrics, clock);
    ingest =
        new IngestApi(
            new ShippingTokens(knownAccounts, clock),
            new LocalBuckets(options.ingestRate, clock),
            new IngestLogs(
                knownSettings,
                archives,
                new SuspendArchiving(knownSettings, trail),
                new ArchiveBatch(metrics),
                metrics,
                clock,
                options.ingest));

    RestoreSource source = new RestoreSource(knownSettings, archives);
    plans = new InMemoryArchiveStorage(new InMemoryArchiveStorage.Bucket(), "restores", PAGE_SIZE);
    RestorePlans restorePlans = new RestorePlans(plans);
    RestoredAccounts restored = options.accounts.apply(restoredAccounts);
    RestoreEnd end = new RestoreEnd(knownRestores, restored, metrics);
    RemoveRestore removeRestore = new RemoveRestore(knownRestores, end, trail, clock);
    accounts =
        new AccountsApi(
                authentication,
                knownAccounts,
                new CreateAccount(knownAccounts, trail, ids, clock),
                new ChangeAccount(knownAccounts, trail),
                new RemoveAccount(
                    knownAccounts,
                    knownSettings,
                    removeSettings,
                    knownRestores,
                    removeRestore,
                    trail))
            .routes()
            .and(
                new TokensApi(
                        authentication,
                        knownAccounts,
                        new MakeToken(knownAccounts, trail, ids, clock),
                        new RotateToken(knownAccounts, trail, ids, clock),
                        new RevokeToken(knownAccounts, trail, clock),
                        clock)
                    .routes())
            .and(new AuditApi(authentication, knownAccounts, knownEntries).routes());
    failRestore = new FailRestore(knownRestores, restored, end, clock);
    planRestore =
        new PlanRestore(
            knownRestores, source, restorePlans, restored, failRestore, clock, options.slices);
    countSlice = new CountSlice(knownRestores, source, restorePlans, clock);
    cutRestore = new CutRestore(knownRestores, restorePlans, failRestore);
    restoreSlice =
        new RestoreSlice(
            knownRestores, source, restorePlans, restored, metrics, clock, options.bulk);
    finishRestore = new FinishRestore(knownRestores, restored, metrics, clock);
    expireRestores = new ExpireRestores(knownRestores, restored, end, clock);
    workflow = new StepByStepWorkflow(this);
    sweepRestores =
        new SweepRestores(
            knownRestores, workflow, failRestore, metrics, clock, Duration.ofMinutes(1));
    restores =
        new RestoreApi(
            authentication,
            new StartRequestedRestore(
                new StartRestore(
                    knownAccounts,
                    source,
                    knownRestores,
                    workflow,
                    ids,
                    trail,
                    metrics,
                    clock,
                    options.restores)),
            removeRestore,
            knownRestores);
    search = new SearchApi(authentication, new SearchRestoredAccounts(knownRestores, restored));
  }

  /** What all its APIs answer, such as {@code GET /archive/restore/{id}}. */
  public Set<String> operations() {
    return Stream.of(new HealthApi(), accounts, settings, ingest, restores, search)
        .flatMap(api -> api.operations().stream())
        .collect(Collectors.toSet());
  }

  public String adminToken() {
    return adminToken.value();
  }

  /** A new account without an archive. */
  public Customer customer(String name) {
    return customer(name, new BigDecimal("1000"));
  }

  public Customer customer(String name, BigDecimal maxDailyGb) {
    JsonObject body =
        JsonObject.builder()
            .put("accountName", name)
            .put("maxDailyGB", new JsonValue.Num(maxDailyGb.toPlainString()))
            .build();
    JsonObject created =
        object(
            answer(
                accounts,
                request(
                    "POST",
                    "/v1/account-management/time-based-accounts",
                    adminToken.value(),
                    Map.of(),
                    body.bytes())));
    return new Customer(
        number(created, "accountId"), text(created, "apiToken"), text(created, "shippingToken"));
  }

  /** A new token of an account, by its scopes. */
  public String token(Customer customer, String... scopes) {
    String body =
        "{\"name\":\"%s\",\"scopes\":[\"%s\"]}"
            .formatted(String.join(" ", scopes), String.join("\",\"", scopes));
    String path = "/v1/account-management/time-based-accounts/" + customer.id() + "/tokens";
    return text(object(accounts("POST", path, adminToken(), body)), "token");
  }

  /** A new account that archives into a bucket of its own. */
  public Customer archivingCustomer(String bucket) {
    Customer customer = customer(bucket);
    storages.createBucket(bucket, ACCESS_KEY, SECRET_KEY);
    ApiResponse reply = createSettings(customer, settings(bucket));
    if (reply.status() != 200) {
      throw new IllegalStateException(reply.bodyText());
    }
    return customer;
  }

  /** What lies in a bucket, past everything that stands before it. */
  public ArchiveStorage bucket(String name) {
    return storages.open(
        StorageAccess.S3.keys(new S3Location(name, ""), ACCESS_KEY, new Secret(SECRET_KEY)),
        ArchiveStorageProvider.Patience.BRIEF);
  }

  /** Settings as a request sends them. */
  public static String settings(String path) {
    return """
        {"storageType":"S3","amazonS3StorageSettings":{"credentialsType":"KEYS","path":"%s",
         "s3SecretCredentials":{"accessKey":"%s","secretKey":"%s"}}}"""
        .formatted(path, ACCESS_KEY, SECRET_KEY);
  }

  /**
   * Sends any request to whichever API answers its path.
   *
   * @param path with the query, if there is one; nothing in it is encoded
   */
  public ApiResponse call(String method, String path, Map<String, String> headers, byte[] body) {
    ApiRequest request = request(method, path, "", headers, body);
    return answer(api(request.path()), request);
  }

  private Api api(String path) {
    if (path.equals("/")) {
      return ingest;
    }
    if (path.startsWith("/v1/account-management/") || path.equals("/v1/audit")) {
      return accounts;
    }
    if (path.startsWith("/v2/archive/settings")) {
      return settings;
    }
    if (path.startsWith("/archive/restore")) {
      return restores;
    }
    return path.startsWith("/v1/s") ? search : new HealthApi();
  }

  public ApiResponse createSettings(Customer customer, String body) {
    return settings("POST", "/v2/archive/settings", customer.apiToken(), body);
  }

  public ApiResponse settings(String method, String path, String token, String body) {
    return answer(
        settings, request(method, path, token, Map.of(), body.getBytes(StandardCharsets.UTF_8)));
  }

  public ApiResponse accounts(String method, String path, String token, String body) {
    return answer(
        accounts, request(method, path, token, Map.of(), body.getBytes(StandardCharsets.UTF_8)));
  }

  /** Writes an audit entry without any change. */
  public void write(AuditEntry entry) {
    audit.add(entry);
  }

  /** Any call, in whatever bytes. */
  public ApiResponse call(String method, String path, String token, byte[] body) {
    Api api =
        switch (path.split("/", -1)[1]) {
          case "archive" -> restores;
          case "v2" -> settings;
          case "v1" -> path.startsWith("/v1/s") ? search : accounts;
          default -> new HealthApi();
        };
    return answer(api, request(method, path, token, Map.of(), body));
  }

  /** Sends logs as a shipper does. */
  public ApiResponse send(Customer customer, String body) {
    return send(customer, body.getBytes(StandardCharsets.UTF_8));
  }

  public ApiResponse send(Customer customer, byte[] body) {
    return ingest(Map.of("token", customer.shippingToken()), Map.of(), body, true);
  }

  public ApiResponse ingest(
      Map<String, String> query, Map<String, String> headers, byte[] body, boolean bytesIntact) {
    return answer(
        ingest, new ApiRequest("POST", "/", query, headers, body, bytesIntact, requestId()));
  }

  /** Starts a restore of a range and runs it to its end. */
  public JsonObject restore(Customer customer, String name, Instant start, Instant end) {
    JsonObject started = object(startRestore(customer, name, start, end));
    workflow.runAll();
    return operation(customer, number(started, "id"));
  }

  public ApiResponse startRestore(Customer customer, String name, Instant start, Instant end) {
    return restores(
        "POST",
        "/archive/restore",
        customer.apiToken(),
        "{\"accountName\":\"%s\",\"startTime\":%s,\"endTime\":%s}"
            .formatted(name, seconds(start), seconds(end)));
  }

  private static String seconds(Instant time) {
    return BigDecimal.valueOf(time.toEpochMilli(), 3).toPlainString();
  }

  public ApiResponse restores(String method, String path, String token, String body) {
    return restores(method, path, token, Map.of(), body);
  }

  public ApiResponse restores(
      String method, String path, String token, Map<String, String> headers, String body) {
    return answer(
        restores, request(method, path, token, headers, body.getBytes(StandardCharsets.UTF_8)));
  }

  public ApiResponse search(String token, String body) {
    return answer(
        search,
        request("POST", "/v1/search", token, Map.of(), body.getBytes(StandardCharsets.UTF_8)));
  }

  public ApiResponse scroll(String token) {
    return answer(search, request("POST", "/v1/scroll", token, Map.of(), new byte[0]));
  }

  /** The operation as the API shows it. */
  public JsonObject operation(Customer customer, int restoreId) {
    return object(restores("GET", "/archive/restore/" + restoreId, customer.apiToken(), ""));
  }

  /** The lines that a restore brought back, in order. */
  public List<String> restoredLines(int restoreId) {
    return restoredAccounts.lines(restoreStore.find(restoreId).orElseThrow().uid()).stream()
        .sorted()
        .toList();
  }

  public static JsonObject object(ApiResponse reply) {
    if (reply.status() != 200) {
      throw new IllegalStateException(reply.status() + " " + reply.bodyText());
    }
    return Json.object(reply.body());
  }

  public static String text(JsonObject object, String name) {
    return ((JsonValue.Text) object.member(name).orElseThrow()).value();
  }

  public static int number(JsonObject object, String name) {
    return ((JsonValue.Num) object.member(name).orElseThrow()).value().intValueExact();
  }

  private ApiRequest request(
      String method, String path, String token, Map<String, String> headers, byte[] body) {
    Map<String, String> all = new HashMap<>(headers);
    if (!token.isEmpty()) {
      all.put("X-API-TOKEN", token);
    }
    int mark = path.indexOf('?');
    return new ApiRequest(
        method,
        mark < 0 ? path : path.substring(0, mark),
        mark < 0 ? Map.of() : query(path.substring(mark + 1)),
        all,
        body,
        true,
        requestId());
  }

  private static Map<String, String> query(String parameters) {
    Map<String, String> query = new HashMap<>();
    for (String parameter : parameters.split("&", -1)) {
      String[] parts = parameter.split("=", 2);
      query.put(parts[0], parts[1]);
    }
    return query;
  }

  /**
   * What was counted since the last time: a sum, or each of several times, by names such as {@code
   * LogsRefused Malformed}.
   */
  public Map<String, List<Long>> counted() {
    Map<String, List<Long>> counted = new TreeMap<>();
    metrics
        .take()
        .forEach(
            (series, values) ->
                counted.put(
                    series.metric().text() + (series.which() == null ? "" : " " + series.which()),
                    values));
    return counted;
  }

  private ApiResponse answer(Api api, ApiRequest request) {
    ApiResponse reply = new CountedApi(api, metrics).handle(request);
    List<String> faults = OPEN_API.faults(request, reply);
    if (!faults.isEmpty()) {
      throw new AssertionError(
          "openapi.yaml does not know " + reply + " to " + request + ": " + faults);
    }
    secrets.check(request, reply);
    return reply;
  }

  private String requestId() {
    return "request-" + requests.incrementAndGet();
  }

  private record Decorated(ArchiveStorageProvider provider, UnaryOperator<ArchiveStorage> decorator)
      implements ArchiveStorageProvider {
    @Override
    public ArchiveStorage open(StorageAccess access, Patience patience) {
      return decorator.apply(provider.open(access, patience));
    }

    @Override
    public BucketInquiry inquire(StorageAccess.S3 access) {
      return provider.inquire(access);
    }

    @Override
    public ArchiveStorage signIn(StorageAccess.Blob access) {
      return decorator.apply(provider.signIn(access));
    }
  }
}
