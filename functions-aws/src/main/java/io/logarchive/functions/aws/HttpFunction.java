package io.logarchive.functions.aws;

import com.amazonaws.services.lambda.runtime.Context;
import io.logarchive.functions.Invocations;
import io.logarchive.http.Api;
import io.logarchive.http.ApiRequest;
import io.logarchive.http.ApiResponse;
import io.logarchive.http.LogContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.slf4j.spi.LoggingEventBuilder;

/** What all functions behind HTTP do around the API that they serve. */
final class HttpFunction {
  private final Api api;
  private final Invocations invocations;

  HttpFunction(Api api, Invocations invocations) {
    this.api = api;
    this.invocations = invocations;
  }

  void answer(InputStream event, OutputStream reply, Context context) throws IOException {
    invocations.run(
        LambdaCalls.of(context),
        line -> {
          ApiRequest request = HttpEvents.read(event);
          LogContext.request(request.id());
          ApiResponse response = api.handle(request);
          HttpEvents.write(response, reply);
          LoggingEventBuilder done =
              line.addKeyValue("method", request.method()).addKeyValue("status", response.status());
          return response.errorCode() == null
              ? done
              : done.addKeyValue("errorCode", response.errorCode());
        });
  }
}
