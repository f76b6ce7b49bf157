package io.logarchive.testkit;

import java.util.HashSet;
import java.util.Set;

/** The ids that are taken in one deployment; its stores share it. */
public final class InMemoryIds {
  private final Set<Integer> taken = new HashSet<>();

  /** Takes an id; false if it is taken already. */
  synchronized boolean claim(int id) {
    return taken.add(id);
  }
}
