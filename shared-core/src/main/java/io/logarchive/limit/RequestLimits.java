package io.logarchive.limit;

import io.logarchive.fault.ServiceException;
import io.logarchive.http.Refusal;
import io.logarchive.metrics.Metric;
import io.logarchive.metrics.Metrics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Limits what each token may ask for in a minute, over all instances together. A request that
 * cannot be counted passes: the limit protects others from one caller, and is not worth an outage.
 * It is counted and logged instead.
 */
public final class RequestLimits {
  private static final Logger LOG = LoggerFactory.getLogger(RequestLimits.class);
  private static final Duration WINDOW = Duration.ofMinutes(1);

  /** What is limited by itself, so that searches do not keep anybody from the rest. */
  public enum Part {
    CONTROL,
    SEARCH
  }

  /**
   * Requests of one token in a minute.
   *
   * @param control of the control plane: accounts, tokens, settings, restores and audit
   */
  public record PerMinute(int control, int search) {
    public static final PerMinute DEFAULT = new PerMinute(300, 300);
  }

  private final RequestWindows windows;
  private final PerMinute limits;
  private final Metrics metrics;
  private final InstantSource clock;

  public RequestLimits(
      RequestWindows windows, PerMinute limits, Metrics metrics, InstantSource clock) {
    this.windows = windows;
    this.limits = limits;
    this.metrics = metrics;
    this.clock = clock;
  }

  /**
   * Counts a request.
   *
   * @param token the id of the token that it came with, or another plain name of it
   * @throws Refusal {@code 429} if the token has no more in this minute
   */
  public void check(Part part, String token) {
    int most =
        switch (part) {
          case CONTROL -> limits.control();
          case SEARCH -> limits.search();
        };
    Instant now = clock.instant();
    Instant start = now.truncatedTo(ChronoUnit.MINUTES);
    if (!admitted(part.name().toLowerCase(Locale.ROOT) + "#" + token, start, most)) {
      throw Refusal.tooMany(
          "The token may send " + most + " requests a minute: wait, and send fewer",
          Duration.between(now, start.plus(WINDOW)));
    }
  }

  private boolean admitted(String who, Instant start, int most) {
    try {
      return windows.admit(who, start, most);
    } catch (ServiceException e) {
      metrics.add(Metric.REQUESTS_UNCOUNTED, 1);
      LOG.atWarn().setCause(e).log("a request was not counted, and passes");
      return true;
    }
  }
}
