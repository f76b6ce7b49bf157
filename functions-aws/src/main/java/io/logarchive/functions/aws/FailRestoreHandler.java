package io.logarchive.functions.aws;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.logarchive.restore.FailRestore;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Ends a restore whose step failed for good. */
public final class FailRestoreHandler implements RequestStreamHandler {
  private final FailRestore failRestore;
  private final StepFunction function;

  /** For Lambda, which makes one for each environment. */
  public FailRestoreHandler() {
    this(AwsWiring.ofEnvironment());
  }

  public FailRestoreHandler(AwsWiring wiring) {
    this.failRestore = wiring.service().failRestore();
    this.function = new StepFunction(wiring.invocations());
  }

  @Override
  public void handleRequest(InputStream input, OutputStream output, Context context)
      throws IOException {
    function.run(
        input, output, context, in -> StepJson.end(failRestore.run(in.restoreId(), in.failure())));
  }
}
