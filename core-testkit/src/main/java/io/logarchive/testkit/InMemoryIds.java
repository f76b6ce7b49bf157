package io.logarchive.testkit;

import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The ids that are taken in one deployment; its stores share it. */
public final class InMemoryIds {
  private final Set<Integer> taken = new HashSet<>();

  /** Takes an id; false if it is taken already. */
  synchronized boolean claim(int id) {
    return taken.add(id);
  }

  /** Takes all of them, or none if one is taken already or among them twice. */
  synchronized boolean claimAll(List<Integer> ids) {
    Set<Integer> asked = new HashSet<>(ids);
    boolean free = asked.size() == ids.size() && Collections.disjoint(taken, asked);
    if (free) {
      taken.addAll(asked);
    }
    return free;
  }
}
