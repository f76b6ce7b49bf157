package io.logarchive.service;

import io.logarchive.account.AccountStore;
import io.logarchive.account.Authentication;
import io.logarchive.account.ChangeAccount;
import io.logarchive.account.CreateAccount;
import io.logarchive.account.Ids;
import io.logarchive.account.MakeToken;
import io.logarchive.account.RevokeToken;
import io.logarchive.account.RotateToken;
import io.logarchive.account.ShippingTokens;
import io.logarchive.admin.AccountsApi;
import io.logarchive.admin.AuditApi;
import io.logarchive.admin.RemoveAccount;
import io.logarchive.admin.TokensApi;
import io.logarchive.archive.ArchiveSettingsApi;
import io.logarchive.archive.ArchiveSettingsStore;
import io.logarchive.archive.ArchiveStorage;
import io.logarchive.archive.ArchiveStorageProvider;
import io.logarchive.archive.Archives;
import io.logarchive.archive.AwsTrust;
import io.logarchive.archive.ConnectionTest;
import io.logarchive.archive.CreateArchiveSettings;
import io.logarchive.archive.DeploymentSignature;
import io.logarchive.archive.ExternalIds;
import io.logarchive.archive.OwnershipProof;
import io.logarchive.archive.RemoveArchiveSettings;
import io.logarchive.archive.SecretSealer;
import io.logarchive.archive.StorageRules;
import io.logarchive.archive.SuspendArchiving;
import io.logarchive.archive.TestArchiveSettings;
import io.logarchive.archive.UpdateArchiveSettings;
import io.logarchive.audit.AuditLog;
import io.logarchive.audit.AuditTrail;
import io.logarchive.http.Api;
import io.logarchive.http.HealthApi;
import io.logarchive.ingest.ArchiveBatch;
import io.logarchive.ingest.IngestApi;
import io.logarchive.ingest.IngestLogs;
import io.logarchive.limit.LocalBuckets;
import io.logarchive.limit.RequestLimits;
import io.logarchive.limit.RequestWindows;
import io.logarchive.metrics.Metrics;
import io.logarchive.restore.CountSlice;
import io.logarchive.restore.CutRestore;
import io.logarchive.restore.ExpireRestores;
import io.logarchive.restore.FailRestore;
import io.logarchive.restore.FinishRestore;
import io.logarchive.restore.PlanRestore;
import io.logarchive.restore.RemoveRestore;
import io.logarchive.restore.RestoreApi;
import io.logarchive.restore.RestoreEnd;
import io.logarchive.restore.RestorePlans;
import io.logarchive.restore.RestoreSlice;
import io.logarchive.restore.RestoreSource;
import io.logarchive.restore.RestoreStore;
import io.logarchive.restore.RestoreWorkflow;
import io.logarchive.restore.RestoredAccounts;
import io.logarchive.restore.StartRequestedRestore;
import io.logarchive.restore.StartRestore;
import io.logarchive.restore.SweepRestores;
import io.logarchive.search.SearchApi;
import io.logarchive.search.SearchRestoredAccounts;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The use cases of a deployment, over whatever adapters it has. Each is built when a function first
 * asks for it, so that a function that starts builds only what it uses.
 */
public final class ServiceWiring {

  /** What the use cases stand on. */
  public record Adapters(
      Supplier<AccountStore> accounts,
      Supplier<ArchiveSettingsStore> settings,
      Supplier<RestoreStore> restores,
      Supplier<AuditLog> audit,
      Supplier<RequestWindows> windows,
      Supplier<ArchiveStorageProvider> storages,
      Supplier<ArchiveStorage> plans,
      Supplier<RestoredAccounts> restoredAccounts,
      Supplier<SecretSealer> sealer,
      Supplier<DeploymentSignature> signature,
      Metrics metrics,
      InstantSource clock) {

    public Adapters {
      accounts = once(accounts);
      settings = once(settings);
      restores = once(restores);
      audit = once(audit);
      windows = once(windows);
      storages = once(storages);
      plans = once(plans);
      restoredAccounts = once(restoredAccounts);
      sealer = once(sealer);
      signature = once(signature);
    }
  }

  private final ServiceConfig config;
  private final Adapters adapters;
  private final SecureRandom random = new SecureRandom();
  private final Supplier<RestoreWorkflow> workflow;
  private final Supplier<Archives> archives = once(this::newArchives);

  /**
   * @param workflow runs restores
   */
  public ServiceWiring(
      ServiceConfig config, Adapters adapters, Supplier<RestoreWorkflow> workflow) {
    this.config = config;
    this.adapters = adapters;
    this.workflow = once(workflow);
  }

  public InstantSource clock() {
    return adapters.clock();
  }

  public Api healthApi() {
    return new HealthApi();
  }

  public Api accountsApi() {
    return new AccountsApi(
            authentication(),
            adapters.accounts().get(),
            new CreateAccount(adapters.accounts().get(), trail(), ids(), clock()),
            new ChangeAccount(adapters.accounts().get(), trail()),
            new RemoveAccount(
                adapters.accounts().get(),
                adapters.settings().get(),
                removeArchiveSettings(),
                adapters.restores().get(),
                removeRestore(),
                trail()))
        .routes()
        .and(
            new TokensApi(
                    authentication(),
                    adapters.accounts().get(),
                    new MakeToken(adapters.accounts().get(), trail(), ids(), clock()),
                    new RotateToken(adapters.accounts().get(), trail(), ids(), clock()),
                    new RevokeToken(adapters.accounts().get(), trail(), clock()),
                    clock())
                .routes())
        .and(
            new AuditApi(authentication(), adapters.accounts().get(), adapters.audit().get())
                .routes());
  }

  public Api archiveSettingsApi() {
    AccountStore accounts = adapters.accounts().get();
    ArchiveSettingsStore settings = adapters.settings().get();
    SecretSealer sealer = adapters.sealer().get();
    StorageRules rules = new StorageRules(settings, sealer, externalIds(), config.storages());
    ConnectionTest connectionTest =
        new ConnectionTest(
            adapters.storages().get(), proof(), clock(), config.storages().identity());
    return new ArchiveSettingsApi(
        authentication(),
        new CreateArchiveSettings(
            accounts,
            settings,
            removeArchiveSettings(),
            rules,
            connectionTest,
            trail(),
            ids(),
            clock()),
        new UpdateArchiveSettings(accounts, settings, rules, connectionTest, trail(), clock()),
        new TestArchiveSettings(accounts, settings, rules, connectionTest, sealer, trail()),
        removeArchiveSettings(),
        settings,
        new AwsTrust(accounts, externalIds(), config.storages().identity()));
  }

  private RemoveArchiveSettings removeArchiveSettings() {
    return new RemoveArchiveSettings(adapters.settings().get(), trail());
  }

  public Api ingestApi() {
    return new IngestApi(
        new ShippingTokens(adapters.accounts().get(), clock()),
        new LocalBuckets(config.ingestRate(), clock()),
        new IngestLogs(
            adapters.settings().get(),
            archives.get(),
            new SuspendArchiving(adapters.settings().get(), trail()),
            new ArchiveBatch(metrics()),
            metrics(),
            clock(),
            config.ingestLimits()));
  }

  public Api restoreApi() {
    return new RestoreApi(
        authentication(), startRequestedRestore(), removeRestore(), adapters.restores().get());
  }

  public StartRequestedRestore startRequestedRestore() {
    return new StartRequestedRestore(
        new StartRestore(
            adapters.accounts().get(),
            source(),
            adapters.restores().get(),
            workflow.get(),
            ids(),
            trail(),
            metrics(),
            clock(),
            config.restoreLimits()));
  }

  public Api searchApi() {
    return new SearchApi(
        authentication(),
        new SearchRestoredAccounts(adapters.restores().get(), adapters.restoredAccounts().get()));
  }

  public PlanRestore planRestore() {
    return new PlanRestore(
        adapters.restores().get(),
        source(),
        plans(),
        adapters.restoredAccounts().get(),
        failRestore(),
        clock(),
        config.sliceLimits());
  }

  public CountSlice countSlice() {
    return new CountSlice(adapters.restores().get(), source(), plans(), clock());
  }

  public CutRestore cutRestore() {
    return new CutRestore(adapters.restores().get(), plans(), failRestore());
  }

  public RestoreSlice restoreSlice() {
    return new RestoreSlice(
        adapters.restores().get(),
        source(),
        plans(),
        adapters.restoredAccounts().get(),
        metrics(),
        clock(),
        config.bulkLimits());
  }

  public FinishRestore finishRestore() {
    return new FinishRestore(
        adapters.restores().get(), adapters.restoredAccounts().get(), metrics(), clock());
  }

  public FailRestore failRestore() {
    return new FailRestore(
        adapters.restores().get(), adapters.restoredAccounts().get(), end(), clock());
  }

  public ExpireRestores expireRestores() {
    return new ExpireRestores(
        adapters.restores().get(), adapters.restoredAccounts().get(), end(), clock());
  }

  public SweepRestores sweepRestores() {
    return new SweepRestores(
        adapters.restores().get(),
        workflow.get(),
        failRestore(),
        metrics(),
        clock(),
        config.startGrace());
  }

  private Authentication authentication() {
    return new Authentication(
        adapters.accounts().get(),
        config.adminTokenHash(),
        new RequestLimits(adapters.windows().get(), config.requestLimits(), metrics(), clock()),
        clock());
  }

  private Metrics metrics() {
    return adapters.metrics();
  }

  private Ids ids() {
    return new Ids(random);
  }

  private AuditTrail trail() {
    return new AuditTrail(random, clock());
  }

  private ExternalIds externalIds() {
    return new ExternalIds(adapters.signature().get());
  }

  private OwnershipProof proof() {
    return new OwnershipProof(config.deploymentId(), adapters.signature().get());
  }

  private Archives newArchives() {
    return new Archives(
        adapters.storages().get(), adapters.sealer().get(), proof(), metrics(), clock());
  }

  private RestoreSource source() {
    return new RestoreSource(adapters.settings().get(), archives.get());
  }

  private RestorePlans plans() {
    return new RestorePlans(adapters.plans().get());
  }

  private RemoveRestore removeRestore() {
    return new RemoveRestore(adapters.restores().get(), end(), trail(), clock());
  }

  private RestoreEnd end() {
    return new RestoreEnd(adapters.restores().get(), adapters.restoredAccounts().get(), metrics());
  }

  /** Makes it when it is first asked for, once. */
  public static <T> Supplier<T> once(Supplier<T> maker) {
    return new Once<>(maker);
  }

  private static final class Once<T> implements Supplier<T> {
    private final Supplier<T> maker;
    private @Nullable T made;

    Once(Supplier<T> maker) {
      this.maker = maker;
    }

    @Override
    public synchronized T get() {
      T value = made;
      if (value == null) {
        value = maker.get();
        made = value;
      }
      return value;
    }
  }
}
