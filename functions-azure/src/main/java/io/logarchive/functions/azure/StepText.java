package io.logarchive.functions.azure;

import io.logarchive.fault.ServiceException;
import io.logarchive.restore.PlanRestore;
import io.logarchive.restore.Restore;
import io.logarchive.restore.RestoreSlice;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the steps of a restore take from the workflow and give back to it, as words between slashes.
 * None of it is JSON: what looks like JSON the Durable Functions extension hands on as such, not as
 * the text that it was.
 */
final class StepText {
  private static final String SLASH = "/";

  private StepText() {}

  /** A restore, and what else the step needs to know. */
  static String of(@Nullable Object... words) {
    return Arrays.stream(words).map(String::valueOf).collect(Collectors.joining(SLASH));
  }

  /**
   * The words of a text.
   *
   * @param count how many there are; the last may hold slashes of its own
   */
  static List<String> words(String text, int count) {
    List<String> words = List.of(text.split(SLASH, count));
    if (words.size() != count) {
      throw new IllegalArgumentException("Not " + count + " words: " + text);
    }
    return words;
  }

  /** How a step ended. */
  enum Kind {
    DONE,
    /** Call the same again. */
    CONTINUE,
    /** The restore has ended; there is nothing to do. */
    ENDED,
    /** The plan is there: then how many slices it has, and whether to count them first. */
    PLANNED,
    /** Failed, and may work later: then the exception's class and message. */
    RETRY,
    /** Failed for good: then the exception's class and message. */
    FAILED
  }

  /**
   * How a step ended.
   *
   * @param more the words behind, in one
   */
  record Outcome(Kind kind, String more) {
    static final Outcome DONE = new Outcome(Kind.DONE, "");
    static final Outcome ENDED = new Outcome(Kind.ENDED, "");

    static Outcome parse(String text) {
      int slash = text.indexOf(SLASH);
      return slash < 0
          ? new Outcome(Kind.valueOf(text), "")
          : new Outcome(Kind.valueOf(text.substring(0, slash)), text.substring(slash + 1));
    }

    static Outcome of(PlanRestore.Outcome outcome) {
      return switch (outcome) {
        case PlanRestore.Outcome.Planned planned ->
            new Outcome(Kind.PLANNED, StepText.of(planned.slices(), planned.countFirst()));
        case PlanRestore.Outcome.Ended ended -> ENDED;
      };
    }

    static Outcome of(RestoreSlice.Outcome outcome) {
      return switch (outcome) {
        case DONE -> DONE;
        case CONTINUE -> new Outcome(Kind.CONTINUE, "");
        case ENDED -> ENDED;
      };
    }

    static Outcome of(RuntimeException failure) {
      boolean mayPass =
          failure instanceof ServiceException.Unavailable
              || failure instanceof ServiceException.OutcomeUnknown;
      return new Outcome(
          mayPass ? Kind.RETRY : Kind.FAILED,
          StepText.of(failure.getClass().getName(), failure.getMessage()));
    }

    /** The failure in the words of {@code RETRY} and {@code FAILED}. */
    static Restore.Failure failure(String words) {
      List<String> parts = StepText.words(words, 2);
      return Restore.Failure.ofException(parts.get(0), parts.get(1));
    }

    String text() {
      return more.isEmpty() ? kind.name() : kind + SLASH + more;
    }
  }
}
