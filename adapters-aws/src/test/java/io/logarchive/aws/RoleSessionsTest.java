package io.logarchive.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logarchive.archive.ArchiveStorage;
import io.logarchive.archive.ArchiveStorageProvider.Patience;
import io.logarchive.archive.AwsIdentity;
import io.logarchive.archive.S3Location;
import io.logarchive.archive.S3Options;
import io.logarchive.archive.StorageAccess;
import io.logarchive.archive.StorageAccess.S3Login;
import io.logarchive.fault.ServiceException;
import io.logarchive.testkit.StubServer;
import io.logarchive.testkit.StubServer.Reply;
import io.logarchive.testkit.StubServer.Request;
import io.logarchive.testkit.Together;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoleSessionsTest {
  private static final String ROLE = "arn:aws:iam::111122223333:role/logs";
  private static final S3Location LOCATION = new S3Location("bucket", "a/b");

  private final StubSts sts = new StubSts();
  private final Set<String> unknownKeys = ConcurrentHashMap.newKeySet();
  private final StubServer server =
      new StubServer(request -> StubSts.isAsked(request) ? sts.answer(request) : object(request));
  private volatile String unknownCode = "InvalidAccessKeyId";
  private final S3ArchiveStorageProvider provider =
      new S3ArchiveStorageProvider(
          Clients.at(server.endpoint()), AwsIdentity.ofRole(StubSts.ACCESS_ROLE), "my/logs:eu");

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aRoleIsAssumedByTheDeploymentsOwnAndNarrowedToTheArchive() {
    sts.role(ROLE, "external");

    assertThat(open(7, "external").get("key", 0, 1)).hasSize(1);
    assertThat(sts.ownAssumptions())
        .singleElement()
        .satisfies(
            asked ->
                assertThat(asked)
                    .containsEntry("RoleSessionName", "logarchive-my-logs-eu")
                    .doesNotContainKey("ExternalId"));
    assertThat(sts.assumptions())
        .singleElement()
        .satisfies(
            asked ->
                assertThat(asked)
                    .containsEntry("RoleArn", ROLE)
                    .containsEntry("ExternalId", "external")
                    .containsEntry("RoleSessionName", "logarchive-my-logs-eu-7")
                    .containsEntry("DurationSeconds", "3600")
                    .hasEntrySatisfying(
                        "Policy",
                        policy ->
                            assertThat(policy)
                                .contains(
                                    "\"arn:aws:s3:::bucket/a/b/*\"",
                                    "{\"StringLike\":{\"s3:prefix\":\"a/b/*\"}}",
                                    "s3:PutObject",
                                    "s3:GetObject",
                                    "s3:ListBucket")
                                .doesNotContain("s3:*", "s3:Delete")));
    assertThat(server.requests().getLast().headers())
        .containsEntry("x-amz-security-token", "planted-session-token");
  }

  @Test
  void aSessionIsUsedAgainByItsOwnArchiveOnly() {
    sts.role(ROLE, "external");
    sts.role(ROLE + "2", "external");
    open(7, "external").get("key", 0, 1);
    open(7, "external").get("key", 0, 1);
    assertThat(sts.assumptions()).hasSize(1);

    provider
        .open(access(ROLE, "external", new S3Location("bucket", "c")), Patience.RETRYING)
        .get("key", 0, 1);
    provider.open(access(ROLE + "2", "external", LOCATION), Patience.RETRYING).get("key", 0, 1);
    assertThat(sts.assumptions()).hasSize(3);
    assertThatThrownBy(() -> open(7, "another").get("key", 0, 1))
        .isInstanceOf(ServiceException.Denied.class);
    assertThat(sts.ownAssumptions()).hasSize(1);
  }

  @Test
  void aHundredCallersAtOnceAssumeTheRoleOnce() {
    sts.role(ROLE, "external");
    readByAHundred();

    assertThat(sts.assumptions()).hasSize(1);
    assertThat(sts.ownAssumptions()).hasSize(1);
  }

  /** At some time between 5 and 2 minutes before it expires, which the SDK draws by lot. */
  @Test
  void aSessionThatExpiresSoonIsRenewedByOneOfAHundredCallers() {
    sts.role(ROLE, "external");
    sts.sessionsLast(Duration.ofSeconds(118));
    open(7, "external").get("key", 0, 1);
    int before = sts.assumptions().size();
    int ownBefore = sts.ownAssumptions().size();
    sts.sessionsLast(Duration.ofHours(1));
    readByAHundred();

    assertThat(before).isEqualTo(1);
    assertThat(sts.assumptions()).hasSize(before + 1);
    assertThat(sts.ownAssumptions()).hasSizeBetween(ownBefore, ownBefore + 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"InvalidAccessKeyId", "InvalidToken", "ExpiredToken"})
  void aRoleThatWasMadeAgainIsAssumedAgainByOneOfAHundredCallers(String code) {
    sts.role(ROLE, "external");
    open(7, "external").get("key", 0, 1);
    unknownCode = code;
    unknownKeys.add("ASIACUSTOMER2");
    readByAHundred();

    assertThat(sts.assumptions()).hasSize(2);
    assertThat(sts.ownAssumptions()).hasSize(1);
  }

  @Test
  void aStorageThatKnowsNoSessionAtAllIsAskedTwiceAndNotForEver() {
    sts.role(ROLE, "external");
    unknownKeys.addAll(Set.of("ASIACUSTOMER2", "ASIACUSTOMER3"));

    assertThatThrownBy(() -> open(7, "external").get("key", 0, 1))
        .isInstanceOf(ServiceException.Denied.class)
        .hasMessageContaining("InvalidAccessKeyId");
    assertThat(sts.assumptions()).hasSize(2);
  }

  @Test
  void aRoleThatDoesNotTrustIsRefusedAsItselfAndNotAsTheBucket() {
    assertThatThrownBy(() -> open(7, "external").get("key", 0, 1))
        .isInstanceOf(ServiceException.Denied.class)
        .hasMessage("AssumeRole: AccessDenied (request STS-1)");
  }

  @Test
  void thatTheDeploymentMayNotAssumeItsOwnRoleIsNoFaultOfTheCustomers() {
    sts.role(ROLE, "external");
    sts.refuseOwnRole();

    assertThatThrownBy(() -> open(7, "external").get("key", 0, 1))
        .isInstanceOf(ServiceException.Unavailable.class)
        .satisfies(e -> assertThat(((ServiceException) e).deploymentsOwn()).isTrue())
        .hasMessage("AssumeRole: AccessDenied (request STS-1)");
    assertThat(sts.assumptions()).isEmpty();
  }

  @Test
  void aDeploymentWithoutAnIdentityAssumesNoRole() {
    S3ArchiveStorageProvider local =
        new S3ArchiveStorageProvider(Clients.at(server.endpoint()), null, "local");

    assertThatThrownBy(
            () -> local.open(access(ROLE, "external", LOCATION), Patience.BRIEF).get("key", 0, 1))
        .isInstanceOf(ServiceException.Denied.class)
        .hasMessageContaining("RolesNotAvailable");
    assertThat(server.requests()).isEmpty();
  }

  private Reply object(Request request) {
    String signed = request.headers().getOrDefault("authorization", "");
    return unknownKeys.stream().anyMatch(key -> signed.contains("Credential=" + key + "/"))
        ? S3Replies.error(403, unknownCode, "S3-1")
        : S3Replies.get("1");
  }

  private void readByAHundred() {
    ArchiveStorage storage = open(7, "external");
    List<Integer> read = Together.run(100, i -> storage.get("key", 0, 1).length);
    assertThat(read).hasSize(100).containsOnly(1);
  }

  private ArchiveStorage open(int accountId, String externalId) {
    return provider.open(
        new StorageAccess.S3(
            LOCATION, new S3Login.Role(ROLE, externalId, accountId), S3Options.NONE),
        Patience.RETRYING);
  }

  private static StorageAccess.S3 access(String role, String externalId, S3Location location) {
    return new StorageAccess.S3(location, new S3Login.Role(role, externalId, 7), S3Options.NONE);
  }
}
