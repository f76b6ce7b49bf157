package io.logarchive.functions.aws;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.logarchive.restore.FinishRestore;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** The last step of a restore that worked. */
public final class FinishRestoreHandler implements RequestStreamHandler {
  private final FinishRestore finishRestore;
  private final StepFunction function;

  /** For Lambda, which makes one for each environment. */
  public FinishRestoreHandler() {
    this(AwsWiring.ofEnvironment());
  }

  public FinishRestoreHandler(AwsWiring wiring) {
    this.finishRestore = wiring.service().finishRestore();
    this.function = new StepFunction(wiring.invocations());
  }

  @Override
  public void handleRequest(InputStream input, OutputStream output, Context context)
      throws IOException {
    function.run(input, output, context, in -> StepJson.end(finishRestore.run(in.restoreId())));
  }
}
