package io.logarchive.local;

/** Answers requests. Many threads call it at once. */
@FunctionalInterface
interface Endpoint {
  Reply answer(Request request);
}
