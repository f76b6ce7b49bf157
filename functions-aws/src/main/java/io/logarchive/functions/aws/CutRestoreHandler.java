package io.logarchive.functions.aws;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.logarchive.restore.CutRestore;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Cuts a restore at its cap, once all slices are counted. */
public final class CutRestoreHandler implements RequestStreamHandler {
  private final CutRestore cutRestore;
  private final StepFunction function;

  /** For Lambda, which makes one for each environment. */
  public CutRestoreHandler() {
    this(AwsWiring.ofEnvironment());
  }

  public CutRestoreHandler(AwsWiring wiring) {
    this.cutRestore = wiring.service().cutRestore();
    this.function = new StepFunction(wiring.invocations());
  }

  @Override
  public void handleRequest(InputStream input, OutputStream output, Context context)
      throws IOException {
    function.run(
        input,
        output,
        context,
        in -> cutRestore.run(in.restoreId()) ? StepJson.done() : StepJson.ended());
  }
}
