package io.logarchive.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.logarchive.archive.ArchiveStorage;
import io.logarchive.archive.ArchiveStorageProvider.Patience;
import io.logarchive.archive.Content;
import io.logarchive.fault.ServiceException;
import io.logarchive.testkit.RecordingArchiveStorage.Operation;
import io.logarchive.testkit.StubServer.AnnouncedBody;
import io.logarchive.testkit.StubServer.Reply;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every {@link ArchiveStorage} behind a network makes of a service that fails. */
public interface ArchiveStorageFailureContract {
  Content CONTENT = Content.of("{\"a\":1}\n".getBytes(StandardCharsets.UTF_8), Content.LOGS);

  /** Opens a storage at this address with credentials that hold {@link #secret()}. */
  ArchiveStorage storage(URI endpoint, Patience patience);

  /** What must show in no message and no stack trace. */
  String secret();

  /** A reply as the service makes it, with this code and this request id in their places. */
  Reply.Whole failure(int status, String code, String requestId);

  /** The service's code for a bucket or container that is not there. */
  String missingBucketCode();

  /** The service's code with which it throttles. */
  String throttledCode();

  /** What the service answers when all is well, with at least one byte or object for reads. */
  Reply.Whole success(Operation operation);

  @ParameterizedTest
  @EnumSource
  default void aRefusalIsDeniedWithTheServicesOwnWords(Operation operation) {
    Reply refusal = failure(403, "AccessDenied", "REQUEST-1");
    try (StubServer server = new StubServer(request -> refusal)) {
      ServiceException failure = failure(server.endpoint(), Patience.RETRYING, operation);
      assertThat(failure).isInstanceOf(ServiceException.Denied.class);
      assertThat(failure.code()).isEqualTo("AccessDenied");
      assertThat(failure.requestId()).isEqualTo("REQUEST-1");
      assertThat(failure.operation()).isNotBlank();
      assertThat(failure)
          .hasMessageContainingAll(failure.operation(), "AccessDenied", "REQUEST-1")
          .hasCauseInstanceOf(RuntimeException.class);
      assertThat(server.requests()).hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"PUT", "PUT_IF_ABSENT"})
  default void aLargeObjectCanBeRefusedBeforeItIsSent(Operation operation) {
    Reply refusal = failure(403, "AccessDenied", "REQUEST-6");
    Content large = Content.of(new byte[5_000_000], Content.LOGS);
    try (StubServer server = new StubServer(request -> refusal, AnnouncedBody.REFUSED)) {
      for (Patience patience : Patience.values()) {
        ArchiveStorage storage = storage(server.endpoint(), patience);
        ServiceException failure =
            catchThrowableOfType(ServiceException.class, () -> call(storage, operation, large));
        assertThat(failure).isInstanceOf(ServiceException.Denied.class);
        assertThat(failure.code()).isNotBlank();
        assertThat(failure.requestId()).isEqualTo("REQUEST-6");
      }
      assertThat(server.requests()).hasSize(Patience.values().length);
    }
  }

  @ParameterizedTest
  @EnumSource
  default void aMissingBucketIsDenied(Operation operation) {
    Reply missing = failure(404, missingBucketCode(), "REQUEST-2");
    try (StubServer server = new StubServer(request -> missing)) {
      ServiceException failure = failure(server.endpoint(), Patience.RETRYING, operation);
      assertThat(failure).isInstanceOf(ServiceException.Denied.class);
      assertThat(failure.code()).isEqualTo(missingBucketCode());
      assertThat(failure.requestId()).isEqualTo("REQUEST-2");
    }
  }

  @ParameterizedTest
  @EnumSource
  default void aServiceThatCannotBeReachedIsUnavailable(Operation operation) {
    for (Patience patience : Patience.values()) {
      ServiceException failure = failure(StubServer.nowhere(), patience, operation);
      assertThat(failure).isInstanceOf(ServiceException.Unavailable.class);
      assertThat(failure.operation()).isNotBlank();
      assertThat(failure.code()).isNotBlank();
      assertThat(failure.requestId()).isNull();
    }
  }

  @Test
  default void aThrottledCallIsUnavailableAfterItsRetries() {
    forAllOperationsAtOnce(
        operation -> {
          Reply throttled = failure(503, throttledCode(), "REQUEST-3");
          try (StubServer server = new StubServer(request -> throttled)) {
            ServiceException failure = failure(server.endpoint(), Patience.RETRYING, operation);
            assertThat(failure).isInstanceOf(ServiceException.Unavailable.class);
            assertThat(failure.code()).isEqualTo(throttledCode());
            assertThat(failure.requestId()).isEqualTo("REQUEST-3");
            assertThat(server.requests()).hasSizeGreaterThan(1);
          }
        });
  }

  @ParameterizedTest
  @EnumSource
  default void aThrottledCallIsTriedOnceForAPersonWhoWaits(Operation operation) {
    Reply throttled = failure(503, throttledCode(), "REQUEST-4");
    try (StubServer server = new StubServer(request -> throttled)) {
      assertThat(failure(server.endpoint(), Patience.BRIEF, operation))
          .isInstanceOf(ServiceException.Unavailable.class);
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  default void aFailureThatPassesIsNotSeen() {
    forAllOperationsAtOnce(
        operation -> {
          AtomicInteger count = new AtomicInteger();
          Function<StubServer.Request, Reply> service =
              request ->
                  count.incrementAndGet() == 1
                      ? failure(503, throttledCode(), "REQUEST-5")
                      : success(operation);
          try (StubServer server = new StubServer(service)) {
            call(storage(server.endpoint(), Patience.RETRYING), operation);
            assertThat(server.requests()).hasSize(2);
          }
        });
  }

  @Test
  default void aReplyThatNeverComesIsWaitedForFourSeconds() {
    forAllOperationsAtOnce(
        operation -> {
          try (StubServer server = new StubServer(request -> new Reply.Silence())) {
            Instant start = Instant.now();
            ServiceException failure = failure(server.endpoint(), Patience.BRIEF, operation);
            assertThat(Duration.between(start, Instant.now()))
                .isBetween(Duration.ofSeconds(3), Duration.ofSeconds(6));
            assertLost(operation, failure);
          }
        });
  }

  @ParameterizedTest
  @EnumSource
  default void aConnectionThatEndsWithoutAReplyLosesTheOutcomeOfAWrite(Operation operation) {
    Reply nothing = new Reply.CutOff(success(operation), 0);
    for (Patience patience : Patience.values()) {
      try (StubServer server = new StubServer(request -> nothing)) {
        assertLost(operation, failure(server.endpoint(), patience, operation));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"GET", "LIST", "HEAD"})
  default void aReadThatIsCutOffAnywhereIsUnavailable(Operation operation) {
    Reply.Whole whole = success(operation);
    AtomicInteger cut = new AtomicInteger();
    try (StubServer server = new StubServer(request -> new Reply.CutOff(whole, cut.get()))) {
      ArchiveStorage storage = storage(server.endpoint(), Patience.BRIEF);
      for (int bytes = 0; bytes < whole.length(); bytes++) {
        cut.set(bytes);
        assertThat(failure(storage, operation))
            .as("cut off after %s of %s bytes", bytes, whole.length())
            .isInstanceOf(ServiceException.Unavailable.class);
      }
    }
  }

  private static void forAllOperationsAtOnce(Consumer<Operation> test) {
    List<Operation> operations = List.of(Operation.values());
    Together.run(
        operations.size(),
        i -> {
          test.accept(operations.get(i));
          return i;
        });
  }

  private void assertLost(Operation operation, ServiceException failure) {
    switch (operation) {
      case PUT, PUT_IF_ABSENT ->
          assertThat(failure).isInstanceOf(ServiceException.OutcomeUnknown.class);
      case GET, LIST, HEAD -> assertThat(failure).isInstanceOf(ServiceException.Unavailable.class);
    }
  }

  private ServiceException failure(URI endpoint, Patience patience, Operation operation) {
    return failure(storage(endpoint, patience), operation);
  }

  private ServiceException failure(ArchiveStorage storage, Operation operation) {
    ServiceException failure =
        catchThrowableOfType(ServiceException.class, () -> call(storage, operation));
    assertThat(failure).as("failure of %s", operation).isNotNull();
    StringWriter trace = new StringWriter();
    failure.printStackTrace(new PrintWriter(trace));
    assertThat(trace.toString()).doesNotContain(secret());
    return failure;
  }

  private static Object call(ArchiveStorage storage, Operation operation) {
    return call(storage, operation, CONTENT);
  }

  private static Object call(ArchiveStorage storage, Operation operation, Content content) {
    return switch (operation) {
      case PUT_IF_ABSENT -> storage.putIfAbsent("key", content);
      case PUT -> {
        storage.put("key", content);
        yield List.of();
      }
      case GET -> storage.get("key", 0, 1_000);
      case LIST -> storage.list("", null);
      case HEAD -> storage.head("key");
    };
  }
}
