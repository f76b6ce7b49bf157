package io.logarchive.local;

import java.util.OptionalInt;

/** The functions of a restore's workflow. They fail as the functions do. */
interface WorkflowSteps {

  /**
   * What a plan says.
   *
   * @param slices none if the restore has ended
   */
  record Planned(OptionalInt slices, boolean countFirst) {
    static final Planned ENDED = new Planned(OptionalInt.empty(), false);
  }

  Planned plan(int restoreId) throws Exception;

  void count(int restoreId, int slice) throws Exception;

  /** Cuts; false if the restore has ended. */
  boolean cut(int restoreId) throws Exception;

  /** Restores as much as fits into one call; true if it is to be called again. */
  boolean restore(int restoreId, int slice) throws Exception;

  void finish(int restoreId) throws Exception;

  void fail(int restoreId, Exception failure) throws Exception;
}
