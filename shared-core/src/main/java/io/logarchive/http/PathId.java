package io.logarchive.http;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Ids as requests name them. */
public final class PathId {
  private static final int MOST_DIGITS = 10;

  private PathId() {}

  /** A 32-bit whole number in decimal digits; empty for all else, which no id is. */
  public static Optional<Integer> of(@Nullable String text) {
    if (text == null
        || text.isEmpty()
        || text.length() > MOST_DIGITS
        || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return Optional.empty();
    }
    long id = Long.parseLong(text);
    return id > Integer.MAX_VALUE ? Optional.empty() : Optional.of((int) id);
  }
}
