package io.logarchive.local;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request as it came over the wire, nothing in it decoded.
 *
 * @param path percent-encoded
 * @param query percent-encoded, without the question mark; null if there is none
 * @param headers names as they were sent, found without regard to case
 * @param body neither inflated nor taken for text
 * @param client the caller's address
 * @param id names the request in replies and logs
 */
record Request(
    String method,
    String path,
    @Nullable String query,
    Map<String, List<String>> headers,
    byte[] body,
    String client,
    String id) {

  /** Leaves out what carries tokens and secrets. */
  @Override
  public String toString() {
    return method + " " + path + " (" + id + ")";
  }
}
