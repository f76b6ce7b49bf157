package io.logarchive.archive;

import io.logarchive.account.Account;
import io.logarchive.account.AccountStore;
import io.logarchive.account.Authentication;
import io.logarchive.account.Caller;
import io.logarchive.account.Secret;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tests a storage for an account without storing or claiming anything: the test leaves its probe in
 * the bucket, and no ownership proof.
 */
public final class TestArchiveSettings {

  /** A place and its key; without a secret, the stored one of the same access key is used. */
  public record Place(S3Location location, String accessKey, @Nullable Secret secretKey) {}

  /**
   * What to test.
   *
   * @param settingsId settings of the account's, for what is not given; null for none
   * @param place null for the one that is stored
   */
  public record Request(@Nullable Integer settingsId, @Nullable Place place) {}

  /** What comes of it. */
  public sealed interface Outcome {
    record Tested(ConnectionTest.Report report) implements Outcome {}

    /** The account has no settings with this id. */
    record NoSettings() implements Outcome {}

    /** No secret was sent, and none is stored for this access key. */
    record SecretNeeded() implements Outcome {}
  }

  private final AccountStore accounts;
  private final ArchiveSettingsStore store;
  private final ConnectionTest connectionTest;
  private final SecretSealer sealer;
  private final Set<String> ownBuckets;

  /**
   * @param ownBuckets the deployment's own buckets, which nobody may archive into
   */
  public TestArchiveSettings(
      AccountStore accounts,
      ArchiveSettingsStore store,
      ConnectionTest connectionTest,
      SecretSealer sealer,
      Set<String> ownBuckets) {
    this.accounts = accounts;
    this.store = store;
    this.connectionTest = connectionTest;
    this.sealer = sealer;
    this.ownBuckets = Set.copyOf(ownBuckets);
  }

  public Outcome run(Caller caller, Request request) {
    Integer id = request.settingsId();
    Optional<ArchiveSettings> stored =
        store.find(caller.accountId()).filter(settings -> id != null && settings.id() == id);
    if (id != null && stored.isEmpty()) {
      return new Outcome.NoSettings();
    }
    Place place = request.place();
    if (place == null) {
      return stored
          .map(settings -> test(caller, settings.access(settings.storage(), sealer)))
          .orElseGet(Outcome.NoSettings::new);
    }
    Secret sent = place.secretKey();
    if (sent != null) {
      return test(caller, StorageAccess.S3.keys(place.location(), place.accessKey(), sent));
    }
    return stored
        .flatMap(settings -> secret(settings, place.accessKey()))
        .map(
            secret ->
                test(caller, StorageAccess.S3.keys(place.location(), place.accessKey(), secret)))
        .orElseGet(Outcome.SecretNeeded::new);
  }

  private Outcome test(Caller caller, StorageAccess access) {
    Account account = accounts.find(caller.accountId()).orElseThrow(Authentication::invalidToken);
    StorageLocation location = access.location();
    boolean taken =
        ownBuckets.contains(location.container())
            || store
                .findClaim(location.claimKey())
                .filter(claim -> claim.heldByAnother(account.id()))
                .isPresent();
    return new Outcome.Tested(
        taken
            ? ConnectionTest.bucketTaken(location.container())
            : connectionTest.run(access, account.uid(), ConnectionTest.Claiming.NOTHING));
  }

  private Optional<Secret> secret(ArchiveSettings settings, String accessKey) {
    return settings.storage() instanceof S3Settings s3
            && s3.credentials() instanceof S3Credentials.Keys keys
            && keys.accessKey().equals(accessKey)
        ? Optional.of(sealer.open(settings.sealContext(), keys.secretKey()))
        : Optional.empty();
  }
}
