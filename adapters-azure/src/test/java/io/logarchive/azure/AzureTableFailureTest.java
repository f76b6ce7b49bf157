package io.logarchive.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.logarchive.azure.AzureTable.Insert;
import io.logarchive.fault.ServiceException;
import io.logarchive.stored.Stored;
import io.logarchive.testkit.StubServer;
import io.logarchive.testkit.StubServer.Reply;
import io.logarchive.testkit.StubServer.Request;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Tables that refuse, turn away, are away or break off. */
final class AzureTableFailureTest {
  private static final TableRow.Key KEY = new TableRow.Key("partition", "row");
  private static final String ENTITY =
      "{\"odata.etag\":\"W/\\\"1\\\"\",\"PartitionKey\":\"partition\",\"RowKey\":\"row\","
          + "\"Timestamp\":\"2026-11-22T17:00:00Z\",\"mark\":\"of another\","
          + "\"json0\":\"{\\\"version\\\":1}\"}";

  enum Operation {
    CREATE("CreateTable", true),
    FIND("GetEntity", false),
    QUERY("QueryEntities", false),
    EXPIRED("QueryEntities", false),
    CHANGE("SubmitTransaction", true);

    private final String name;
    private final boolean writes;

    Operation(String name, boolean writes) {
      this.name = name;
      this.writes = writes;
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSuccessIsASuccess(Operation operation) {
    try (StubServer server = server(operation, success(operation))) {
      call(operation, server.endpoint());
      assertThat(server.requests()).hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aRefusalIsDeniedAtOnceInTheServicesOwnWords(Operation operation) {
    try (StubServer server = server(operation, refusal(403, "AuthorizationFailure"))) {
      assertThat(failure(operation, server.endpoint()))
          .isInstanceOf(ServiceException.Denied.class)
          .hasMessage(operation.name + ": AuthorizationFailure (request REQUEST-1)");
      assertThat(server.requests()).hasSize(1);
    }
  }

  /** As it is before the service knows who asks. */
  @ParameterizedTest
  @EnumSource
  void aRefusalInXmlIsDenied(Operation operation) {
    Reply refusal =
        Reply.Whole.of(403, "<error><code>AuthenticationFailed</code></error>")
            .with("Content-Type", "application/xml");
    try (StubServer server = server(operation, refusal)) {
      assertThat(failure(operation, server.endpoint()))
          .isInstanceOf(ServiceException.Denied.class)
          .hasMessage(operation.name + ": Http403");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aThrottledCallIsUnavailableAfterItsTries(Operation operation) {
    for (Reply reply : List.of(refusal(429, "TooManyRequests"), refusal(503, "ServerBusy"))) {
      try (StubServer server = server(operation, reply)) {
        assertThat(failure(operation, server.endpoint()))
            .isInstanceOf(ServiceException.Unavailable.class)
            .hasMessageStartingWith(operation.name + ": ");
        assertThat(server.requests()).hasSizeGreaterThanOrEqualTo(3);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatTheServiceCouldNotFinishMayHaveHappened(Operation operation) {
    for (String code : List.of("InternalError", "OperationTimedOut")) {
      try (StubServer server = server(operation, refusal(500, code))) {
        assertLost(operation, failure(operation, server.endpoint()), code);
      }
    }
  }

  /** The status of the reply itself is then that of a success. */
  @ParameterizedTest
  @CsvSource({
    "503, ServerBusy, Unavailable",
    "500, InternalError, OutcomeUnknown",
    "500, OperationTimedOut, OutcomeUnknown",
    "403, AuthorizationFailure, Denied"
  })
  void aFailureWithinATransactionIsWhatItWouldBeAlone(int status, String code, String kind) {
    try (StubServer server = server(Operation.CHANGE, transaction(status, error(code)))) {
      ServiceException failure = failure(Operation.CHANGE, server.endpoint());
      assertThat(failure.getClass().getSimpleName()).isEqualTo(kind);
      assertThat(failure).hasMessage("SubmitTransaction: " + code);
    }
  }

  /** It may have been done before another wrote, and is no refusal then. */
  @ParameterizedTest
  @CsvSource({"false, InternalError", "false, OperationTimedOut", "true, OperationTimedOut"})
  void whatIsThereAfterAFailureIsNotTakenForWhatWasThereBefore(boolean within, String code) {
    Reply broken = within ? transaction(500, error(code)) : refusal(500, code);
    try (StubServer server =
        new StubServer(request -> isTransaction(request) ? broken : success(Operation.FIND))) {
      assertThat(failure(Operation.CHANGE, server.endpoint()))
          .isInstanceOf(ServiceException.OutcomeUnknown.class)
          .hasMessage("SubmitTransaction: ConnectionLost");
    }
  }

  /** Nothing was done then, so what is there was there before. */
  @Test
  void whatIsThereAfterAThrottledChangeIsARefusal() {
    try (StubServer server =
        new StubServer(
            request ->
                isTransaction(request) ? refusal(503, "ServerBusy") : success(Operation.FIND))) {
      assertThat(table(server.endpoint()).change(insert())).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFailureThatPassesIsNotSeen(Operation operation) {
    AtomicInteger count = new AtomicInteger();
    try (StubServer server =
        server(
            operation,
            request ->
                count.incrementAndGet() == 1 ? refusal(503, "ServerBusy") : success(operation))) {
      call(operation, server.endpoint());
      assertThat(count).hasValue(2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aServiceThatCannotBeReachedIsUnavailable(Operation operation) {
    assertThat(failure(operation, StubServer.nowhere()))
        .isInstanceOf(ServiceException.Unavailable.class)
        .hasMessageEndingWith(": Unreachable");
  }

  @ParameterizedTest
  @EnumSource
  void aReplyThatIsCutOffAnywhereLosesTheOutcomeOfAWrite(Operation operation) {
    Reply.Whole whole = success(operation);
    IntStream.rangeClosed(0, 8)
        .map(eighths -> Math.min(whole.length() * eighths / 8, whole.length() - 1))
        // Of these, a status and no body is all there is to know.
        .filter(bytes -> whole.body().length > 0 || bytes < whole.length() - 1)
        .forEach(
            bytes -> {
              try (StubServer server = server(operation, new Reply.CutOff(whole, bytes))) {
                assertLost(operation, failure(operation, server.endpoint()), "");
              }
            });
  }

  /** A listing without a list is an empty one to the SDK, and a table is made by the status. */
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "CREATE")
  void aReplyThatCannotBeReadLosesTheOutcomeOfAWrite(Operation operation) {
    boolean lists = operation == Operation.QUERY || operation == Operation.EXPIRED;
    for (String body :
        lists ? List.of("<html>", "{", "[]") : List.of("<html>", "{", "[]", "", "{}")) {
      Reply.Whole unreadable =
          Reply.Whole.of(operation == Operation.CHANGE ? 202 : 200, body)
              .with("Content-Type", "application/json");
      try (StubServer server = server(operation, unreadable)) {
        assertLost(operation, failure(operation, server.endpoint()), "");
      }
    }
  }

  private static void assertLost(Operation operation, ServiceException failure, String code) {
    assertThat(failure)
        .as("failure of %s: %s", operation, failure)
        .isInstanceOf(
            operation.writes
                ? ServiceException.OutcomeUnknown.class
                : ServiceException.Unavailable.class)
        .hasMessageStartingWith(operation.name + ": " + code);
  }

  private static ServiceException failure(Operation operation, URI endpoint) {
    ServiceException failure =
        catchThrowableOfType(ServiceException.class, () -> call(operation, endpoint));
    assertThat(failure).as("failure of %s", operation).isNotNull();
    StringWriter trace = new StringWriter();
    failure.printStackTrace(new PrintWriter(trace));
    assertThat(trace.toString()).doesNotContain(Azurite.KEY.value());
    return failure;
  }

  private static void call(Operation operation, URI endpoint) {
    AzureTable table = table(endpoint);
    switch (operation) {
      case CREATE -> table.create();
      case FIND -> assertThat(table.find(KEY)).isPresent();
      case QUERY -> assertThat(table.query("partition", "", "~", 10)).hasSize(1);
      case EXPIRED -> table.expired(Instant.EPOCH, page -> assertThat(page).hasSize(1));
      case CHANGE -> assertThat(table.change(insert())).isTrue();
    }
  }

  private static Insert insert() {
    return new Insert(TableRow.of(KEY, Stored.empty().number("version", 1)));
  }

  private static AzureTable table(URI endpoint) {
    return new AzureTable(
        new AzureClients(AzureEndpoints.AZURE, HttpClient::newBuilder),
        endpoint,
        "logarchive",
        new AzureLogin.AccountKey(Azurite.ACCOUNT, Azurite.KEY),
        new SecureRandom());
  }

  private static StubServer server(Operation operation, Reply reply) {
    return server(operation, request -> reply);
  }

  /** What a change reads between its tries is answered: there is no entity. */
  private static StubServer server(Operation operation, Function<Request, Reply> service) {
    return new StubServer(
        request ->
            operation == Operation.CHANGE && !isTransaction(request)
                ? refusal(404, "ResourceNotFound")
                : service.apply(request));
  }

  private static boolean isTransaction(Request request) {
    return request.target().endsWith("$batch");
  }

  private static Reply.Whole success(Operation operation) {
    return switch (operation) {
      case CREATE -> json(201, "{\"TableName\":\"logarchive\"}");
      case FIND -> json(200, ENTITY).with("ETag", "W/\"1\"");
      case QUERY, EXPIRED -> json(200, "{\"value\":[" + ENTITY + "]}");
      case CHANGE -> transaction(204, "");
    };
  }

  private static Reply.Whole refusal(int status, String code) {
    return json(status, error(code));
  }

  private static String error(String code) {
    return "{\"odata.error\":{\"code\":\"%s\",\"message\":{\"lang\":\"en-US\",\"value\":\"0:Said by it.\"}}}"
        .formatted(code);
  }

  private static Reply.Whole json(int status, String body) {
    return Reply.Whole.of(status, body)
        .with("Content-Type", "application/json;odata=minimalmetadata")
        .with("x-ms-request-id", "REQUEST-1");
  }

  /** The reply to a transaction, which holds that to its one change, or to the one that failed. */
  private static Reply.Whole transaction(int status, String part) {
    String body =
        """
        --batchresponse_1
        Content-Type: multipart/mixed; boundary=changesetresponse_1

        --changesetresponse_1
        Content-Type: application/http
        Content-Transfer-Encoding: binary

        HTTP/1.1 %s Status
        X-Content-Type-Options: nosniff
        Cache-Control: no-cache
        DataServiceVersion: 3.0;
        Content-Type: application/json;odata=minimalmetadata;streaming=true;charset=utf-8

        %s
        --changesetresponse_1--
        --batchresponse_1--
        """
            .formatted(status, part)
            .replace("\n", "\r\n");
    return Reply.Whole.of(202, body)
        .with("Content-Type", "multipart/mixed; boundary=batchresponse_1")
        .with("x-ms-request-id", "REQUEST-1");
  }
}
