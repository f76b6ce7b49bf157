package io.logarchive.opensearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.logarchive.account.Secret;
import io.logarchive.account.Uid;
import io.logarchive.fault.ServiceException;
import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import io.logarchive.restore.RestoreSlice;
import io.logarchive.restore.RestoredAccounts.SearchOutcome;
import io.logarchive.testkit.Samples;
import io.logarchive.testkit.StubServer;
import io.logarchive.testkit.StubServer.Reply;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Every operation, with an engine that refuses, is away, turns away, is silent or breaks off. */
class OpenSearchFailureTest {
  private static final String PASSWORD = "correct horse battery staple";
  private static final int TRIES = 3;
  private static final Patience BRIEF =
      new Patience(
          Duration.ofMillis(400),
          Duration.ofMillis(400),
          Duration.ofSeconds(20),
          TRIES,
          Duration.ofMillis(1),
          Duration.ofMillis(4));

  /** What can be asked of restored accounts. */
  enum Operation {
    CREATE(true, "{\"acknowledged\":true,\"shards_acknowledged\":true,\"index\":\"i\"}"),
    WRITE(true, "{\"errors\":false,\"items\":[{\"index\":{\"status\":201}}]}"),
    REFRESH(true, "{\"_shards\":{\"total\":1,\"successful\":1,\"failed\":0},\"count\":1}"),
    DELETE(true, "{\"acknowledged\":true}"),
    LIST(
        false,
        "{\"logarchive-0123456789abcdef0123456789abcdef\":"
            + "{\"settings\":{\"index\":{\"creation_date\":\"1763830800123\"}},"
            + "\"mappings\":{\"_meta\":{\"deployment\":\"test\"}}}}"),
    SEARCH(
        false,
        "{\"took\":1,\"_shards\":{\"failed\":0},\"hits\":{\"total\":{\"value\":0},\"hits\":[]}}");

    private final boolean changes;
    private final String success;

    Operation(boolean changes, String success) {
      this.changes = changes;
      this.success = success;
    }

    Reply.Whole success() {
      return Reply.Whole.of(200, success);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSuccessIsASuccess(Operation operation) {
    try (StubServer server = new StubServer(request -> operation.success())) {
      call(server.endpoint(), operation);
      assertThat(server.requests())
          .allSatisfy(
              request ->
                  assertThat(request.headers()).containsEntry("authorization", basic(PASSWORD)));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aRefusalIsDeniedAtOnceWithTheEnginesOwnWords(Operation operation) {
    for (int status : List.of(401, 403)) {
      Reply refusal = error(status, "security_exception").with("x-amzn-RequestId", "REQUEST-1");
      try (StubServer server = new StubServer(request -> refusal)) {
        ServiceException failure = failure(server.endpoint(), operation);
        assertThat(failure).isInstanceOf(ServiceException.Denied.class);
        assertThat(failure.code()).isEqualTo("security_exception");
        assertThat(failure.requestId()).isEqualTo("REQUEST-1");
        assertThat(failure.operation()).isNotBlank();
        assertThat(server.requests()).hasSize(1);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aRefusalInOtherWordsIsDeniedByItsStatus(Operation operation) {
    for (String body : List.of("", "Unauthorized", "<html>", "{\"message\":\"no\"}", "[1]")) {
      try (StubServer server = new StubServer(request -> Reply.Whole.of(401, body))) {
        ServiceException failure = failure(server.endpoint(), operation);
        assertThat(failure).as(body).isInstanceOf(ServiceException.Denied.class);
        assertThat(failure.code()).isEqualTo("HTTP 401");
      }
    }
  }

  @Test
  void theLoginIsReadAtTheFirstCallAndKept() {
    Queue<String> passwords = new ConcurrentLinkedQueue<>(List.of("first", "second"));
    try (StubServer server = new StubServer(request -> Operation.LIST.success())) {
      OpenSearchRestoredAccounts accounts = accounts(server.endpoint(), passwords);
      assertThat(passwords).hasSize(2);
      accounts.list();
      accounts.list();
      assertThat(passwords).containsExactly("second");
    }
  }

  @Test
  void aLoginThatWasChangedMeanwhileIsReadAgain() {
    AtomicReference<String> password = new AtomicReference<>("first");
    try (StubServer server =
        new StubServer(
            request ->
                basic(password.get()).equals(request.headers().get("authorization"))
                    ? Operation.LIST.success()
                    : error(401, "security_exception"))) {
      OpenSearchRestoredAccounts accounts =
          accounts(
              server.endpoint(), new ConcurrentLinkedQueue<>(List.of("first", "second", "third")));
      accounts.list();
      password.set("second");
      accounts.list();
      accounts.list();
      assertThat(server.requests()).hasSize(4);
    }
  }

  @Test
  void aLoginThatIsRefusedTwiceIsDenied() {
    Queue<String> passwords = new ConcurrentLinkedQueue<>(List.of("first", "second", "third"));
    try (StubServer server = new StubServer(request -> error(401, "security_exception"))) {
      OpenSearchRestoredAccounts accounts = accounts(server.endpoint(), passwords);
      assertThatThrownBy(accounts::list).isInstanceOf(ServiceException.Denied.class);
      assertThat(server.requests()).hasSize(2);
      assertThat(passwords).containsExactly("third");
    }
  }

  @Test
  void aLoginThatCannotBeReadFailsTheCallAsItsServiceDid() {
    ServiceException.Denied denied =
        new ServiceException.Denied("GetSecretValue", "AccessDeniedException", "R", null);
    try (StubServer server = new StubServer(request -> Operation.LIST.success())) {
      OpenSearchConfig config =
          new OpenSearchConfig(
              server.endpoint(),
              () -> {
                throw denied;
              },
              0,
              "test");
      OpenSearchRestoredAccounts accounts = new OpenSearchRestoredAccounts(config, BRIEF);
      assertThatThrownBy(accounts::list).isSameAs(denied);
      assertThat(server.requests()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void anEngineThatCannotBeReachedIsUnavailable(Operation operation) {
    ServiceException failure = failure(StubServer.nowhere(), operation);
    assertThat(failure).isInstanceOf(ServiceException.Unavailable.class);
    assertThat(failure.code()).isEqualTo("Unreachable");
  }

  @ParameterizedTest
  @EnumSource
  void aCallThatIsTurnedAwayIsUnavailableAfterItsTries(Operation operation) {
    for (int status : List.of(429, 503)) {
      Reply busy = error(status, "rejected_execution_exception");
      try (StubServer server = new StubServer(request -> busy)) {
        ServiceException failure = failure(server.endpoint(), operation);
        assertThat(failure).isInstanceOf(ServiceException.Unavailable.class);
        assertThat(failure.code()).isEqualTo("rejected_execution_exception");
        // Somebody waits for a search: it is theirs to ask again.
        assertThat(server.requests()).hasSize(operation == Operation.SEARCH ? 1 : TRIES);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SEARCH")
  void aFailureThatPassesIsNotSeen(Operation operation) {
    AtomicInteger count = new AtomicInteger();
    try (StubServer server =
        new StubServer(
            request ->
                count.incrementAndGet() == 1
                    ? error(503, "cluster_manager_not_discovered_exception")
                    : operation.success())) {
      call(server.endpoint(), operation);
      assertThat(count.get()).isGreaterThan(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aConnectionThatWasClosedWhileItWasIdleIsNotSeen(Operation operation) {
    AtomicInteger count = new AtomicInteger();
    try (StubServer server =
        new StubServer(
            request ->
                count.incrementAndGet() == 1
                    ? new Reply.CutOff(operation.success(), 0)
                    : operation.success())) {
      call(server.endpoint(), operation);
    }
  }

  @ParameterizedTest
  @EnumSource
  void anEngineThatBreaksLosesTheOutcomeOfAChange(Operation operation) {
    for (int status : List.of(500, 502, 504)) {
      try (StubServer server = new StubServer(request -> Reply.Whole.of(status, "<html>"))) {
        ServiceException failure = failure(server.endpoint(), operation);
        assertLost(operation, failure);
        assertThat(failure.code()).isEqualTo("HTTP " + status);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void anAnswerThatNeverComesIsNotWaitedForLong(Operation operation) {
    try (StubServer server = new StubServer(request -> new Reply.Silence())) {
      Instant start = Instant.now();
      ServiceException failure = failure(server.endpoint(), operation);
      assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(10));
      assertLost(operation, failure);
      assertThat(failure.code()).isEqualTo("Timeout");
      assertThat(server.requests()).hasSize(operation == Operation.SEARCH ? 1 : TRIES);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SEARCH")
  void noTryBeginsOnceTheTimeForThemIsOver(Operation operation) {
    Patience hasty =
        new Patience(
            Duration.ofMillis(400),
            Duration.ofMillis(400),
            Duration.ofMillis(600),
            100,
            Duration.ofMillis(1),
            Duration.ofMillis(4));
    try (StubServer server = new StubServer(request -> new Reply.Silence())) {
      assertLost(operation, failure(server.endpoint(), operation, hasty));
      assertThat(server.requests()).hasSize(2);
    }
  }

  @Test
  void aBulkThatOnlyComesOnInEverSmallerPartsEnds() {
    Patience none =
        new Patience(
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ZERO.minusNanos(1),
            TRIES,
            Duration.ofMillis(1),
            Duration.ofMillis(4));
    try (StubServer server = new StubServer(request -> Operation.WRITE.success())) {
      ServiceException failure = failure(server.endpoint(), Operation.WRITE, none);
      assertThat(failure).isInstanceOf(ServiceException.Unavailable.class);
      assertThat(failure.code()).isEqualTo("TooSlow");
      assertThat(server.requests()).isEmpty();
    }
  }

  @Test
  void aCallEndsBeforeItsSliceRunsOutOfTime() {
    assertThat(Patience.DEFAULT.begin().plus(Patience.DEFAULT.answer()))
        .isLessThan(RestoreSlice.MARGIN);
  }

  @ParameterizedTest
  @EnumSource
  void anAnswerThatIsCutOffAnywhereIsNoAnswer(Operation operation) {
    AtomicInteger cut = new AtomicInteger();
    Reply.Whole whole = operation.success();
    try (StubServer server = new StubServer(request -> new Reply.CutOff(whole, cut.get()))) {
      for (int bytes = 0; bytes < whole.length(); bytes += bytes < 10 ? 1 : 7) {
        cut.set(bytes);
        assertLost(operation, failure(server.endpoint(), operation));
      }
      cut.set(whole.length() - 1);
      assertLost(operation, failure(server.endpoint(), operation));
    }
  }

  @Test
  void aMissingIndexIsNotFound() {
    for (Operation operation : List.of(Operation.WRITE, Operation.REFRESH)) {
      Reply missing = error(404, "index_not_found_exception");
      try (StubServer server = new StubServer(request -> missing)) {
        ServiceException failure = failure(server.endpoint(), operation);
        assertThat(failure).isInstanceOf(ServiceException.NotFound.class);
        assertThat(failure.code()).isEqualTo("index_not_found_exception");
      }
    }
  }

  @Test
  void aCountOfSomeShardsIsNoCount() {
    Reply some =
        Reply.Whole.of(
            200, "{\"_shards\":{\"total\":2,\"successful\":1,\"failed\":1},\"count\":1}");
    try (StubServer server = new StubServer(request -> some)) {
      assertThat(failure(server.endpoint(), Operation.REFRESH))
          .isInstanceOf(ServiceException.Unavailable.class);
    }
  }

  @Test
  void replicasAreMadeOnceTheAccountIsFilled() {
    try (StubServer server = new StubServer(request -> Operation.REFRESH.success())) {
      OpenSearchConfig config = new OpenSearchConfig(server.endpoint(), null, 2, "test");
      Uid uid = Samples.uid();
      new OpenSearchRestoredAccounts(config, BRIEF).refresh(uid);
      StubServer.Request first = server.requests().getFirst();
      assertThat(first.method()).isEqualTo("PUT");
      assertThat(first.target()).isEqualTo("/logarchive-" + uid + "/_settings");
      assertThat(first.text()).isEqualTo("{\"index.number_of_replicas\":2}");
    }
  }

  @Test
  void aReplyThatIsTooLongBesideItsHitsIsForTheCallerToMakeShorter() {
    String buckets = "{\"key\":1,\"doc_count\":1},".repeat(10_000) + "{}";
    Reply tooLong =
        Reply.Whole.of(
            200,
            "{\"hits\":{\"hits\":[]},\"aggregations\":{\"a\":{\"buckets\":[" + buckets + "]}}}");
    try (StubServer server = new StubServer(request -> tooLong)) {
      assertThat(
              accounts(server.endpoint()).search(List.of(Samples.uid()), JsonObject.EMPTY, 100_000))
          .isInstanceOf(SearchOutcome.Refused.class);
      assertThat(server.requests()).hasSize(1);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'type':'task_cancelled_exception','reason':'cancelled'} | true",
        "{'type':'query_phase_execution_exception','reason':'failed',"
            + "'caused_by':{'type':'task_cancelled_exception','reason':'cancelled'}} | true",
        "{'type':'receive_timeout_transport_exception','reason':'late'} | true",
        "{'type':'query_shard_exception','reason':'no'} | false"
      })
  void aSearchThatWasCutOffSaysSo(String reason, boolean isCutOff) {
    String reply =
        "{'took':12000,'timed_out':false,'_shards':{'total':2,'successful':1,'failed':1,"
            + "'failures':[{'shard':0,'index':'i','reason':"
            + reason
            + "}]},'hits':{'total':{'value':0},'hits':[]}}";
    try (StubServer server =
        new StubServer(request -> Reply.Whole.of(200, reply.replace('\'', '"')))) {
      SearchOutcome.Found found =
          (SearchOutcome.Found)
              accounts(server.endpoint()).search(List.of(Samples.uid()), JsonObject.EMPTY, 100_000);
      assertThat(found.cut()).isEqualTo(isCutOff);
      assertThat(found.reply().members()).containsEntry("timed_out", new JsonValue.Bool(isCutOff));
    }
  }

  private static Reply.Whole error(int status, String type) {
    return Reply.Whole.of(
        status,
        "{\"error\":{\"root_cause\":[],\"type\":\"%s\",\"reason\":\"because\"},\"status\":%d}"
            .formatted(type, status));
  }

  private static void assertLost(Operation operation, ServiceException failure) {
    assertThat(failure)
        .isInstanceOf(
            operation.changes
                ? ServiceException.OutcomeUnknown.class
                : ServiceException.Unavailable.class);
  }

  private static ServiceException failure(URI endpoint, Operation operation) {
    return failure(endpoint, operation, BRIEF);
  }

  private static ServiceException failure(URI endpoint, Operation operation, Patience patience) {
    ServiceException failure =
        catchThrowableOfType(
            ServiceException.class, () -> call(accounts(endpoint, patience), operation));
    assertThat(failure).as("failure of %s", operation).isNotNull();
    StringWriter trace = new StringWriter();
    failure.printStackTrace(new PrintWriter(trace));
    assertThat(trace.toString())
        .doesNotContain(PASSWORD)
        .doesNotContain("secret word of a log")
        .doesNotContain("because");
    return failure;
  }

  private static OpenSearchRestoredAccounts accounts(URI endpoint) {
    return accounts(endpoint, BRIEF);
  }

  private static OpenSearchRestoredAccounts accounts(URI endpoint, Patience patience) {
    OpenSearchConfig.Login login = new OpenSearchConfig.Login("reader", new Secret(PASSWORD));
    return new OpenSearchRestoredAccounts(
        new OpenSearchConfig(endpoint, () -> login, 0, "test"), patience);
  }

  private static OpenSearchRestoredAccounts accounts(URI endpoint, Queue<String> passwords) {
    return new OpenSearchRestoredAccounts(
        new OpenSearchConfig(
            endpoint,
            () -> new OpenSearchConfig.Login("reader", new Secret(passwords.remove())),
            0,
            "test"),
        BRIEF);
  }

  private static String basic(String password) {
    byte[] both = ("reader:" + password).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(both);
  }

  private static Object call(URI endpoint, Operation operation) {
    return call(accounts(endpoint), operation);
  }

  private static Object call(OpenSearchRestoredAccounts accounts, Operation operation) {
    Uid uid = Samples.uid();
    return switch (operation) {
      case CREATE -> {
        accounts.create(uid, 1);
        yield uid;
      }
      case WRITE ->
          accounts.sink(uid).write(List.of(Lines.log(1, "{\"a\":\"secret word of a log\"}")));
      case REFRESH -> accounts.refresh(uid);
      case DELETE -> {
        accounts.delete(uid);
        yield uid;
      }
      case LIST -> accounts.list();
      case SEARCH -> accounts.search(List.of(uid), JsonObject.EMPTY, 1_000_000);
    };
  }
}
