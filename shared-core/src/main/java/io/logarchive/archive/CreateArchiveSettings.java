package io.logarchive.archive;

import io.logarchive.account.Account;
import io.logarchive.account.AccountStore;
import io.logarchive.account.Authentication;
import io.logarchive.account.Caller;
import io.logarchive.account.Ids;
import io.logarchive.account.Secret;
import io.logarchive.fault.ServiceException;
import io.logarchive.format.Compression;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Sets up an account's archive: tests the storage, claims the bucket, seals the secret, stores. The
 * deployment stores nothing unless all of it works; the test leaves its probe and the account's
 * ownership proof in the bucket.
 */
public final class CreateArchiveSettings {
  private static final int TRIES = 10;

  /** What is asked for; the secret is in the clear. */
  public record Request(
      String path,
      S3Location location,
      String accessKey,
      Secret secretKey,
      boolean enabled,
      Compression compression) {}

  /** What comes of it. */
  public sealed interface Outcome {
    record Created(ArchiveSettings settings) implements Outcome {}

    /** The account has an archive already. */
    record Exists(int settingsId) implements Outcome {}

    /** The bucket is another account's, or the deployment's own. */
    record BucketTaken(String bucket) implements Outcome {}

    record TestFailed(ConnectionTest.Report report) implements Outcome {}
  }

  private final AccountStore accounts;
  private final ArchiveSettingsStore store;
  private final RemoveArchiveSettings removeArchiveSettings;
  private final ConnectionTest connectionTest;
  private final SecretSealer sealer;
  private final Ids ids;
  private final InstantSource clock;
  private final Set<String> ownBuckets;

  /**
   * @param ownBuckets the deployment's own buckets, which nobody may archive into
   */
  public CreateArchiveSettings(
      AccountStore accounts,
      ArchiveSettingsStore store,
      ConnectionTest connectionTest,
      SecretSealer sealer,
      Ids ids,
      InstantSource clock,
      Set<String> ownBuckets) {
    this.accounts = accounts;
    this.store = store;
    this.removeArchiveSettings = new RemoveArchiveSettings(store);
    this.connectionTest = connectionTest;
    this.sealer = sealer;
    this.ids = ids;
    this.clock = clock;
    this.ownBuckets = Set.copyOf(ownBuckets);
  }

  public Outcome run(Caller caller, Request request) {
    Account account = accounts.find(caller.accountId()).orElseThrow(Authentication::invalidToken);
    Optional<Outcome> refused = refusal(account, request);
    if (refused.isPresent()) {
      return refused.get();
    }
    ConnectionTest.Report report =
        connectionTest.run(
            StorageAccess.S3.keys(request.location(), request.accessKey(), request.secretKey()),
            account.uid(),
            ConnectionTest.Claiming.WHAT_IS_FREE);
    return report.ok() ? store(account, request) : new Outcome.TestFailed(report);
  }

  /** Before the storage is called, and again whenever somebody else wrote in between. */
  private Optional<Outcome> refusal(Account account, Request request) {
    Optional<ArchiveSettings> existing = store.find(account.id());
    if (existing.isPresent()) {
      return Optional.of(new Outcome.Exists(existing.get().id()));
    }
    S3Location location = request.location();
    if (ownBuckets.contains(location.bucket()) || claim(location).heldByAnother(account.id())) {
      return Optional.of(new Outcome.BucketTaken(location.bucket()));
    }
    return Optional.empty();
  }

  private Outcome store(Account account, Request request) {
    for (int i = 0; i < TRIES; i++) {
      BucketClaim claim = claim(request.location());
      Optional<Outcome> refused = refusal(account, request);
      if (refused.isPresent()) {
        return refused.get();
      }
      int id = ids.id();
      SealedSecret sealed =
          sealer.seal(new SecretSealer.SealContext(account.uid(), id), request.secretKey());
      ArchiveSettings settings =
          ArchiveSettings.created(
              id,
              account.id(),
              account.uid(),
              new S3Settings(
                  request.path(),
                  request.location(),
                  new S3Credentials.Keys(request.accessKey(), sealed),
                  S3Options.NONE),
              request.enabled(),
              request.compression(),
              clock.instant());
      if (store.save(settings, List.of(claim.with(request.location().prefix(), account.id())))
          == ArchiveSettingsStore.Saved.YES) {
        return kept(settings);
      }
    }
    throw new ServiceException.Unavailable("CreateArchiveSettings", "TooManyAtOnce", null, null);
  }

  /** Whoever removes an account looks for its settings after that, and so finds these. */
  private Outcome kept(ArchiveSettings settings) {
    if (accounts.find(settings.accountId()).isPresent()) {
      return new Outcome.Created(settings);
    }
    removeArchiveSettings.run(Caller.deploymentFor(settings.accountId()), settings.id());
    throw Authentication.invalidToken();
  }

  private BucketClaim claim(S3Location location) {
    String key = location.claimKey();
    return store.findClaim(key).orElseGet(() -> BucketClaim.none(key));
  }
}
