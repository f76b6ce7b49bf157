package io.logarchive.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logarchive.account.Secret;
import io.logarchive.account.Uid;
import io.logarchive.archive.AwsIdentity;
import io.logarchive.archive.ConnectionTest;
import io.logarchive.archive.ConnectionTest.Check;
import io.logarchive.archive.ConnectionTest.Claiming;
import io.logarchive.archive.ConnectionTest.Report;
import io.logarchive.archive.DeploymentKey;
import io.logarchive.archive.OwnershipProof;
import io.logarchive.archive.S3Location;
import io.logarchive.archive.S3Options;
import io.logarchive.archive.StorageAccess;
import io.logarchive.archive.StorageAccess.S3Login;
import io.logarchive.archive.StorageProviders;
import io.logarchive.fault.ServiceException;
import io.logarchive.testkit.SettableClock;
import io.logarchive.testkit.StubServer;
import io.logarchive.testkit.StubServer.Reply;
import io.logarchive.testkit.StubServer.Request;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What can be wrong with a customer's bucket or role, each as the services say it, and its cure.
 */
class ConnectionFailuresTest {
  private static final String ROLE = "arn:aws:iam::111122223333:role/logs";
  private static final String EXTERNAL_ID = "logarchive-0123";
  private static final S3Location LOCATION = new S3Location("bucket", "logs");
  private static final String OBJECTS = "\"Resource\":\"arn:aws:s3:::bucket/logs/*\"";
  private static final Set<String> THE_THREE =
      Set.of("s3:PutObject", "s3:GetObject", "s3:ListBucket");

  /**
   * One fault of a bucket.
   *
   * @param fault what is answered instead of the bucket's own answer
   */
  private record Fault(
      String what,
      Function<Request, Optional<Reply>> fault,
      String check,
      String error,
      String remedy) {
    @Override
    public String toString() {
      return what;
    }
  }

  private final Uid account = new Uid("0".repeat(32));
  private final SettableClock clock = new SettableClock(Instant.parse("2026-11-23T22:00:00Z"));
  private final StubSts sts = new StubSts();
  private final StubBucket bucket =
      new StubBucket("bucket", access -> THE_THREE.contains(access.action()));

  static Stream<Fault> faults() {
    return Stream.of(
        new Fault(
            "an unknown region",
            always(S3Replies.error(301, "PermanentRedirect", "S3-1")),
            "PutObject",
            // The SDK asks again for the region, by a call whose replies have no body.
            "Http301",
            "in a region that this deployment cannot reach"),
        new Fault(
            "a clock that is wrong",
            always(S3Replies.error(403, "RequestTimeTooSkewed", "S3-1")),
            "PutObject",
            "RequestTimeTooSkewed",
            "clock differs"),
        new Fault(
            "a bucket that is missing",
            always(S3Replies.error(404, "NoSuchBucket", "S3-1")),
            "ListBucket",
            "NoSuchBucket",
            "Create the bucket"),
        new Fault(
            "a key that we may not use",
            onPut(
                StubBucket.denied(
                    new StubBucket.Access(
                        "kms:GenerateDataKey", "arn:aws:kms:eu-central-1:111122223333:key/1", ""))),
            "PutObject",
            "AccessDenied (kms:GenerateDataKey)",
            "Allow the key that encrypts the bucket: {\"Effect\":\"Allow\",\"Action\":["
                + "\"kms:GenerateDataKey\",\"kms:Decrypt\"]"),
        new Fault(
            "a key that is disabled",
            onPut(S3Replies.error(400, "KMS.DisabledException", "S3-1")),
            "PutObject",
            "KMS.DisabledException",
            "key in KMS is disabled"),
        new Fault(
            "a policy that denies",
            onPut(StubBucket.denied("x with an explicit deny in a resource-based policy")),
            "PutObject",
            "AccessDenied (explicit deny)",
            "remove that statement"),
        new Fault(
            "requester pays",
            request ->
                request.headers().containsKey("x-amz-request-payer")
                    ? Optional.of(S3Replies.list("").with("x-amz-request-charged", "requester"))
                    : Optional.of(StubBucket.denied("Access Denied")),
            "PutObject",
            "AccessDenied",
            "Turn off Requester Pays"),
        new Fault(
            "another's bucket",
            request ->
                request.headers().containsKey("x-amz-expected-bucket-owner")
                    ? Optional.of(StubBucket.denied("Access Denied"))
                    : Optional.empty(),
            "BucketOwner",
            "AccessDenied",
            "does not belong to the AWS account 111122223333"));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void aFaultOfTheBucketIsNamedWithItsRemedy(Fault fault) {
    try (StubServer server =
        server(request -> fault.fault().apply(request).orElseGet(() -> bucket.answer(request)))) {
      Check check =
          check(test(server.endpoint()).run(keys(), account, Claiming.NOTHING), fault.check());

      assertThat(check.ok()).isFalse();
      assertThat(check.error()).contains(fault.error());
      assertThat(check.remedy()).contains(fault.remedy());
      assertThat(bucket.keys()).doesNotContain("logs/logzio-verified");
    }
  }

  @ParameterizedTest
  @CsvSource({"s3:PutObject, PutObject", "s3:ListBucket, ListBucket", "s3:GetObject, GetObject"})
  void onePermissionThatIsMissingIsTheOnlyOneThatIsAskedFor(String missing, String name) {
    StubBucket narrow =
        new StubBucket(
            "bucket",
            access -> THE_THREE.contains(access.action()) && !access.action().equals(missing));
    try (StubServer server = server(narrow::answer)) {
      Report report = test(server.endpoint()).run(keys(), account, Claiming.WHAT_IS_FREE);

      assertThat(report.ok()).isFalse();
      assertThat(report.firstFailure().name()).isEqualTo(name);
      assertThat(report.firstFailure().remedy())
          .contains("\"" + missing + "\"")
          .contains(name.equals("ListBucket") ? "{\"s3:prefix\":\"logs/*\"}" : OBJECTS);
      assertThat(narrow.keys()).doesNotContain("logs/logzio-verified");
    }
  }

  @Test
  void exactlyThreePermissionsPass() {
    try (StubServer server = server(bucket::answer)) {
      Report report = test(server.endpoint()).run(keys(), account, Claiming.WHAT_IS_FREE);

      assertThat(report.checks()).allSatisfy(check -> assertThat(check.error()).isNull());
      assertThat(check(report, "Region").detail()).isEqualTo("eu-central-1");
      assertThat(report.bucketOwner()).isEqualTo("111122223333");
      assertThat(bucket.keys()).containsExactly("logs/logzio-test", "logs/logzio-verified");
      assertThat(bucket.asked())
          .extracting(StubBucket.Access::action)
          .containsOnly("s3:PutObject", "s3:GetObject", "s3:ListBucket");
    }
  }

  @Test
  void aBucketInAnotherRegionIsFollowedThereAndTold() {
    Reply elsewhere =
        S3Replies.error(301, "PermanentRedirect", "S3-1").with("x-amz-bucket-region", "us-west-2");
    try (StubServer server =
        server(
            request ->
                request.headers().getOrDefault("authorization", "").contains("/us-west-2/")
                    ? bucket.answer(request)
                    : elsewhere)) {
      assertThat(test(server.endpoint()).run(keys(), account, Claiming.WHAT_IS_FREE).ok()).isTrue();
    }
  }

  @Test
  void anArchiveThatIsAnothersIsLeftAlone() {
    bucket.put("logs/logzio-verified", "{\"deploymentId\":\"another\"}");
    try (StubServer server = server(bucket::answer)) {
      Report report = test(server.endpoint()).run(keys(), account, Claiming.WHAT_IS_FREE);

      assertThat(report.firstFailure().name()).isEqualTo("OwnershipProof");
      assertThat(report.firstFailure().error()).contains("belongs to another deployment");
      assertThat(report.firstFailure().remedy()).contains("send takeOver: true");
      assertThat(bucket.keys()).containsExactly("logs/logzio-verified");
    }
  }

  @Test
  void aRoleThatTrustsTheAccountPasses() {
    sts.role(ROLE, EXTERNAL_ID);
    try (StubServer server = server(bucket::answer)) {
      assertThat(test(server.endpoint()).run(role(), account, Claiming.WHAT_IS_FREE).checks())
          .allSatisfy(check -> assertThat(check.error()).isNull());
    }
  }

  @Test
  void aRoleThatDoesNotTrustUsIsNamedWithTheTrustPolicy() {
    try (StubServer server = server(bucket::answer)) {
      Report report = test(server.endpoint()).run(role(), account, Claiming.WHAT_IS_FREE);

      assertThat(report.firstFailure().name()).isEqualTo("AssumeRole");
      assertThat(report.firstFailure().error())
          .isEqualTo("AssumeRole: AccessDenied (request STS-1)");
      assertThat(report.firstFailure().remedy())
          .contains("\"sts:ExternalId\":\"" + EXTERNAL_ID + "\"", StubSts.ACCESS_ROLE);
      assertThat(bucket.asked()).isEmpty();
    }
  }

  @Test
  void thatTheDeploymentMayNotAssumeItsOwnRoleIsNoReportOnTheCustomers() {
    sts.role(ROLE, EXTERNAL_ID);
    sts.refuseOwnRole();
    try (StubServer server = server(bucket::answer)) {
      ConnectionTest test = test(server.endpoint());
      assertThatThrownBy(() -> test.run(role(), account, Claiming.WHAT_IS_FREE))
          .isInstanceOfSatisfying(
              ServiceException.Unavailable.class,
              failure -> assertThat(failure.deploymentsOwn()).isTrue());
      assertThat(bucket.asked()).isEmpty();
    }
  }

  @Test
  void aRoleThatAsksForNoExternalIdIsNamedWithTheTrustPolicy() {
    sts.role(ROLE, "");
    try (StubServer server = server(bucket::answer)) {
      Report report = test(server.endpoint()).run(role(), account, Claiming.WHAT_IS_FREE);

      assertThat(report.firstFailure().name()).isEqualTo("ExternalIdRequired");
      assertThat(report.firstFailure().remedy())
          .contains("\"sts:ExternalId\":\"" + EXTERNAL_ID + "\"");
      assertThat(bucket.keys()).containsExactly("logs/logzio-test");
    }
  }

  @Test
  void aBucketThatNeverAnswersIsGivenUpInTimeAndTheRestIsNotTried() {
    try (StubServer server =
        server(
            request -> {
              clock.advance(Duration.ofSeconds(17));
              return new Reply.Silence();
            })) {
      Report report = test(server.endpoint()).run(keys(), account, Claiming.WHAT_IS_FREE);

      assertThat(server.requests()).hasSize(1);
      assertThat(check(report, "ListBucket").error()).isEqualTo("ListObjectsV2: Timeout");
      assertThat(report.checks())
          .filteredOn(check -> !check.name().equals("ListBucket"))
          .hasSize(5)
          .allSatisfy(
              check -> assertThat(check.error()).contains("the 20 seconds of a test were over"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "bucket, AKIAUNKNOWN, right, InvalidAccessKeyId, Correct accessKey",
    "bucket, right, wrong, SignatureDoesNotMatch, Correct secretKey",
    "missing, right, right, NoSuchBucket, Create the bucket",
  })
  void whatAnEmulatorRefusesIsNamed(
      String name, String key, String secret, String error, String remedy, @TempDir Path directory)
      throws Exception {
    EmbeddedS3 s3 = new EmbeddedS3(directory);
    try {
      s3.createBucket("bucket");
      StorageAccess.S3 access =
          StorageAccess.S3.keys(
              new S3Location(name, ""),
              key.equals("right") ? EmbeddedS3.ACCESS_KEY : key,
              new Secret(secret.equals("right") ? EmbeddedS3.SECRET_KEY : secret));
      Check failure = test(s3.endpoint()).run(access, account, Claiming.NOTHING).firstFailure();

      assertThat(failure.error()).contains(error);
      assertThat(failure.remedy()).contains(remedy);
    } finally {
      s3.stop();
    }
  }

  private static Function<Request, Optional<Reply>> always(Reply.Whole reply) {
    return request ->
        Optional.of(request.method().equals("HEAD") ? Reply.Whole.of(reply.status(), "") : reply);
  }

  private static Function<Request, Optional<Reply>> onPut(Reply reply) {
    return request -> request.method().equals("PUT") ? Optional.of(reply) : Optional.empty();
  }

  private StubServer server(Function<Request, Reply> s3) {
    return new StubServer(
        request -> StubSts.isAsked(request) ? sts.answer(request) : s3.apply(request));
  }

  private ConnectionTest test(URI endpoint) {
    AwsIdentity identity = AwsIdentity.ofRole(StubSts.ACCESS_ROLE);
    return new ConnectionTest(
        new StorageProviders(
            () -> new S3ArchiveStorageProvider(Clients.at(endpoint), identity, "deployment"),
            () -> {
              throw new IllegalStateException("There are no containers here");
            }),
        new OwnershipProof(
            "deployment", new DeploymentKey(new byte[DeploymentKey.KEY_BYTES], new SecureRandom())),
        clock,
        identity);
  }

  private static Check check(Report report, String name) {
    return report.checks().stream()
        .filter(check -> check.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static StorageAccess.S3 keys() {
    return StorageAccess.S3.keys(LOCATION, "AKIAEXAMPLE", new Secret("planted-secret"));
  }

  private static StorageAccess.S3 role() {
    return new StorageAccess.S3(LOCATION, new S3Login.Role(ROLE, EXTERNAL_ID, 7), S3Options.NONE);
  }
}
