package io.logarchive.functions.aws;

import com.amazonaws.services.lambda.runtime.Context;
import io.logarchive.functions.Invocations;
import io.logarchive.http.LogContext;
import io.logarchive.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.function.Function;
import org.slf4j.MDC;

/**
 * What all steps of the restore workflow do around their use case. Exceptions pass through: the
 * workflow knows by their class which of them to try again.
 */
final class StepFunction {
  private final Invocations invocations;

  StepFunction(Invocations invocations) {
    this.invocations = invocations;
  }

  void run(
      InputStream input,
      OutputStream output,
      Context context,
      Function<StepJson.Input, JsonObject> step)
      throws IOException {
    invocations.run(
        LambdaCalls.of(context),
        line -> {
          StepJson.Input in = StepJson.Input.read(input);
          LogContext.restore(in.restoreId());
          if (in.fields().has("slice")) {
            MDC.put("slice", Integer.toString(in.slice()));
          }
          JsonObject out = step.apply(in);
          output.write(out.bytes());
          return line.addKeyValue("output", out);
        });
  }
}
