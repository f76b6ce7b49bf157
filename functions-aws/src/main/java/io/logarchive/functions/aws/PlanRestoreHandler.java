package io.logarchive.functions.aws;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.logarchive.archive.S3Location;
import io.logarchive.restore.PlanRestore;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Lists the range and cuts it into slices. */
public final class PlanRestoreHandler implements RequestStreamHandler {
  private final PlanRestore planRestore;
  private final S3Location plans;
  private final StepFunction function;

  /** For Lambda, which makes one for each environment. */
  public PlanRestoreHandler() {
    this(AwsWiring.ofEnvironment());
  }

  public PlanRestoreHandler(AwsWiring wiring) {
    this.planRestore = wiring.service().planRestore();
    this.plans = wiring.plansLocation();
    this.function = new StepFunction(wiring.invocations());
  }

  @Override
  public void handleRequest(InputStream input, OutputStream output, Context context)
      throws IOException {
    function.run(
        input, output, context, in -> StepJson.output(planRestore.run(in.restoreId()), plans));
  }
}
