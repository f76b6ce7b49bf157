package io.logarchive.local;

import java.io.IOException;

/** One function in a JVM of its own, which a cloud's own way of calling functions has started. */
interface FunctionProcess extends AutoCloseable {

  /**
   * What it made of one call, and in how many milliseconds.
   *
   * @param reply of a call that is no request, what the function gave back, with status 200
   */
  record Invocation(Reply reply, double millis) {}

  /** Waits until it asks for its first call: milliseconds since its start. */
  double readyAfter() throws IOException, InterruptedException;

  Invocation invoke(FunctionCall call) throws IOException, InterruptedException;

  ChildJvm jvm();

  @Override
  void close() throws IOException;
}
