package io.logarchive.functions.aws;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.logarchive.restore.CountSlice;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Counts one slice by minute. */
public final class CountSliceHandler implements RequestStreamHandler {
  private final CountSlice countSlice;
  private final StepFunction function;

  /** For Lambda, which makes one for each environment. */
  public CountSliceHandler() {
    this(AwsWiring.ofEnvironment());
  }

  public CountSliceHandler(AwsWiring wiring) {
    this.countSlice = wiring.service().countSlice();
    this.function = new StepFunction(wiring.invocations());
  }

  @Override
  public void handleRequest(InputStream input, OutputStream output, Context context)
      throws IOException {
    function.run(
        input,
        output,
        context,
        in -> {
          countSlice.run(in.restoreId(), in.slice());
          return StepJson.done();
        });
  }
}
