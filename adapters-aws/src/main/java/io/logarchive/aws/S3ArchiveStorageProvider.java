package io.logarchive.aws;

import io.logarchive.archive.ArchiveStorage;
import io.logarchive.archive.ArchiveStorageProvider.Patience;
import io.logarchive.archive.AwsIdentity;
import io.logarchive.archive.BucketInquiry;
import io.logarchive.archive.BucketProvider;
import io.logarchive.archive.S3Location;
import io.logarchive.archive.S3Options;
import io.logarchive.archive.StorageAccess;
import io.logarchive.archive.StorageAccess.S3Login;
import io.logarchive.aws.AwsFault.Effect;
import io.logarchive.fault.ServiceException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sts.StsClient;

/**
 * Opens archives in S3 buckets, in whatever region each is. All share two clients; each call
 * carries its own archive's credentials.
 */
public final class S3ArchiveStorageProvider implements BucketProvider {
  private static final int PAGE_SIZE = 1_000;

  private final AwsClients clients;
  private final S3Client retrying;
  private final S3Client brief;
  private final @Nullable RoleSessions roles;
  private final int pageSize;

  /**
   * @param identity by which roles are assumed; null for a deployment that can assume none
   * @param deploymentId names the deployment in the trails of those whose roles are assumed
   */
  public S3ArchiveStorageProvider(
      AwsClients clients, @Nullable AwsIdentity identity, String deploymentId) {
    this(
        clients,
        identity == null ? null : new RoleSessions(clients, identity, deploymentId),
        PAGE_SIZE);
  }

  /** Opens archives with access keys only. */
  public S3ArchiveStorageProvider(AwsClients clients) {
    this(clients, null, PAGE_SIZE);
  }

  /**
   * @param pageSize how many objects a page of a listing holds, at most 1,000
   */
  S3ArchiveStorageProvider(AwsClients clients, @Nullable RoleSessions roles, int pageSize) {
    this.clients = clients;
    this.retrying = clients.retryingS3();
    this.brief = clients.briefS3();
    this.roles = roles;
    this.pageSize = pageSize;
  }

  @Override
  public ArchiveStorage open(StorageAccess.S3 access, Patience patience) {
    S3Client client =
        switch (patience) {
          case RETRYING -> retrying;
          case BRIEF -> brief;
        };
    return new S3ArchiveStorage(
        client,
        access.location(),
        access.options(),
        credentials(access.login(), access.location(), patience),
        pageSize);
  }

  @Override
  public BucketInquiry inquire(StorageAccess.S3 access) {
    S3Location location = access.location();
    return new S3Inquiry(
        brief,
        location.bucket(),
        location.prefix().isEmpty() ? "" : location.prefix() + "/",
        credentials(access.login(), location, Patience.BRIEF)::current,
        () -> {
          if (access.login() instanceof S3Login.Role role) {
            roles().assume(role, location);
          }
        },
        this::account);
  }

  /** Opens a bucket of the deployment's own, with its own credentials. */
  public ArchiveStorage openOwn(S3Location location) {
    AwsCredentialsProvider own = clients.credentials();
    return new S3ArchiveStorage(
        retrying, location, S3Options.NONE, ArchiveCredentials.always(own), pageSize);
  }

  private ArchiveCredentials credentials(S3Login login, S3Location location, Patience patience) {
    return switch (login) {
      case S3Login.Keys keys ->
          ArchiveCredentials.always(
              StaticCredentialsProvider.create(
                  AwsBasicCredentials.create(keys.accessKey(), keys.secretKey().value())));
      case S3Login.Role role -> new OfRole(role, location, patience);
    };
  }

  /** Asked before each call, so that what STS refuses is told apart from what the bucket does. */
  private final class OfRole implements ArchiveCredentials {
    private final S3Login.Role role;
    private final S3Location location;
    private final Patience patience;

    OfRole(S3Login.Role role, S3Location location, Patience patience) {
      this.role = role;
      this.location = location;
      this.patience = patience;
    }

    @Override
    public AwsCredentialsProvider current() {
      return StaticCredentialsProvider.create(roles().credentials(role, location, patience));
    }

    @Override
    public boolean giveUp(AwsCredentialsProvider unknown) {
      roles().forget(role, location, patience, unknown.resolveCredentials());
      return true;
    }
  }

  private RoleSessions roles() {
    RoleSessions known = roles;
    if (known == null) {
      throw new ServiceException.Denied("AssumeRole", "RolesNotAvailable", null, null);
    }
    return known;
  }

  private Optional<String> account(AwsCredentialsProvider credentials) {
    if (!clients.knowsCallers()) {
      return Optional.empty();
    }
    try (StsClient sts = clients.briefSts(credentials)) {
      return Optional.of(
          AwsFault.call("GetCallerIdentity", Effect.READ, () -> sts.getCallerIdentity().account()));
    }
  }
}
