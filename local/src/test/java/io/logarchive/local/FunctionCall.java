package io.logarchive.local;

import io.logarchive.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** What a function is called for, before it is put as one cloud or the other puts it. */
sealed interface FunctionCall {

  /** A request to the API. */
  record Http(Request request) implements FunctionCall {}

  /** Compressed logs. */
  record Shipment(Request request) implements FunctionCall {}

  /**
   * A step of a restore's workflow.
   *
   * @param slice null for a step of the whole restore
   */
  record Step(int restoreId, @Nullable Integer slice) implements FunctionCall {}

  /** The last step of a restore of which another step failed. */
  record Failure(int restoreId) implements FunctionCall {}

  /** An event that asks for a restore. */
  record RestoreEvent(String id, JsonObject data) implements FunctionCall {}

  /** The clock. */
  record Schedule() implements FunctionCall {}
}
