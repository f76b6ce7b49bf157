package io.logarchive.functions.aws;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** {@code GET /healthz}: that the service answers, and that its configuration is whole. */
public final class HealthHandler implements RequestStreamHandler {
  private final HttpFunction function;

  /** For Lambda, which makes one for each environment. */
  public HealthHandler() {
    this(AwsWiring.ofEnvironment());
  }

  public HealthHandler(AwsWiring wiring) {
    this.function = wiring.http(wiring.service().healthApi());
  }

  @Override
  public void handleRequest(InputStream event, OutputStream reply, Context context)
      throws IOException {
    function.answer(event, reply, context);
  }
}
