package io.logarchive.search;

import io.logarchive.json.InvalidFieldException;

/**
 * Where a value stands in a search's body.
 *
 * @param path as messages name it; empty for the body itself
 * @param depth how many queries and aggregations are around it
 */
record Place(String path, int depth) {
  static final int MOST_DEPTH = 8;
  static final Place BODY = new Place("", 0);

  private static final int LONGEST_SHOWN = 100;

  Place member(String name) {
    return new Place(path.isEmpty() ? shown(name) : path + "." + shown(name), depth);
  }

  Place item(int index) {
    return new Place(path + "[" + index + "]", depth);
  }

  /** The same place, within one more query or aggregation. */
  Place within() {
    if (depth == MOST_DEPTH) {
      throw refused("is nested deeper than " + MOST_DEPTH + " levels");
    }
    return new Place(path, depth + 1);
  }

  InvalidFieldException refused(String rule) {
    return new InvalidFieldException(path, rule);
  }

  InvalidFieldException notAllowed(Iterable<String> allowed) {
    return refused("is not allowed; allowed are " + String.join(", ", allowed));
  }

  private static String shown(String name) {
    return name.length() <= LONGEST_SHOWN ? name : name.substring(0, LONGEST_SHOWN) + "…";
  }
}
