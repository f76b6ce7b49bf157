package io.logarchive.functions.aws;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.logarchive.restore.RestoreSlice;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.time.InstantSource;

/** Restores as much of one slice as fits into the time that the function has. */
public final class RestoreSliceHandler implements RequestStreamHandler {
  private final RestoreSlice restoreSlice;
  private final InstantSource clock;
  private final StepFunction function;

  /** For Lambda, which makes one for each environment. */
  public RestoreSliceHandler() {
    this(AwsWiring.ofEnvironment());
  }

  public RestoreSliceHandler(AwsWiring wiring) {
    this.restoreSlice = wiring.service().restoreSlice();
    this.clock = wiring.clock();
    this.function = new StepFunction(wiring.invocations());
  }

  @Override
  public void handleRequest(InputStream input, OutputStream output, Context context)
      throws IOException {
    Instant deadline = clock.instant().plusMillis(context.getRemainingTimeInMillis());
    function.run(
        input,
        output,
        context,
        in -> StepJson.output(restoreSlice.run(in.restoreId(), in.slice(), deadline)));
  }
}
