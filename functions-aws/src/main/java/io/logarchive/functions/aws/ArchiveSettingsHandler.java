package io.logarchive.functions.aws;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** {@code /v2/archive/settings}: where an account archives. */
public final class ArchiveSettingsHandler implements RequestStreamHandler {
  private final HttpFunction function;

  /** For Lambda, which makes one for each environment. */
  public ArchiveSettingsHandler() {
    this(AwsWiring.ofEnvironment());
  }

  public ArchiveSettingsHandler(AwsWiring wiring) {
    this.function = wiring.http(wiring.service().archiveSettingsApi());
  }

  @Override
  public void handleRequest(InputStream event, OutputStream reply, Context context)
      throws IOException {
    function.answer(event, reply, context);
  }
}
