package io.logarchive.functions.aws;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import io.logarchive.functions.Invocations;
import io.logarchive.restore.ExpireRestores;
import org.jspecify.annotations.Nullable;

/** Removes what is due. Runs every few minutes. */
public final class ExpireRestoresHandler implements RequestHandler<ScheduledEvent, @Nullable Void> {
  private final ExpireRestores expireRestores;
  private final Invocations invocations;

  /** For Lambda, which makes one for each environment. */
  public ExpireRestoresHandler() {
    this(AwsWiring.ofEnvironment());
  }

  public ExpireRestoresHandler(AwsWiring wiring) {
    this.expireRestores = wiring.service().expireRestores();
    this.invocations = wiring.invocations();
  }

  @Override
  public @Nullable Void handleRequest(ScheduledEvent event, Context context) {
    invocations.run(
        LambdaCalls.of(context),
        line -> {
          expireRestores.run();
          return line;
        });
    return null;
  }
}
