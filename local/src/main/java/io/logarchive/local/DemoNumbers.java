package io.logarchive.local;

/** How many logs there were at each step. */
record DemoNumbers(long sent, long archived, long restored, long found) {

  boolean agree() {
    return sent == archived && sent == restored && sent == found;
  }

  @Override
  public String toString() {
    return "%s: sent %s, archived %s, restored %s, found %s"
        .formatted(
            agree() ? "Every number agrees" : "THE NUMBERS DO NOT AGREE",
            Text.count(sent),
            Text.count(archived),
            Text.count(restored),
            Text.count(found));
  }
}
