package io.logarchive.functions.aws;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** {@code /v1/search}: searches restored accounts. */
public final class SearchHandler implements RequestStreamHandler {
  private final HttpFunction function;

  /** For Lambda, which makes one for each environment. */
  public SearchHandler() {
    this(AwsWiring.ofEnvironment());
  }

  public SearchHandler(AwsWiring wiring) {
    this.function = wiring.http(wiring.service().searchApi());
  }

  @Override
  public void handleRequest(InputStream event, OutputStream reply, Context context)
      throws IOException {
    function.answer(event, reply, context);
  }
}
