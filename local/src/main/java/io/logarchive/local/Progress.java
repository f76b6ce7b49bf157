package io.logarchive.local;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Says how far something is that takes longer than 2 seconds: on a terminal in one line that
 * changes, elsewhere in a line of its own every 10 seconds.
 */
final class Progress {
  private static final Duration SILENT = Duration.ofSeconds(2);
  private static final Duration ON_TERMINAL = Duration.ofMillis(200);
  private static final Duration ELSEWHERE = Duration.ofSeconds(10);
  private static final String BACK_AND_CLEAR = "\r\u001b[K";

  private final PrintWriter out;
  private final InstantSource clock;
  private final boolean terminal;
  private Instant next;
  private boolean shown;

  Progress(PrintWriter out, InstantSource clock, boolean terminal) {
    this.out = out;
    this.clock = clock;
    this.terminal = terminal;
    this.next = clock.instant().plus(SILENT);
  }

  /** Shows the text if it is time for it. Starts with blanks, as it stands below a step's line. */
  synchronized void show(String text) {
    Instant now = clock.instant();
    if (now.isBefore(next)) {
      return;
    }
    next = now.plus(terminal ? ON_TERMINAL : ELSEWHERE);
    if (terminal) {
      out.print(BACK_AND_CLEAR + text);
      shown = true;
    } else {
      out.println(text);
    }
    out.flush();
  }

  /** Takes the line away, so that what comes next stands alone. */
  synchronized void clear() {
    if (shown) {
      out.print(BACK_AND_CLEAR);
      out.flush();
      shown = false;
    }
    next = clock.instant().plus(SILENT);
  }
}
