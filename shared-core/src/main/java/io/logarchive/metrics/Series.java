package io.logarchive.metrics;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A metric, of one value of its dimension.
 *
 * @param which a code or an id; null for a metric without a dimension
 */
public record Series(Metric metric, @Nullable String which) {
  private static final Pattern CODE = Pattern.compile("[A-Za-z0-9_]{1,64}");

  public Series {
    if (metric.dimension().isPresent() != (which != null)) {
      throw new IllegalArgumentException(
          metric + (which == null ? " needs its dimension" : " has no dimension"));
    }
    if (which != null && !CODE.matcher(which).matches()) {
      // Not told here: it may be what a customer wrote.
      throw new IllegalArgumentException("The dimension of " + metric + " is a code or an id");
    }
  }
}
