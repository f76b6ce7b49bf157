package io.logarchive.json;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;

/**
 * A time in a request: epoch seconds, or milliseconds from 10^11 on; integer or decimal.
 *
 * @param text as it was sent
 */
public record RequestTime(Instant instant, String text) {
  private static final BigDecimal MILLIS_FROM = new BigDecimal("1e11");

  /** Below is 1970 itself: rounding 1e-10000000 would take seconds. */
  private static final BigDecimal LEAST = new BigDecimal("1e-9");

  /** The end of the year 9999. */
  private static final BigDecimal MOST_MILLIS = new BigDecimal("253402300799999");

  /** A member that is required. */
  public static RequestTime of(Fields body, String name) {
    JsonValue.Num number =
        body.number(name)
            .orElseThrow(() -> new InvalidFieldException(body.path(name), "is required"));
    BigDecimal value = number.value();
    if (value.signum() < 0 || value.compareTo(MOST_MILLIS) > 0) {
      throw new InvalidFieldException(
          body.path(name), "must be a time since 1970, in epoch seconds or milliseconds");
    }
    BigDecimal time = value.compareTo(LEAST) < 0 ? BigDecimal.ZERO : value;
    BigDecimal millis = time.compareTo(MILLIS_FROM) >= 0 ? time : time.movePointRight(3);
    return new RequestTime(
        Instant.ofEpochMilli(millis.setScale(0, RoundingMode.FLOOR).longValueExact()),
        number.text());
  }
}
