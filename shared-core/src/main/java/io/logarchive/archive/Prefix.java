package io.logarchive.archive;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** The rules of a prefix under which an archive lies. */
final class Prefix {
  private static final int MAX_BYTES = 512;

  private Prefix() {}

  /**
   * Checks a prefix without slashes around it; empty is fine.
   *
   * @throws IllegalArgumentException naming the rule that is broken
   */
  static void check(String prefix) {
    if (prefix.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
      throw new IllegalArgumentException("may have a prefix of at most " + MAX_BYTES + " bytes");
    }
    if (!prefix.isEmpty()) {
      for (String segment : segments(prefix)) {
        if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
          throw new IllegalArgumentException("may not have an empty, \".\" or \"..\" segment");
        }
        if (segment.startsWith("dt=")) {
          throw new IllegalArgumentException(
              "may not have a segment that starts with \"dt=\": the archive's own folders do");
        }
      }
    }
    if (prefix.codePoints().anyMatch(Prefix::unfit)) {
      throw new IllegalArgumentException("may not have control characters or lone surrogates");
    }
  }

  /** Whether one lies within the other, by whole segments, or both are the same. */
  static boolean overlap(String a, String b) {
    if (a.isEmpty() || b.isEmpty()) {
      return true;
    }
    List<String> one = segments(a);
    List<String> other = segments(b);
    int common = Math.min(one.size(), other.size());
    return one.subList(0, common).equals(other.subList(0, common));
  }

  private static List<String> segments(String prefix) {
    return List.of(prefix.split("/", -1));
  }

  private static boolean unfit(int codePoint) {
    return Character.isISOControl(codePoint)
        || (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE);
  }
}
