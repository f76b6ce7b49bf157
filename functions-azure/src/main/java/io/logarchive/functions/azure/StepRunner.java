package io.logarchive.functions.azure;

import com.microsoft.azure.functions.ExecutionContext;
import io.logarchive.functions.azure.StepText.Outcome;
import io.logarchive.http.LogContext;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;

/**
 * Does the steps of a restore. What fails is told as an outcome, with what it was, and never
 * thrown: what becomes of an exception on its way to the workflow is the host's affair.
 */
final class StepRunner {

  private final AzureWiring wiring;

  StepRunner(AzureWiring wiring) {
    this.wiring = wiring;
  }

  String plan(String input, ExecutionContext context) {
    return run(input, context, in -> Outcome.of(wiring.planRestore().run(in.restoreId())));
  }

  String count(String input, ExecutionContext context) {
    return run(
        input,
        context,
        in -> {
          wiring.countSlice().run(in.restoreId(), in.slice());
          return Outcome.DONE;
        });
  }

  String cut(String input, ExecutionContext context) {
    return run(
        input,
        context,
        in -> wiring.cutRestore().run(in.restoreId()) ? Outcome.DONE : Outcome.ENDED);
  }

  String restore(String input, ExecutionContext context) {
    Instant deadline = wiring.clock().instant().plus(AzureWiring.LONGEST_SLICE);
    return run(
        input,
        context,
        in -> Outcome.of(wiring.restoreSlice().run(in.restoreId(), in.slice(), deadline)));
  }

  String finish(String input, ExecutionContext context) {
    return run(
        input,
        context,
        in ->
            wiring.finishRestore().run(in.restoreId()).isPresent() ? Outcome.DONE : Outcome.ENDED);
  }

  String fail(String input, ExecutionContext context) {
    return run(
        input,
        context,
        in ->
            wiring.failRestore().run(in.restoreId(), Outcome.failure(in.more())).isPresent()
                ? Outcome.DONE
                : Outcome.ENDED);
  }

  /** What a step is called with: a restore, and what else it needs. */
  private record Input(int restoreId, String more) {
    static Input parse(String text) {
      List<String> words = StepText.words(text, 2);
      return new Input(Integer.parseInt(words.get(0)), words.get(1));
    }

    int slice() {
      return Integer.parseInt(more);
    }
  }

  private String run(String input, ExecutionContext context, Function<Input, Outcome> step) {
    try {
      return wiring
          .step(
              context,
              () -> {
                Input in = Input.parse(input);
                LogContext.restore(in.restoreId());
                return step.apply(in);
              })
          .text();
    } catch (RuntimeException e) {
      return Outcome.of(e).text();
    }
  }
}
