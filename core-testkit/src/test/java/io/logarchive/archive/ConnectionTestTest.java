package io.logarchive.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logarchive.account.Secret;
import io.logarchive.account.Uid;
import io.logarchive.archive.ConnectionTest.Check;
import io.logarchive.archive.ConnectionTest.Claiming;
import io.logarchive.archive.ConnectionTest.Report;
import io.logarchive.archive.StorageAccess.S3Login;
import io.logarchive.fault.ServiceException;
import io.logarchive.testkit.InMemoryArchiveStorage;
import io.logarchive.testkit.InMemoryArchiveStorageProvider;
import io.logarchive.testkit.Samples;
import io.logarchive.testkit.SettableClock;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionTestTest {
  private static final Instant NOW = Instant.parse("2026-11-23T22:00:00Z");
  private static final String ROLE = "arn:aws:iam::111122223333:role/logs";
  private static final String EXTERNAL_ID = "logarchive-0123";
  private static final S3Location LOCATION = new S3Location("bucket", "");

  private final InMemoryArchiveStorageProvider provider = new InMemoryArchiveStorageProvider();
  private final Uid account = new Uid("0".repeat(32));
  private final OwnershipProof proof =
      new OwnershipProof(
          "deployment", new DeploymentKey(new byte[DeploymentKey.KEY_BYTES], new SecureRandom()));
  private final ConnectionTest test =
      new ConnectionTest(
          provider,
          proof,
          new SettableClock(NOW),
          AwsIdentity.ofRole("arn:aws:iam::999999999999:role/logs-archive-access"));
  private InMemoryArchiveStorage.Bucket bucket = new InMemoryArchiveStorage.Bucket();

  @BeforeEach
  void createBucket() {
    bucket = provider.createBucket("bucket", "AKIAEXAMPLE", "planted-secret");
  }

  @Test
  void aRoleThatTrustsTheAccountPassesAndTellsTheOwner() {
    provider.createRole(ROLE, "bucket", EXTERNAL_ID);
    Report report = test.run(role(), account, Claiming.WHAT_IS_FREE);

    assertThat(report.ok()).isTrue();
    assertThat(report.bucketOwner()).isEqualTo("111122223333");
    assertThat(report.checks())
        .extracting(Check::name)
        .containsExactly(
            "AssumeRole",
            "ExternalIdRequired",
            "PutObject",
            "ListBucket",
            "GetObject",
            "OwnershipProof",
            "Region",
            "BucketOwner");
    assertThat(bucket.keys()).containsExactly("logzio-test", "logzio-verified");
  }

  @Test
  void aRoleThatDoesNotTrustFailsWithTheTrustPolicyToCopy() {
    Report report = test.run(role(), account, Claiming.WHAT_IS_FREE);

    assertThat(report.ok()).isFalse();
    assertThat(report.firstFailure().name()).isEqualTo("AssumeRole");
    assertThat(report.firstFailure().remedy())
        .contains(
            "\"sts:ExternalId\":\"logarchive-0123\"",
            "\"AWS\":\"arn:aws:iam::999999999999:role/logs-archive-access\"");
    assertThat(report.checks().subList(1, 8))
        .allSatisfy(check -> assertThat(check.error()).startsWith("not tried, because AssumeRole"));
    assertThat(bucket.keys()).isEmpty();
  }

  @Test
  void aRoleThatAsksForNoExternalIdFailsAndLeavesNoProof() {
    provider.createRole(ROLE, "bucket", null);
    Report report = test.run(role(), account, Claiming.WHAT_IS_FREE);

    assertThat(report.firstFailure().name()).isEqualTo("ExternalIdRequired");
    assertThat(bucket.keys()).containsExactly("logzio-test");
  }

  @Test
  void anothersArchiveIsTakenOverOnlyIfAskedAndItsProofIsKept() {
    ArchiveStorage storage = provider.open(keys(), ArchiveStorageProvider.Patience.BRIEF);
    byte[] vendors = "of another service".getBytes(StandardCharsets.UTF_8);
    storage.put("logzio-verified", Content.of(vendors, "text/plain"));

    assertThat(test.run(keys(), account, Claiming.WHAT_IS_FREE).ok()).isFalse();
    assertThat(bucket.keys()).containsExactly("logzio-verified");
    assertThat(test.run(keys(), account, Claiming.WHAT_IS_ANOTHERS).ok()).isTrue();
    assertThat(test.run(keys(), account, Claiming.WHAT_IS_ANOTHERS).ok()).isTrue();
    assertThat(bucket.keys()).hasSize(3).contains("logzio-test", "logzio-verified");
    assertThat(storage.get(bucket.keys().getLast(), 0, 1_000)).isEqualTo(vendors);
    assertThat(test.run(keys(), Samples.uid(), Claiming.NOTHING).ok()).isFalse();
  }

  /** Each of its calls may be the last: done and its reply lost, or not done. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aTakeOverThatIsCutOffIsCarriedOnAndTheOthersProofIsNeverLost(boolean done) {
    byte[] vendors = "of another service".getBytes(StandardCharsets.UTF_8);
    ArchiveStorage storage = provider.open(keys(), ArchiveStorageProvider.Patience.BRIEF);
    OwnershipProof.Claim claim = proof.claim(account, LOCATION.uri());
    for (int calls = 0; calls < 4; calls++) {
      storage.put(OwnershipProof.KEY, Content.of(vendors, "text/plain"));
      List<String> before = bucket.keys();
      Instant time = NOW.plus(Duration.ofHours(calls));
      ArchiveStorage cutOff = cutOff(storage, calls, done);
      assertThatThrownBy(() -> claim.takeOver(cutOff, time)).isInstanceOf(ServiceException.class);

      assertThat(claim.takeOver(storage, time.plusSeconds(30)))
          .isEqualTo(new OwnershipProof.Outcome.Own());
      assertThat(claim.look(storage)).contains(new OwnershipProof.Outcome.Own());
      List<String> copies = new ArrayList<>(bucket.keys());
      copies.removeAll(before);
      assertThat(copies)
          .as("calls: %s", calls)
          .hasSizeBetween(1, 2)
          .allSatisfy(copy -> assertThat(storage.get(copy, 0, 1_000)).isEqualTo(vendors));
    }
  }

  private static ArchiveStorage cutOff(ArchiveStorage storage, int calls, boolean done) {
    AtomicInteger left = new AtomicInteger(calls);
    return (ArchiveStorage)
        Proxy.newProxyInstance(
            ArchiveStorage.class.getClassLoader(),
            new Class<?>[] {ArchiveStorage.class},
            (proxy, method, arguments) -> {
              boolean last = left.getAndDecrement() == 0;
              Object reply = last && !done ? null : method.invoke(storage, arguments);
              if (last) {
                throw new ServiceException.OutcomeUnknown(method.getName(), "Timeout", null, null);
              }
              return reply;
            });
  }

  @Test
  void aFileTooLargeToBeKeptIsLeftAlone() {
    ArchiveStorage storage = provider.open(keys(), ArchiveStorageProvider.Patience.BRIEF);
    storage.put("logzio-verified", Content.of(new byte[64 * 1024 + 1], "text/plain"));
    Report report = test.run(keys(), account, Claiming.WHAT_IS_ANOTHERS);

    assertThat(report.firstFailure().error()).contains("more than 64 KiB");
    assertThat(bucket.keys()).containsExactly("logzio-test", "logzio-verified");
  }

  private static StorageAccess keys() {
    return StorageAccess.S3.keys(LOCATION, "AKIAEXAMPLE", new Secret("planted-secret"));
  }

  private static StorageAccess role() {
    return new StorageAccess.S3(LOCATION, new S3Login.Role(ROLE, EXTERNAL_ID, 7), S3Options.NONE);
  }
}
