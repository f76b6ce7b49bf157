package io.logarchive.functions;

import io.logarchive.fault.ServiceException;
import io.logarchive.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Logs one line for every invocation of a function, and tells its metrics. Of an exception the line
 * says which it is and, if nothing foresaw it, where it comes from.
 */
public final class Invocations {
  private static final Logger LOG = LoggerFactory.getLogger(Invocations.class);

  /** A line that is too long is cut, and then is no JSON. */
  private static final int MOST_CAUSES = 5;

  private static final int MOST_FRAMES = 30;

  private final InstantSource clock;
  private final InvocationMetrics metrics;
  private final String idName;
  private final AtomicBoolean cold = new AtomicBoolean(true);

  /**
   * @param idName how log lines call an invocation's id: as the platform's own lines do
   */
  public Invocations(InstantSource clock, InvocationMetrics metrics, String idName) {
    this.clock = clock;
    this.metrics = metrics;
    this.idName = idName;
  }

  /**
   * One invocation, as the platform tells of it.
   *
   * @param traceId of the trace that it is part of, sampled or not
   */
  public record Call(String id, String function, @Nullable String traceId) {}

  /** What a function does when it is invoked. */
  @FunctionalInterface
  public interface Work<E extends Exception> {
    /** Gives the line back with what came of it. */
    LoggingEventBuilder run(LoggingEventBuilder line) throws E;
  }

  public <E extends Exception> void run(Call call, Work<E> work) throws E {
    Instant began = clock.instant();
    boolean coldStart = cold.getAndSet(false);
    MDC.put(idName, call.id());
    if (call.traceId() != null) {
      MDC.put("traceId", call.traceId());
    }
    try {
      log(work.run(LOG.atInfo()), call, coldStart, began, "invocation ended");
    } catch (Throwable e) {
      log(failure(e), call, coldStart, began, "invocation failed");
      throw e;
    } finally {
      MDC.clear();
    }
  }

  private void log(
      LoggingEventBuilder line, Call call, boolean coldStart, Instant began, String message) {
    LoggingEventBuilder told =
        line.addKeyValue("function", call.function())
            .addKeyValue("coldStart", coldStart)
            .addKeyValue("durationMs", Duration.between(began, clock.instant()).toMillis());
    JsonObject counts = metrics.flush(call.id());
    (counts.members().isEmpty() ? told : told.addKeyValue("counts", counts)).log(message);
  }

  /** A service that fails is nobody's bug. What else an exception says may be a customer's. */
  private static LoggingEventBuilder failure(Throwable e) {
    LoggingEventBuilder line =
        e instanceof ServiceException
            ? LOG.atWarn().addKeyValue("reason", e.getMessage())
            : LOG.atError().addKeyValue("stack", stack(e));
    return line.addKeyValue("error", e.getClass().getName());
  }

  /** The innermost calls, without messages. */
  private static String stack(Throwable e) {
    StringBuilder stack = new StringBuilder();
    Throwable cause = e;
    for (int causes = 0; cause != null && causes < MOST_CAUSES; causes++) {
      stack.append(cause == e ? "" : "caused by ").append(cause.getClass().getName());
      Arrays.stream(cause.getStackTrace())
          .limit(MOST_FRAMES)
          .forEach(frame -> stack.append("\n  at ").append(frame));
      stack.append('\n');
      cause = cause.getCause();
    }
    return stack.toString();
  }
}
