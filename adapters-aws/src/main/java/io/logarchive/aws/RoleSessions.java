package io.logarchive.aws;

import io.logarchive.archive.ArchiveStorageProvider.Patience;
import io.logarchive.archive.AwsIdentity;
import io.logarchive.archive.BucketPolicies;
import io.logarchive.archive.S3Location;
import io.logarchive.archive.StorageAccess.S3Login;
import io.logarchive.aws.AwsFault.Effect;
import io.logarchive.fault.ServiceException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;

/**
 * Assumes customers' roles: the deployment's own one first, which is the one that customers trust,
 * and from there the customer's, narrowed to one archive. What STS gives is used for an hour and
 * renewed by one caller 5 minutes before, while the others go on with what they have.
 */
final class RoleSessions {
  private static final String ASSUME_ROLE = "AssumeRole";

  /** The longest that AWS gives to a role that assumes another. */
  private static final int SESSION_SECONDS = 3_600;

  private static final int LONGEST_NAME = 64;
  private static final int MOST = 1_000;

  private record Key(
      String roleArn, String externalId, int accountId, S3Location location, Patience patience) {}

  private record Sts(StsAssumeRoleCredentialsProvider own, StsClient retrying, StsClient brief) {}

  private final AwsClients clients;
  private final AwsIdentity identity;
  private final String name;
  private final Map<Key, StsAssumeRoleCredentialsProvider> sessions = new ConcurrentHashMap<>();
  private @Nullable Sts sts;

  RoleSessions(AwsClients clients, AwsIdentity identity, String deploymentId) {
    this.clients = clients;
    this.identity = identity;
    this.name = "logarchive-" + deploymentId.replaceAll("[^A-Za-z0-9_=,.@-]", "-");
  }

  /**
   * What opens the archive for the next minutes.
   *
   * @throws ServiceException.Unavailable also if the deployment may not assume its own role, which
   *     is no fault of the customer's
   */
  AwsCredentials credentials(S3Login.Role role, S3Location location, Patience patience) {
    Sts opened = opened();
    if (sessions.size() >= MOST) {
      sessions.clear();
    }
    StsAssumeRoleCredentialsProvider session =
        sessions.computeIfAbsent(
            key(role, location, patience),
            key ->
                StsAssumeRoleCredentialsProvider.builder()
                    .stsClient(patience == Patience.BRIEF ? opened.brief() : opened.retrying())
                    .refreshRequest(request(role, location))
                    .build());
    return AwsFault.call(ASSUME_ROLE, Effect.READ, session::resolveCredentials);
  }

  /**
   * Drops the session that these credentials are of. A role that was made again under its name
   * knows no session of the one before, which would be used until it expires.
   */
  void forget(S3Login.Role role, S3Location location, Patience patience, AwsCredentials refused) {
    Key key = key(role, location, patience);
    StsAssumeRoleCredentialsProvider session = sessions.get(key);
    if (session != null && accessKey(session).equals(refused.accessKeyId())) {
      sessions.remove(key, session);
    }
  }

  private static String accessKey(StsAssumeRoleCredentialsProvider session) {
    return AwsFault.call(
        ASSUME_ROLE, Effect.READ, () -> session.resolveCredentials().accessKeyId());
  }

  private static Key key(S3Login.Role role, S3Location location, Patience patience) {
    return new Key(role.arn(), role.externalId(), role.accountId(), location, patience);
  }

  /** Assumes the role and keeps nothing. */
  void assume(S3Login.Role role, S3Location location) {
    StsClient client = opened().brief();
    AwsFault.call(ASSUME_ROLE, Effect.READ, () -> client.assumeRole(request(role, location)));
  }

  /** Opens STS when a role is first needed, and makes sure that the deployment's own is assumed. */
  private Sts opened() {
    Sts opened = sts();
    try {
      opened.own().resolveCredentials();
      return opened;
    } catch (SdkException e) {
      throw ServiceException.Unavailable.ofDeployment(AwsFault.of(ASSUME_ROLE, Effect.READ, e));
    }
  }

  private synchronized Sts sts() {
    Sts made = sts;
    if (made == null) {
      StsAssumeRoleCredentialsProvider own =
          StsAssumeRoleCredentialsProvider.builder()
              .stsClient(clients.sts(clients.credentials()))
              .refreshRequest(
                  AssumeRoleRequest.builder()
                      .roleArn(identity.principalArn())
                      .roleSessionName(cut(name, LONGEST_NAME))
                      .durationSeconds(SESSION_SECONDS)
                      .build())
              .build();
      made = new Sts(own, clients.sts(own), clients.briefSts(own));
      sts = made;
    }
    return made;
  }

  private AssumeRoleRequest request(S3Login.Role role, S3Location location) {
    String account = "-" + role.accountId();
    return AssumeRoleRequest.builder()
        .roleArn(role.arn())
        .roleSessionName(cut(name, LONGEST_NAME - account.length()) + account)
        .externalId(role.externalId())
        .policy(new BucketPolicies(AwsIdentity.ofRole(role.arn()).partition(), location).session())
        .durationSeconds(SESSION_SECONDS)
        .build();
  }

  private static String cut(String text, int most) {
    return text.substring(0, Math.min(text.length(), most));
  }
}
