package io.logarchive.restore;

/** Runs a restore's steps. Failures are {@link io.logarchive.fault.ServiceException}s. */
public interface RestoreWorkflow {

  /**
   * Starts the steps. The attempt is part of the workflow's name, so the same start twice is one
   * workflow, and a later attempt is another.
   *
   * @param attempt {@link Restore#attempt()}
   */
  void start(int restoreId, int attempt);

  /** Whether that workflow was started and has not ended. */
  boolean isRunning(int restoreId, int attempt);
}
