package io.logarchive.testkit;

import io.logarchive.limit.RequestWindows;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** Windows of requests in memory. */
public final class InMemoryRequestWindows implements RequestWindows {
  private record Window(String who, Instant start) {}

  private final Map<Window, Integer> requests = new HashMap<>();

  @Override
  public synchronized boolean admit(String who, Instant start, int most) {
    Window window = new Window(who, start);
    int before = requests.getOrDefault(window, 0);
    if (before >= most) {
      return false;
    }
    requests.put(window, before + 1);
    return true;
  }
}
