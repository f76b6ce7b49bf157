package io.logarchive.functions.aws;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import io.logarchive.functions.Invocations;
import io.logarchive.restore.SweepRestores;
import org.jspecify.annotations.Nullable;

/** Starts restores again whose workflow is gone. Runs every minute. */
public final class SweepRestoresHandler implements RequestHandler<ScheduledEvent, @Nullable Void> {
  private final SweepRestores sweepRestores;
  private final Invocations invocations;

  /** For Lambda, which makes one for each environment. */
  public SweepRestoresHandler() {
    this(AwsWiring.ofEnvironment());
  }

  public SweepRestoresHandler(AwsWiring wiring) {
    this.sweepRestores = wiring.service().sweepRestores();
    this.invocations = wiring.invocations();
  }

  @Override
  public @Nullable Void handleRequest(ScheduledEvent event, Context context) {
    invocations.run(
        LambdaCalls.of(context),
        line -> {
          sweepRestores.run();
          return line;
        });
    return null;
  }
}
