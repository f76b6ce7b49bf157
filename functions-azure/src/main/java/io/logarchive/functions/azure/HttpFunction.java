package io.logarchive.functions.azure;

import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.HttpRequestMessage;
import com.microsoft.azure.functions.HttpResponseMessage;
import io.logarchive.functions.Invocations;
import io.logarchive.http.Api;
import io.logarchive.http.ApiRequest;
import io.logarchive.http.ApiResponse;
import io.logarchive.http.LogContext;
import io.logarchive.http.Refusal;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.spi.LoggingEventBuilder;

/** What all functions behind HTTP do around the API that they serve. */
final class HttpFunction {
  private final Api api;
  private final Invocations invocations;

  HttpFunction(Api api, Invocations invocations) {
    this.api = api;
    this.invocations = invocations;
  }

  HttpResponseMessage answer(
      HttpRequestMessage<? extends Optional<?>> message, ExecutionContext context) {
    AtomicReference<HttpResponseMessage> reply = new AtomicReference<>();
    invocations.run(
        Calls.of(context),
        line -> {
          String id = context.getInvocationId();
          LogContext.request(id);
          ApiResponse response = answer(message, id);
          reply.setPlain(HttpMessages.write(response, message));
          LoggingEventBuilder done =
              line.addKeyValue("method", message.getHttpMethod().name())
                  .addKeyValue("status", response.status());
          return response.errorCode() == null
              ? done
              : done.addKeyValue("errorCode", response.errorCode());
        });
    return reply.getPlain();
  }

  private ApiResponse answer(HttpRequestMessage<? extends Optional<?>> message, String id) {
    ApiRequest request;
    try {
      request = HttpMessages.read(message, id);
    } catch (Refusal e) {
      return e.reply(id);
    }
    return api.handle(request);
  }
}
