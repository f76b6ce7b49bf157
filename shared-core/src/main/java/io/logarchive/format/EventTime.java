package io.logarchive.format;

import java.time.Duration;

/**
 * The time a log gives itself in its {@code @timestamp}: RFC 3339, or epoch seconds or milliseconds
 * as a JSON number or as a string of the same text. Times are epoch milliseconds.
 */
public final class EventTime {
  /** No time could be read. Like every time before 1970 it is not usable. */
  public static final long NONE = Long.MIN_VALUE;

  /** The last millisecond that has a name in the archive: 9999-12-31T23:59:59.999Z. */
  public static final long MAX = 253_402_300_799_999L;

  /** The bytes of a time as {@link #writeRfc3339} writes it. */
  public static final int RFC3339_LENGTH = 24;

  private static final Duration AHEAD_OF_ARRIVAL = Duration.ofHours(24);
  private static final int[] DAYS_BEFORE_MONTH = {
    0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365
  };
  private static final long DAY = 86_400_000;

  /**
   * A number of this many digits before its point, or more, is in milliseconds: 10^11 and above.
   */
  private static final int MILLISECOND_DIGITS = 12;

  private static final int LONG_DIGITS = 18;

  private EventTime() {}

  /**
   * Reads the JSON value in {@code [from, to)}, a string with its quotes, and floors it to
   * milliseconds. A number of magnitude 10^11 or more is in milliseconds, a smaller one in seconds.
   * RFC 3339 may have a small {@code t} or a space for its {@code T}, a small {@code z}, any offset
   * and any number of fraction digits; the second 60 of a day's last UTC minute counts as its 59th.
   *
   * @return epoch milliseconds, negative before 1970, or {@link #NONE} for what is no time
   */
  public static long parse(byte[] bytes, int from, int to) {
    if (to - from < 3 || bytes[from] != '"') {
      return number(bytes, from, to);
    }
    if (bytes[to - 1] != '"') {
      return NONE;
    }
    long time = text(bytes, from + 1, to - 1);
    if (time != NONE || !hasEscape(bytes, from + 1, to - 1)) {
      return time;
    }
    byte[] plain = new byte[to - from];
    return text(plain, 0, unescape(bytes, from + 1, to - 1, plain));
  }

  /** Whether a log that arrived at {@code arrival} may lie in the archive under {@code time}. */
  public static boolean usable(long time, long arrival) {
    return time >= 0 && time - AHEAD_OF_ARRIVAL.toMillis() <= arrival && time <= MAX;
  }

  /**
   * Writes {@code 2026-11-22T17:03:05.250Z}, {@link #RFC3339_LENGTH} bytes.
   *
   * @param time from 0 to {@link #MAX}
   */
  public static void writeRfc3339(long time, byte[] target, int at) {
    if (time < 0 || time > MAX) {
      throw new IllegalArgumentException(time + " is not in the years 1970 to 9999");
    }
    int day = (int) (time / DAY);
    int millis = (int) (time % DAY);
    int year = 1970 + day / 366;
    while (daysBefore(year + 1) <= day) {
      year++;
    }
    int dayOfYear = day - daysBefore(year);
    int month = dayOfYear / 31 + 1;
    if (daysBefore(year, month + 1) <= dayOfYear) {
      month++;
    }
    writeDigits(target, at, 4, year);
    target[at + 4] = '-';
    writeDigits(target, at + 5, 2, month);
    target[at + 7] = '-';
    writeDigits(target, at + 8, 2, dayOfYear - daysBefore(year, month) + 1);
    target[at + 10] = 'T';
    writeDigits(target, at + 11, 2, millis / 3_600_000);
    target[at + 13] = ':';
    writeDigits(target, at + 14, 2, millis / 60_000 % 60);
    target[at + 16] = ':';
    writeDigits(target, at + 17, 2, millis / 1_000 % 60);
    target[at + 19] = '.';
    writeDigits(target, at + 20, 3, millis % 1_000);
    target[at + 23] = 'Z';
  }

  private static long text(byte[] b, int from, int to) {
    long time = rfc3339(b, from, to);
    return time == NONE ? number(b, from, to) : time;
  }

  private static long rfc3339(byte[] b, int from, int to) {
    if (to - from < 20
        || b[from + 4] != '-'
        || b[from + 7] != '-'
        || b[from + 13] != ':'
        || b[from + 16] != ':'
        || !isBetweenDateAndTime(b[from + 10])) {
      return NONE;
    }
    int century = digits(b, from);
    int yearOfCentury = digits(b, from + 2);
    int month = digits(b, from + 5);
    int day = digits(b, from + 8);
    int hour = digits(b, from + 11);
    int minute = digits(b, from + 14);
    int second = digits(b, from + 17);
    // One digit too few makes one of them, and so the whole of this, negative.
    if ((century | yearOfCentury | month | day | hour | minute | second) < 0) {
      return NONE;
    }
    int year = century * 100 + yearOfCentury;
    if (month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 60) {
      return NONE;
    }
    int dayOfYear = daysBefore(year, month) + day - 1;
    if (dayOfYear >= daysBefore(year, month + 1)) {
      return NONE;
    }

    int at = from + 19;
    int millis = 0;
    if (b[at] == '.') {
      int unit = 100;
      int first = ++at;
      while (at < to && isDigit(b[at])) {
        millis += (b[at] - '0') * unit;
        unit /= 10;
        at++;
      }
      if (at == first) {
        return NONE;
      }
    }
    int offset = offset(b, at, to);
    if (offset == Integer.MIN_VALUE) {
      return NONE;
    }
    long minutes = (daysBefore(year) + dayOfYear) * 1440L + hour * 60L + minute - offset;
    if (second == 60) {
      if (Math.floorMod(minutes, 1440L) != 1439) {
        return NONE;
      }
      second = 59;
    }
    return (minutes * 60 + second) * 1000 + millis;
  }

  private static boolean isBetweenDateAndTime(int c) {
    return c == 'T' || c == 't' || c == ' ';
  }

  /** Minutes ahead of UTC, or the smallest int for what is no offset. */
  private static int offset(byte[] b, int at, int to) {
    if (to - at == 1 && (b[at] == 'Z' || b[at] == 'z')) {
      return 0;
    }
    if (to - at != 6 || (b[at] != '+' && b[at] != '-') || b[at + 3] != ':') {
      return Integer.MIN_VALUE;
    }
    int hour = digits(b, at + 1);
    int minute = digits(b, at + 4);
    if ((hour | minute) < 0 || hour > 23 || minute > 59) {
      return Integer.MIN_VALUE;
    }
    return b[at] == '-' ? -(hour * 60 + minute) : hour * 60 + minute;
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  private static int digits(byte[] b, int at) {
    return isDigit(b[at]) && isDigit(b[at + 1]) ? (b[at] - '0') * 10 + b[at + 1] - '0' : -1;
  }

  private static void writeDigits(byte[] target, int at, int count, int value) {
    int rest = value;
    for (int i = at + count - 1; i >= at; i--) {
      target[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
  }

  /** Days from 1970 to the year's first. */
  private static int daysBefore(int year) {
    int leapCycle = year + 399;
    return 365 * year + leapCycle / 4 - leapCycle / 100 + leapCycle / 400 - 719_624;
  }

  /** Days of the year before the month's first; month 13 is the end of the year. */
  private static int daysBefore(int year, int month) {
    boolean leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return DAYS_BEFORE_MONTH[month - 1] + (leap && month > 2 ? 1 : 0);
  }

  /** A number by JSON's grammar, taken exactly: no floating point touches it. */
  private static long number(byte[] b, int from, int to) {
    boolean negative = from < to && b[from] == '-';
    int first = negative ? from + 1 : from;
    int at = first;
    long value = 0;
    while (at < to && isDigit(b[at])) {
      // Of more digits than a long can hold the value is not used.
      value = value * 10 + b[at] - '0';
      at++;
    }
    int integerDigits = at - first;
    if (integerDigits == 0 || (integerDigits > 1 && b[first] == '0')) {
      return NONE;
    }
    if (at == to && integerDigits <= LONG_DIGITS) {
      long millis = integerDigits < MILLISECOND_DIGITS ? value * 1000 : value;
      return negative ? -millis : millis;
    }
    if (at < to && b[at] == '.') {
      int fraction = ++at;
      while (at < to && isDigit(b[at])) {
        at++;
      }
      if (at == fraction) {
        return NONE;
      }
    }
    int mantissaEnd = at;
    long exponent = 0;
    if (at < to && (b[at] == 'e' || b[at] == 'E')) {
      at++;
      boolean down = at < to && b[at] == '-';
      if (at < to && (b[at] == '+' || b[at] == '-')) {
        at++;
      }
      int exponentStart = at;
      while (at < to && isDigit(b[at])) {
        // Kept small enough not to overflow, and larger than any mantissa is long.
        exponent = Math.min(exponent * 10 + b[at] - '0', 1L << 40);
        at++;
      }
      if (at == exponentStart) {
        return NONE;
      }
      exponent = down ? -exponent : exponent;
    }
    return at == to ? millis(b, first, mantissaEnd, integerDigits + exponent, negative) : NONE;
  }

  /**
   * @param point how many of the mantissa's digits stand before the point once the exponent has
   *     moved it
   */
  private static long millis(
      byte[] b, int mantissa, int mantissaEnd, long point, boolean negative) {
    int at = mantissa;
    long digits = point;
    while (at < mantissaEnd && (b[at] == '0' || b[at] == '.')) {
      if (b[at] == '0') {
        digits--;
      }
      at++;
    }
    if (at == mantissaEnd) {
      return 0;
    }
    if (digits < MILLISECOND_DIGITS) {
      digits += 3;
    }
    if (digits > LONG_DIGITS) {
      return NONE;
    }
    long millis = 0;
    while (at < mantissaEnd && digits > 0) {
      if (b[at] != '.') {
        millis = millis * 10 + b[at] - '0';
        digits--;
      }
      at++;
    }
    while (digits > 0) {
      millis *= 10;
      digits--;
    }
    if (!negative) {
      return millis;
    }
    boolean exact = true;
    while (at < mantissaEnd) {
      exact &= b[at] == '0' || b[at] == '.';
      at++;
    }
    return exact ? -millis : -millis - 1;
  }

  private static boolean hasEscape(byte[] b, int from, int to) {
    for (int i = from; i < to; i++) {
      if (b[i] == '\\') {
        return true;
      }
    }
    return false;
  }

  /** Resolves the escapes that a time can be written with; others come out as a byte of no time. */
  private static int unescape(byte[] b, int from, int to, byte[] target) {
    int length = 0;
    int i = from;
    while (i < to) {
      int c = b[i];
      if (c == '\\') {
        boolean unicode = i + 6 <= to && b[i + 1] == 'u';
        int code = unicode ? Hex.digits4(b, i + 2) : 0;
        c = code < 0x80 ? code : 0;
        i += unicode ? 6 : 2;
      } else {
        i++;
      }
      target[length++] = (byte) c;
    }
    return length;
  }
}
