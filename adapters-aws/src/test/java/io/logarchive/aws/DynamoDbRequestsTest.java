package io.logarchive.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.logarchive.account.AccountStore;
import io.logarchive.fault.ServiceException;
import io.logarchive.json.Json;
import io.logarchive.json.JsonValue;
import io.logarchive.restore.Position;
import io.logarchive.restore.Restore;
import io.logarchive.restore.RestoreStatus;
import io.logarchive.restore.RestoreStore;
import io.logarchive.restore.SliceProgress;
import io.logarchive.testkit.Samples;
import io.logarchive.testkit.StubServer;
import io.logarchive.testkit.StubServer.Reply;
import io.logarchive.testkit.StubServer.Request;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What DynamoDB is asked, and what is made of its failures, which no emulator shows. */
final class DynamoDbRequestsTest {
  private static final Reply.Whole NOTHING = AwsReplies.ok("{}");
  private static final Reply.Whole NO_ITEMS = AwsReplies.ok("{\"Count\":0,\"Items\":[]}");

  private final Restore restore =
      Samples.changed(
          Samples.restore(Samples.id(), Samples.id(), Instant.EPOCH), RestoreStatus.ACTIVE);
  private final Queue<Reply> replies = new ConcurrentLinkedQueue<>();
  private final StubServer server = new StubServer(request -> replies.remove());
  private final DynamoDbAuditLog audit =
      new DynamoDbAuditLog(table(server.endpoint()), Duration.ofDays(400), 10);
  private final AccountStore accounts = new DynamoDbAccountStore(table(server.endpoint()), audit);
  private final RestoreStore restores =
      new DynamoDbRestoreStore(
          table(server.endpoint()),
          audit,
          10,
          InstantSource.fixed(Instant.parse("2026-11-22T17:00:00Z")));

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void readsAreConsistentExceptOfLiveRestores() {
    reply(NOTHING, 4);
    assertThat(accounts.find(1)).isEmpty();
    assertThat(accounts.findToken("hash")).isEmpty();
    assertThat(restores.find(1)).isEmpty();
    assertThat(restores.progress(Samples.uid(), 1)).isEmpty();
    reply(NO_ITEMS, 2);
    assertThat(restores.history(1, null, 10)).isEmpty();
    assertThat(restores.progress(Samples.uid())).isEmpty();
    assertThat(server.requests())
        .hasSize(6)
        .allSatisfy(
            request ->
                assertThat(Json.object(request.body()).members())
                    .containsEntry("ConsistentRead", new JsonValue.Bool(true)));

    reply(NO_ITEMS, 1);
    assertThat(restores.live(null).restores()).isEmpty();
    assertThat(server.requests().getLast().text()).doesNotContain("ConsistentRead");
    assertThat(server.requests())
        .allSatisfy(
            request ->
                assertThat(request.headers().get("x-amz-target"))
                    .isIn("DynamoDB_20120810.GetItem", "DynamoDB_20120810.Query"));
  }

  @Test
  void aWriteThatIsTriedAgainAfterALostReplyIsKnownAsTheSame() {
    replies.add(new Reply.CutOff(NOTHING, 0));
    replies.add(NOTHING);
    assertThat(restores.update(restore)).isTrue();
    assertThat(server.requests())
        .hasSize(2)
        .extracting(DynamoDbRequestsTest::clientRequestToken)
        .doesNotContainNull()
        .containsOnly(clientRequestToken(server.requests().getFirst()));
  }

  @Test
  void transactionsThatMeetAreTriedAgain() {
    replies.add(AwsReplies.cancelled("TransactionConflict"));
    replies.add(AwsReplies.cancelled("TransactionConflict"));
    replies.add(NOTHING);
    assertThat(restores.update(restore)).isTrue();
    assertThat(server.requests()).hasSize(3);
  }

  @Test
  void aPutThatMeetsATransactionIsTriedAgain() {
    replies.add(AwsReplies.error(400, "TransactionConflictException", "1"));
    replies.add(NOTHING);
    restores.saveProgress(
        Samples.uid(), new SliceProgress(0, Position.START, Samples.totals(0, 1)));
    assertThat(server.requests()).hasSize(2);
  }

  @Test
  void progressMayBeDeleted30DaysAfterItWasWritten() {
    replies.add(NOTHING);
    restores.saveProgress(
        Samples.uid(), new SliceProgress(0, Position.START, Samples.totals(0, 1)));
    long ttl = Instant.parse("2026-12-22T17:00:00Z").getEpochSecond();
    assertThat(server.requests().getFirst().text()).contains("\"ttl\":{\"N\":\"" + ttl + "\"}");
  }

  @Test
  void aConditionThatFailedDecidesAtOnce() {
    replies.add(AwsReplies.cancelled("ConditionalCheckFailed", "TransactionConflict"));
    assertThat(accounts.create(Samples.account(1_000_000), List.of(), Samples.changed(1_000_000)))
        .isFalse();
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void transactionsThatKeepMeetingAreUnavailable() {
    reply(AwsReplies.cancelled("None", "TransactionConflict"), 20);
    assertThatThrownBy(
            () ->
                accounts.create(Samples.account(1_000_000), List.of(), Samples.changed(1_000_000)))
        .isInstanceOf(ServiceException.Unavailable.class)
        .hasMessage("TransactWriteItems: TransactionConflict (request CANCELLED)");
    assertThat(server.requests()).hasSizeBetween(3, 20);
  }

  @Test
  void aThrottledTransactionIsUnavailableAfterItsRetries() {
    reply(AwsReplies.cancelled("ThrottlingError"), 20);
    assertThatThrownBy(() -> restores.update(restore))
        .isInstanceOf(ServiceException.Unavailable.class)
        .hasMessageContaining("ThrottlingError");
    assertThat(server.requests()).hasSizeGreaterThan(1);
  }

  @Test
  void aTransactionThatCanNeverBeCarriedOutIsDenied() {
    replies.add(AwsReplies.cancelled("ValidationError"));
    assertThatThrownBy(() -> restores.update(restore))
        .isInstanceOf(ServiceException.Denied.class)
        .hasMessageContaining("ValidationError");
  }

  @Test
  void aRefusalIsDenied() {
    reply(AwsReplies.error(400, "AccessDeniedException", "REQUEST-1"), 2);
    for (Runnable call :
        List.<Runnable>of(() -> accounts.find(1), () -> restores.update(restore))) {
      ServiceException failure = failure(call);
      assertThat(failure).isInstanceOf(ServiceException.Denied.class);
      assertThat(failure.code()).isEqualTo("AccessDeniedException");
      assertThat(failure.requestId()).isEqualTo("REQUEST-1");
    }
    assertThat(server.requests()).hasSize(2);
  }

  @Test
  void aThrottledCallIsUnavailableAfterItsRetries() {
    reply(AwsReplies.error(400, "ProvisionedThroughputExceededException", "REQUEST-2"), 20);
    ServiceException failure = failure(() -> accounts.find(1));
    assertThat(failure).isInstanceOf(ServiceException.Unavailable.class);
    assertThat(failure.code()).isEqualTo("ProvisionedThroughputExceededException");
    assertThat(server.requests()).hasSizeGreaterThan(1);
  }

  @Test
  void aTableThatCannotBeReachedIsUnavailable() {
    AccountStore nowhere = new DynamoDbAccountStore(table(StubServer.nowhere()), audit);
    assertThat(failure(() -> nowhere.find(1))).isInstanceOf(ServiceException.Unavailable.class);
    assertThat(
            failure(
                () ->
                    nowhere.create(
                        Samples.account(1_000_000), List.of(), Samples.changed(1_000_000))))
        .isInstanceOf(ServiceException.Unavailable.class);
  }

  @Test
  void aLostReplyLeavesTheOutcomeOfAWriteOpen() {
    reply(new Reply.CutOff(NOTHING, 0), 20);
    assertThat(failure(() -> restores.update(restore)))
        .isInstanceOf(ServiceException.OutcomeUnknown.class);
  }

  /** Above all, a token that could not be read is never taken for one that is not there. */
  @Test
  void aReadThatIsCutOffIsUnavailable() {
    Reply.Whole found =
        AwsReplies.ok("{\"Item\":{\"pk\":{\"S\":\"TOKEN#1\"},\"sk\":{\"S\":\"TOKEN\"}}}");
    List<Integer> inHeaders = List.of(17, 40, 60, 90);
    for (int bytes : inHeaders) {
      replies.clear();
      reply(new Reply.CutOff(found, bytes), 20);
      assertThat(failure(() -> accounts.findToken("hash")))
          .as("cut off after %s of %s bytes", bytes, found.length())
          .isInstanceOf(ServiceException.Unavailable.class);
      assertThat(failure(() -> restores.history(1, null, 10)))
          .as("cut off after %s of %s bytes", bytes, found.length())
          .isInstanceOf(ServiceException.Unavailable.class);
    }
    replies.clear();
    reply(new Reply.CutOff(found, found.length() - 1), 20);
    assertThat(failure(() -> accounts.findToken("hash")))
        .isInstanceOf(ServiceException.Unavailable.class);
  }

  private void reply(Reply reply, int times) {
    for (int i = 0; i < times; i++) {
      replies.add(reply);
    }
  }

  private static ServiceException failure(Runnable call) {
    ServiceException failure = catchThrowableOfType(ServiceException.class, call::run);
    assertThat(failure).isNotNull();
    StringWriter trace = new StringWriter();
    failure.printStackTrace(new PrintWriter(trace));
    assertThat(trace.toString()).doesNotContain(Clients.SECRET_KEY);
    return failure;
  }

  private static JsonValue clientRequestToken(Request request) {
    return Json.object(request.body()).member("ClientRequestToken").orElseThrow();
  }

  private static DynamoDbTable table(URI endpoint) {
    return new DynamoDbTable(Clients.at(endpoint), "logarchive");
  }
}
