package io.logarchive.functions.aws;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** {@code /archive/restore}: starts, shows and removes restores. */
public final class RestoreHandler implements RequestStreamHandler {
  private final HttpFunction function;

  /** For Lambda, which makes one for each environment. */
  public RestoreHandler() {
    this(AwsWiring.ofEnvironment());
  }

  public RestoreHandler(AwsWiring wiring) {
    this.function = wiring.http(wiring.service().restoreApi());
  }

  @Override
  public void handleRequest(InputStream event, OutputStream reply, Context context)
      throws IOException {
    function.answer(event, reply, context);
  }
}
