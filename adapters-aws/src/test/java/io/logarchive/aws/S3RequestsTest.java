package io.logarchive.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logarchive.account.Secret;
import io.logarchive.archive.ArchiveStorage;
import io.logarchive.archive.ArchiveStorageProvider.Patience;
import io.logarchive.archive.Content;
import io.logarchive.archive.ObjectInfo;
import io.logarchive.archive.S3Location;
import io.logarchive.archive.S3Options;
import io.logarchive.archive.StorageAccess;
import io.logarchive.fault.ServiceException;
import io.logarchive.testkit.StubServer;
import io.logarchive.testkit.StubServer.Reply;
import io.logarchive.testkit.StubServer.Request;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What S3 is asked, where an emulator would not tell, and answers that emulators do not give. */
final class S3RequestsTest {
  private static final Content LOGS =
      new Content(List.of(bytes("1234"), bytes("56789")), Content.LOGS);

  private final Queue<Reply> replies = new ConcurrentLinkedQueue<>();
  private final StubServer server = new StubServer(request -> replies.remove());

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aConditionalPutCarriesChecksumTypeAndConditionAndNothingElse() {
    replies.add(S3Replies.put());
    assertThat(storage().putIfAbsent("key", LOGS)).isTrue();
    Request request = only();
    assertThat(request.method()).isEqualTo("PUT");
    assertThat(request.target()).isEqualTo("/bucket/logs/key");
    assertThat(request.text()).isEqualTo("123456789");
    assertThat(request.headers())
        .containsEntry("if-none-match", "*")
        .containsEntry("content-type", Content.LOGS)
        // The check value of CRC-32 for these nine digits is 0xCBF43926.
        .containsEntry("x-amz-checksum-crc32", "y/Q5Jg==")
        .doesNotContainKeys(
            "content-encoding", "transfer-encoding", "x-amz-acl", "x-amz-trailer", "expect");
  }

  @Test
  void aPlainPutHasNoCondition() {
    replies.add(S3Replies.put());
    storage().put("key", LOGS);
    assertThat(only().headers())
        .containsKey("x-amz-checksum-crc32")
        .doesNotContainKey("if-none-match");
  }

  @Test
  void aLargeObjectIsAnnouncedBeforeItIsSent() {
    replies.add(S3Replies.put());
    storage().put("key", Content.of(new byte[2_000_000], Content.LOGS));
    assertThat(only().headers()).containsEntry("expect", "100-continue");
    assertThat(only().body()).hasSize(2_000_000);
  }

  @Test
  void aStoreThatDoesNotKnowConditionsGetsAPlainPut() {
    replies.add(S3Replies.error(501, "NotImplemented", "1"));
    replies.add(S3Replies.put());
    assertThat(storage().putIfAbsent("key", LOGS)).isTrue();
    assertThat(server.requests()).hasSize(2);
    assertThat(server.requests().getLast().headers()).doesNotContainKey("if-none-match");
    assertThat(server.requests().getLast().text()).isEqualTo("123456789");
  }

  @Test
  void twoConditionalPutsThatMeetAreDecidedByAnotherTry() {
    replies.add(S3Replies.error(409, "ConditionalRequestConflict", "1"));
    replies.add(S3Replies.error(412, "PreconditionFailed", "2"));
    assertThat(storage().putIfAbsent("key", LOGS)).isFalse();
    assertThat(server.requests()).hasSize(2);
  }

  @Test
  void putsThatKeepMeetingAreUnavailable() {
    for (int i = 0; i < 3; i++) {
      replies.add(S3Replies.error(409, "ConditionalRequestConflict", "1"));
    }
    assertThatThrownBy(() -> storage().putIfAbsent("key", LOGS))
        .isInstanceOf(ServiceException.Unavailable.class)
        .hasMessageContaining("ConditionalRequestConflict");
  }

  @Test
  void aReadAsksForItsRangeOnly() {
    replies.add(S3Replies.get("345"));
    assertThat(storage().get("key", 2, 3)).asString().isEqualTo("345");
    assertThat(only().headers()).containsEntry("range", "bytes=2-4");
  }

  @Test
  void aBucketInAnotherRegionIsAskedThere() {
    replies.add(
        S3Replies.error(301, "PermanentRedirect", "1").with("x-amz-bucket-region", "us-west-2"));
    replies.add(S3Replies.put());
    assertThat(storage().putIfAbsent("key", LOGS)).isTrue();
    assertThat(server.requests())
        .extracting(request -> request.headers().get("authorization"))
        .satisfiesExactly(
            first -> assertThat(first).contains("/eu-central-1/s3/"),
            second -> assertThat(second).contains("/us-west-2/s3/"));
  }

  @Test
  void archivedObjectsAreNotReadable() {
    replies.add(
        S3Replies.list(
            object("a", "STANDARD")
                + object("b", "GLACIER")
                + object("c", "DEEP_ARCHIVE")
                + object("d", "GLACIER_IR")
                + object("e", "INTELLIGENT_TIERING")
                + "<Contents><Key>logs/f</Key><Size>7</Size></Contents>"));
    assertThat(storage().list("", null).objects())
        .containsExactly(
            new ObjectInfo("a", 7, "STANDARD", true),
            new ObjectInfo("b", 7, "GLACIER", false),
            new ObjectInfo("c", 7, "DEEP_ARCHIVE", false),
            new ObjectInfo("d", 7, "GLACIER_IR", true),
            new ObjectInfo("e", 7, "INTELLIGENT_TIERING", true),
            new ObjectInfo("f", 7, "STANDARD", true));
  }

  @Test
  void anInternalErrorLeavesTheOutcomeOfAWriteOpen() {
    for (int i = 0; i < 3; i++) {
      replies.add(S3Replies.error(500, "InternalError", "1"));
    }
    assertThatThrownBy(() -> storage().put("key", LOGS))
        .isInstanceOf(ServiceException.OutcomeUnknown.class)
        .hasMessageContaining("InternalError");
  }

  @Test
  void aLostReplyBeforeAThrottledRetryLeavesTheOutcomeOfAWriteOpen() {
    replies.add(new Reply.CutOff(S3Replies.put(), 0));
    replies.add(S3Replies.error(503, "SlowDown", "2"));
    replies.add(S3Replies.error(503, "SlowDown", "3"));
    assertThatThrownBy(() -> storage().put("key", LOGS))
        .isInstanceOf(ServiceException.OutcomeUnknown.class)
        .hasMessageContaining("SlowDown");
  }

  @Test
  void theOwnerIsAskedForByEveryCallAndClassAndKeyByPuts() {
    ArchiveStorage storage =
        new S3ArchiveStorageProvider(EmbeddedS3.clients(server.endpoint()))
            .open(
                new StorageAccess.S3(
                    new S3Location("bucket", ""),
                    new StorageAccess.S3Login.Keys("AKIAEXAMPLE", new Secret("planted-secret")),
                    new S3Options("111122223333", "STANDARD_IA", "1234abcd")),
                Patience.RETRYING);
    replies.add(S3Replies.put());
    replies.add(S3Replies.put());
    replies.add(S3Replies.get("1"));
    replies.add(S3Replies.list(""));
    replies.add(S3Replies.list(""));
    storage.putIfAbsent("key", LOGS);
    storage.put("proof", Content.of(bytes("{}"), Content.JSON));
    storage.get("key", 0, 1);
    storage.list("", null);
    storage.head("key");

    assertThat(server.requests())
        .hasSize(5)
        .allSatisfy(
            request ->
                assertThat(request.headers())
                    .containsEntry("x-amz-expected-bucket-owner", "111122223333"));
    assertThat(server.requests().subList(0, 2))
        .allSatisfy(
            request ->
                assertThat(request.headers())
                    .containsEntry("x-amz-server-side-encryption", "aws:kms")
                    .containsEntry("x-amz-server-side-encryption-aws-kms-key-id", "1234abcd"));
    assertThat(server.requests().get(0).headers())
        .containsEntry("x-amz-storage-class", "STANDARD_IA");
    assertThat(server.requests().get(1).headers()).doesNotContainKey("x-amz-storage-class");
  }

  private ArchiveStorage storage() {
    return new S3ArchiveStorageProvider(EmbeddedS3.clients(server.endpoint()))
        .open(EmbeddedS3.access("bucket", "logs"), Patience.RETRYING);
  }

  private Request only() {
    assertThat(server.requests()).hasSize(1);
    return server.requests().getFirst();
  }

  private static String object(String key, String storageClass) {
    return "<Contents><Key>logs/"
        + key
        + "</Key><Size>7</Size><StorageClass>"
        + storageClass
        + "</StorageClass></Contents>";
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
