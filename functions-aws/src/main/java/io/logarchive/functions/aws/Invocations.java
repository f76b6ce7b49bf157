package io.logarchive.functions.aws;

import com.amazonaws.services.lambda.runtime.Context;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Logs one line for every invocation of a function that came to an end; of one that failed, Lambda
 * itself logs the exception.
 */
final class Invocations {
  private static final Logger LOG = LoggerFactory.getLogger(Invocations.class);
  private static final String REQUEST_ID = "awsRequestId";

  private final InstantSource clock;
  private final AtomicBoolean cold = new AtomicBoolean(true);

  Invocations(InstantSource clock) {
    this.clock = clock;
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
    MDC.put(REQUEST_ID, context.getAwsRequestId());
    try {
      work.run(LOG.atInfo())
          .addKeyValue("function", context.getFunctionName())
          .addKeyValue("coldStart", coldStart)
          .addKeyValue("durationMs", Duration.between(began, clock.instant()).toMillis())
          .log("invocation ended");
    } finally {
      MDC.remove(REQUEST_ID);
    }
  }
}
