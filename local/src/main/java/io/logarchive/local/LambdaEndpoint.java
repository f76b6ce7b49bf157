package io.logarchive.local;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers by calling a function's handler, as the gateway in front of the function does. */
final class LambdaEndpoint implements Endpoint {
  private static final Logger LOG = LoggerFactory.getLogger(LambdaEndpoint.class);

  /** Builds the event a function is called with. */
  @FunctionalInterface
  interface EventFormat {
    byte[] event(Request request, Instant received);
  }

  private final String function;
  private final RequestStreamHandler handler;
  private final EventFormat format;
  private final Duration timeout;
  private final InstantSource clock;

  /**
   * @param format {@link LambdaEvents#restApi} or {@link LambdaEvents#functionUrl}
   * @param timeout what the handler is told to have; it is not stopped after that
   */
  LambdaEndpoint(
      String function,
      RequestStreamHandler handler,
      EventFormat format,
      Duration timeout,
      InstantSource clock) {
    this.function = function;
    this.handler = handler;
    this.format = format;
    this.timeout = timeout;
    this.clock = clock;
  }

  @Override
  public Reply answer(Request request) {
    Instant now = clock.instant();
    byte[] event;
    try {
      event = format.event(request, now);
    } catch (IllegalArgumentException e) {
      String message = "The query is not percent-encoded: " + e.getMessage();
      return Reply.error(400, "INVALID_REQUEST", message, request.id());
    }
    LambdaCall call = new LambdaCall(function, request.id(), now.plus(timeout), clock);
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    try {
      handler.handleRequest(new ByteArrayInputStream(event), answer, call);
      return LambdaEvents.reply(answer.toByteArray());
    } catch (IOException | RuntimeException e) {
      LOG.atError()
          .addKeyValue("function", function)
          .addKeyValue("request", request)
          .setCause(e)
          .log("function failed");
      return Reply.error(
          502, "FUNCTION_FAILED", "The function " + function + " failed", request.id());
    }
  }
}
