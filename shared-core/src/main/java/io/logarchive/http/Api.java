package io.logarchive.http;

import java.util.Set;

/**
 * Answers the requests of one part of the HTTP contract. Never throws for anything a caller can
 * send.
 */
@FunctionalInterface
public interface Api {
  ApiResponse handle(ApiRequest request);

  /** What it answers, such as {@code GET /archive/restore/{id}}; none if it does not say. */
  default Set<String> operations() {
    return Set.of();
  }
}
