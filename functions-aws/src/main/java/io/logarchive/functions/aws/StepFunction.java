package io.logarchive.functions.aws;

import com.amazonaws.services.lambda.runtime.Context;
import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.InstantSource;
import java.util.function.Function;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * What all steps of the restore workflow do around their use case. Exceptions pass through: the
 * workflow knows by their class which of them to try again.
 */
final class StepFunction {
  private final Invocations invocations;

  StepFunction(InstantSource clock) {
    this.invocations = new Invocations(clock);
  }

  void run(
      InputStream input,
      OutputStream output,
      Context context,
      Function<StepJson.Input, JsonObject> step)
      throws IOException {
    invocations.run(
        context,
        line -> {
          StepJson.Input in = StepJson.Input.read(input);
          JsonObject out = step.apply(in);
          output.write(out.bytes());
          LoggingEventBuilder done =
              line.addKeyValue("restoreId", in.restoreId()).addKeyValue("output", Json.text(out));
          return in.fields().has("slice") ? done.addKeyValue("slice", in.slice()) : done;
        });
  }
}
