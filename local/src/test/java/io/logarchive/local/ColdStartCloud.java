package io.logarchive.local;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Where the functions of one cloud find what they stand on, for {@link ColdStart}. */
interface ColdStartCloud extends AutoCloseable {

  /** Starts a function of an unpacked package. */
  FunctionProcess start(String function, Path unpacked, Path output, List<String> jvm)
      throws IOException;

  /**
   * What functions are then called for.
   *
   * @param name of empty buckets or containers
   */
  ColdStartCalls calls(String name, int logs) throws IOException;

  @Override
  void close() throws IOException;
}
