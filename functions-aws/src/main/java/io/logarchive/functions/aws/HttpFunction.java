package io.logarchive.functions.aws;

import com.amazonaws.services.lambda.runtime.Context;
import io.logarchive.http.Api;
import io.logarchive.http.ApiRequest;
import io.logarchive.http.ApiResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.InstantSource;

/** What all functions behind HTTP do around the API that they serve. */
final class HttpFunction {
  private final Api api;
  private final Invocations invocations;

  HttpFunction(Api api, InstantSource clock) {
    this.api = api;
    this.invocations = new Invocations(clock);
  }

  void answer(InputStream event, OutputStream reply, Context context) throws IOException {
    invocations.run(
        context,
        line -> {
          ApiRequest request = HttpEvents.read(event);
          ApiResponse response = api.handle(request);
          HttpEvents.write(response, reply);
          return line.addKeyValue("requestId", request.id())
              .addKeyValue("method", request.method())
              .addKeyValue("status", response.status());
        });
  }
}
