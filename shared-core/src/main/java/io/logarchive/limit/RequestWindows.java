package io.logarchive.limit;

import java.time.Instant;

/**
 * Counts requests for the whole deployment, in windows of a minute. Safe for concurrent use;
 * failures are {@link io.logarchive.fault.ServiceException}s.
 */
public interface RequestWindows {

  /**
   * Counts one more request, unless the window holds as many already. Of any number at once no more
   * get in; a call that failed may have counted.
   *
   * @param who names who is counted, in plain characters
   * @param start of the window; what was counted in an old one may be gone
   * @param most how many the window holds
   * @return false if it is full
   */
  boolean admit(String who, Instant start, int most);
}
