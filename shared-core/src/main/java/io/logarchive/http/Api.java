package io.logarchive.http;

/**
 * Answers the requests of one part of the HTTP contract. Never throws for anything a caller can
 * send.
 */
@FunctionalInterface
public interface Api {
  ApiResponse handle(ApiRequest request);
}
