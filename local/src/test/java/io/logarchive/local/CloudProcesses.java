package io.logarchive.local;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Functions of one cloud, each in a process of its own, and what they stand on. */
interface CloudProcesses extends AutoCloseable {

  /** Starts a function of an unpacked package. */
  FunctionProcess start(String function, Path unpacked, Path output, List<String> jvm)
      throws IOException;

  /**
   * What functions are then called for.
   *
   * @param name of empty buckets or containers
   */
  FunctionCalls calls(String name, int logs) throws IOException;

  @Override
  void close() throws IOException;
}
