package io.logarchive.functions.aws;

import com.amazonaws.services.lambda.runtime.Context;
import io.logarchive.fault.ServiceException;
import io.logarchive.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Logs one line for every invocation of a function, and tells its metrics. Of an exception the line
 * says which it is; Lambda itself logs where it comes from.
 */
final class Invocations {
  private static final Logger LOG = LoggerFactory.getLogger(Invocations.class);
  private static final Pattern TRACE_ROOT = Pattern.compile("(?:^|;)Root=([0-9a-f-]+)");

  private final InstantSource clock;
  private final InvocationMetrics metrics;
  private final AtomicBoolean cold = new AtomicBoolean(true);

  Invocations(InstantSource clock, InvocationMetrics metrics) {
    this.clock = clock;
    this.metrics = metrics;
  }

  /** What a function does when it is invoked. */
  @FunctionalInterface
  interface Work<E extends Exception> {
    /** Gives the line back with what came of it. */
    LoggingEventBuilder run(LoggingEventBuilder line) throws E;
  }

  <E extends Exception> void run(Context context, Work<E> work) throws E {
    Instant began = clock.instant();
    boolean coldStart = cold.getAndSet(false);
    MDC.put("awsRequestId", context.getAwsRequestId());
    traceId(context).ifPresent(id -> MDC.put("traceId", id));
    try {
      log(work.run(LOG.atInfo()), context, coldStart, began, "invocation ended");
    } catch (Throwable e) {
      log(failure(e), context, coldStart, began, "invocation failed");
      throw e;
    } finally {
      MDC.clear();
    }
  }

  private void log(
      LoggingEventBuilder line, Context context, boolean coldStart, Instant began, String message) {
    LoggingEventBuilder told =
        line.addKeyValue("function", context.getFunctionName())
            .addKeyValue("coldStart", coldStart)
            .addKeyValue("durationMs", Duration.between(began, clock.instant()).toMillis());
    JsonObject counts = metrics.flush(context.getAwsRequestId());
    (counts.members().isEmpty() ? told : told.addKeyValue("counts", counts)).log(message);
  }

  /** A service that fails is nobody's bug. What else an exception says may be a customer's. */
  private static LoggingEventBuilder failure(Throwable e) {
    LoggingEventBuilder line =
        e instanceof ServiceException
            ? LOG.atWarn().addKeyValue("reason", e.getMessage())
            : LOG.atError();
    return line.addKeyValue("error", e.getClass().getName());
  }

  /** The id of a trace in the header that Lambda has it from; sampled or not. */
  private static Optional<String> traceId(Context context) {
    return Optional.ofNullable(context.getXrayTraceId())
        .map(TRACE_ROOT::matcher)
        .filter(Matcher::find)
        .map(found -> found.group(1));
  }
}
