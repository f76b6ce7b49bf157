package io.logarchive.restore;

import java.util.List;

/** Where restored logs go. Safe for concurrent use. */
public interface RestoreSink {

  /**
   * Writes logs; when it returns, they are kept. Written again, they are the same logs. A log whose
   * fields do not fit what is there already is kept as its raw line with a tag: no log is lost for
   * its content.
   *
   * @return how many of them could only be kept as raw lines
   * @throws io.logarchive.fault.ServiceException.NotFound if the restored account was removed;
   *     nothing is created then
   * @throws io.logarchive.fault.ServiceException.Unavailable if some could not be written now; some
   *     may have been
   */
  int write(List<RestoredLog> logs);
}
