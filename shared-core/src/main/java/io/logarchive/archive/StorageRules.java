package io.logarchive.archive;

import io.logarchive.account.Account;
import io.logarchive.account.Secret;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which storages may be an account's archive, and what opens them. */
public final class StorageRules {

  /**
   * What a deployment allows.
   *
   * @param own the deployment's own buckets and containers, which nobody may archive into, by
   *     {@link StorageLocation#claimKey}
   * @param sharedBuckets whether accounts may share a bucket or container by prefixes that do not
   *     lie within each other
   * @param identity whom roles trust; null for a deployment without an identity in AWS
   * @param ownAccountRoles whether roles of the AWS account that the deployment itself runs in may
   *     be named
   */
  public record Allowed(
      Set<String> own,
      boolean sharedBuckets,
      @Nullable AwsIdentity identity,
      boolean ownAccountRoles) {
    public Allowed {
      own = Set.copyOf(own);
    }
  }

  private static final String ROLE = "amazonS3StorageSettings.s3IamCredentials.";

  private final ArchiveSettingsStore store;
  private final SecretSealer sealer;
  private final ExternalIds externalIds;
  private final Allowed allowed;

  public StorageRules(
      ArchiveSettingsStore store, SecretSealer sealer, ExternalIds externalIds, Allowed allowed) {
    this.store = store;
    this.sealer = sealer;
    this.externalIds = externalIds;
    this.allowed = allowed;
  }

  /** What opens a requested storage, or why it is refused. */
  sealed interface Resolved {
    record Access(StorageAccess access) implements Resolved {}

    record Refused(SettingsOutcome outcome) implements Resolved {}
  }

  /**
   * Fills in what the request leaves out: the account's external id, and a secret that is stored
   * already and belongs to the same identity.
   */
  Resolved resolve(Account account, StorageRequest request, @Nullable ArchiveSettings stored) {
    return switch (request) {
      case StorageRequest.S3 s3 ->
          switch (s3.login()) {
            case StorageRequest.S3Login.Keys keys -> keys(s3, keys, stored);
            case StorageRequest.S3Login.Role role -> role(account, s3, role);
          };
      case StorageRequest.Blob blob -> {
        Optional<Secret> secret =
            sentOr(
                blob.clientSecret(),
                stored,
                storage ->
                    storage instanceof BlobSettings known
                            && known.tenantId().equals(blob.tenantId())
                            && known.clientId().equals(blob.clientId())
                        ? known.clientSecret()
                        : null);
        yield secret.isPresent()
            ? new Resolved.Access(
                new StorageAccess.Blob(
                    blob.location(), blob.tenantId(), blob.clientId(), secret.get()))
            : unfit(
                "azureBlobStorageSettings.clientSecret",
                "is required: no secret is stored for this tenantId and clientId");
      }
    };
  }

  private Resolved keys(
      StorageRequest.S3 s3, StorageRequest.S3Login.Keys keys, @Nullable ArchiveSettings stored) {
    Optional<Secret> secret =
        sentOr(
            keys.secretKey(),
            stored,
            storage ->
                storage instanceof S3Settings known
                        && known.credentials() instanceof S3Credentials.Keys same
                        && same.accessKey().equals(keys.accessKey())
                    ? same.secretKey()
                    : null);
    return secret.isPresent()
        ? access(s3, new StorageAccess.S3Login.Keys(keys.accessKey(), secret.get()))
        : unfit(
            "amazonS3StorageSettings.s3SecretCredentials.secretKey",
            "is required: no secret is stored for this accessKey");
  }

  private Resolved role(Account account, StorageRequest.S3 s3, StorageRequest.S3Login.Role role) {
    AwsIdentity identity = allowed.identity();
    if (identity == null) {
      return new Resolved.Refused(new SettingsOutcome.NoRolesHere());
    }
    if (!allowed.ownAccountRoles() && awsAccount(role.arn()).equals(identity.accountId())) {
      return unfit(
          ROLE + "arn",
          "may not be of the AWS account that Log Archive runs in: name a role of your own account");
    }
    String externalId = externalIds.of(account.uid());
    if (role.externalId() != null && !role.externalId().equals(externalId)) {
      return unfit(
          ROLE + "externalId",
          "must be the one that Log Archive gave your account: take it from GET"
              + " /v2/archive/settings/aws-trust, or leave it out");
    }
    return access(s3, new StorageAccess.S3Login.Role(role.arn(), externalId, account.id()));
  }

  private static Resolved access(StorageRequest.S3 s3, StorageAccess.S3Login login) {
    return new Resolved.Access(
        new StorageAccess.S3(
            s3.location(), login, new S3Options(null, s3.storageClass(), s3.kmsKeyId())));
  }

  private static String awsAccount(String roleArn) {
    return roleArn.split(":", -1)[4];
  }

  private static Resolved unfit(String field, String rule) {
    return new Resolved.Refused(new SettingsOutcome.Unfit(field, rule));
  }

  private Optional<Secret> sentOr(
      @Nullable Secret sent, @Nullable ArchiveSettings stored, Known known) {
    if (sent != null || stored == null) {
      return Optional.ofNullable(sent);
    }
    return Optional.ofNullable(known.secretOf(stored.storage()))
        .map(secret -> sealer.open(stored.sealContext(), secret));
  }

  /** Finds the secret that belongs to a requested identity. */
  @FunctionalInterface
  private interface Known {
    @Nullable SealedSecret secretOf(StorageSettings storage);
  }

  /** Whether somebody else holds this place, or what lies around or within it. */
  boolean taken(int accountId, StorageLocation location) {
    return allowed.own().contains(location.claimKey())
        || store.claim(location).clashes(accountId, location.prefix(), allowed.sharedBuckets());
  }

  /**
   * The storage as it is stored.
   *
   * @param owner the AWS account that the bucket belongs to, if the test found it out
   * @param stored what is sealed already and need not be sealed again
   */
  StorageSettings sealed(
      StorageRequest request,
      StorageAccess access,
      @Nullable String owner,
      SecretSealer.SealContext context,
      @Nullable StorageSettings stored) {
    return switch (access) {
      case StorageAccess.S3 s3 ->
          new S3Settings(
              Objects.requireNonNull(request.path()),
              s3.location(),
              credentials(s3.login(), context, stored),
              s3.options().ownedBy(owner));
      case StorageAccess.Blob blob ->
          new BlobSettings(
              request.path(),
              blob.location(),
              blob.tenantId(),
              blob.clientId(),
              sealed(
                  blob.clientSecret(),
                  context,
                  stored instanceof BlobSettings known ? known.clientSecret() : null));
    };
  }

  private S3Credentials credentials(
      StorageAccess.S3Login login,
      SecretSealer.SealContext context,
      @Nullable StorageSettings stored) {
    return switch (login) {
      case StorageAccess.S3Login.Keys keys ->
          new S3Credentials.Keys(
              keys.accessKey(),
              sealed(
                  keys.secretKey(),
                  context,
                  stored instanceof S3Settings known
                          && known.credentials() instanceof S3Credentials.Keys before
                      ? before.secretKey()
                      : null));
      case StorageAccess.S3Login.Role role -> new S3Credentials.Role(role.arn(), role.externalId());
    };
  }

  private SealedSecret sealed(
      Secret secret, SecretSealer.SealContext context, @Nullable SealedSecret stored) {
    return stored != null && sealer.open(context, stored).equals(secret)
        ? stored
        : sealer.seal(context, secret);
  }
}
