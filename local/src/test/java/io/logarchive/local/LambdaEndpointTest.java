package io.logarchive.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

class LambdaEndpointTest {
  private static final Instant NOW = Instant.parse("2026-11-23T14:02:03Z");
  private static final Request REQUEST =
      new Request("POST", "/", "type=x", Map.of(), new byte[] {7}, "127.0.0.1", "r-1");

  @Test
  void theHandlersReplyIsTheAnswer() {
    RequestStreamHandler handler =
        (event, reply, context) -> {
          JsonObject json = Json.object(event.readAllBytes());
          assertThat(json.member("body")).contains(new JsonValue.Text("Bw=="));
          reply.write(utf8("{\"statusCode\":201,\"headers\":{\"a\":\"b\"},\"body\":\"done\"}"));
        };

    Reply reply = endpoint(handler).answer(REQUEST);

    assertThat(reply.status()).isEqualTo(201);
    assertThat(reply.headers()).containsExactly(Map.entry("a", List.of("b")));
    assertThat(reply.body()).asString().isEqualTo("done");
  }

  @Test
  void theHandlerKnowsItsNameItsRequestAndTheTimeItHas() {
    BlockingQueue<Context> contexts = new LinkedBlockingQueue<>();
    RequestStreamHandler handler =
        (event, reply, context) -> {
          contexts.add(context);
          reply.write(utf8("{\"statusCode\":200}"));
        };

    endpoint(handler).answer(REQUEST);

    Context context = contexts.remove();
    assertThat(context.getFunctionName()).isEqualTo("Ingest");
    assertThat(context.getAwsRequestId()).isEqualTo("r-1");
    assertThat(context.getRemainingTimeInMillis()).isEqualTo(29_000);
  }

  @Test
  void noTimeIsLeftAfterTheDeadline() {
    LambdaCall call =
        new LambdaCall("Ingest", "r-1", NOW.minusSeconds(1), InstantSource.fixed(NOW));

    assertThat(call.getRemainingTimeInMillis()).isZero();
  }

  @Test
  void aHandlerThatThrowsIsA502() {
    for (Exception failure : List.of(new IllegalStateException("a bug"), new IOException("disk"))) {
      RequestStreamHandler handler =
          (event, reply, context) -> {
            if (failure instanceof IOException e) {
              throw e;
            }
            throw (RuntimeException) failure;
          };

      assertThatItIsRefused(endpoint(handler).answer(REQUEST), 502, "archive/FUNCTION_FAILED");
    }
  }

  @Test
  void aHandlerThatAnswersNothingIsA502() {
    assertThatItIsRefused(
        endpoint((event, reply, context) -> {}).answer(REQUEST), 502, "archive/FUNCTION_FAILED");
  }

  @Test
  void aQueryThatIsNotPercentEncodedIsA400() {
    Request request = new Request("GET", "/", "%", Map.of(), new byte[0], "127.0.0.1", "r-1");

    assertThatItIsRefused(
        endpoint((event, reply, context) -> {}).answer(request), 400, "archive/INVALID_REQUEST");
  }

  private static void assertThatItIsRefused(Reply reply, int status, String errorCode) {
    assertThat(reply.status()).isEqualTo(status);
    assertThat(Json.object(reply.body()).members())
        .containsEntry("errorCode", new JsonValue.Text(errorCode))
        .containsEntry("requestId", new JsonValue.Text("r-1"));
  }

  private static LambdaEndpoint endpoint(RequestStreamHandler handler) {
    return new LambdaEndpoint(
        "Ingest",
        handler,
        LambdaEvents::functionUrl,
        Duration.ofSeconds(29),
        InstantSource.fixed(NOW));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
