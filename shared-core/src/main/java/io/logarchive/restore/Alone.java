package io.logarchive.restore;

import io.logarchive.fault.ServiceException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work for one restore after the other, where one that fails does not hold up the others: the next
 * run comes to it again. The run has failed all the same, so that somebody hears of it.
 */
final class Alone {
  private static final Logger LOG = LoggerFactory.getLogger(Alone.class);

  private final String complaint;
  private @Nullable ServiceException last;

  /**
   * @param complaint what the log says of work that failed
   */
  Alone(String complaint) {
    this.complaint = complaint;
  }

  /** Keeps a failure for the {@link #end}; only the last one gets there, so each is logged. */
  void run(String key, Object id, Runnable work) {
    try {
      work.run();
    } catch (ServiceException e) {
      LOG.atWarn().setCause(e).addKeyValue(key, id).log(complaint);
      last = e;
    }
  }

  /** Fails as the last that failed, if any did. */
  void end() {
    if (last != null) {
      throw last;
    }
  }
}
