package io.logarchive.restore;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Looks every 2 seconds, when asked, whether a restore has ended while a step works for it. */
final class EndWatch {
  private static final Duration LOOK_EVERY = Duration.ofSeconds(2);

  private final RestoreStore store;
  private final int restoreId;
  private final InstantSource clock;
  private Instant lookAt;

  EndWatch(RestoreStore store, int restoreId, InstantSource clock) {
    this.store = store;
    this.restoreId = restoreId;
    this.clock = clock;
    this.lookAt = clock.instant().plus(LOOK_EVERY);
  }

  boolean ended() {
    Instant now = clock.instant();
    if (now.isBefore(lookAt)) {
      return false;
    }
    lookAt = now.plus(LOOK_EVERY);
    return store.findInProgress(restoreId).isEmpty();
  }
}
