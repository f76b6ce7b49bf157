package io.logarchive.functions.azure;

import io.logarchive.http.Api;
import io.logarchive.http.ApiRequest;
import io.logarchive.http.ApiResponse;
import io.logarchive.http.Refusal;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;

/** An API that is asked only what arrived as it was sent, as far as one can tell by its length. */
final class WholeBodies implements Api {
  private final Api api;
  private final Function<String, Refusal> refusal;

  private WholeBodies(Api api, Function<String, Refusal> refusal) {
    this.api = api;
    this.refusal = refusal;
  }

  /** Of JSON, which is UTF-8. */
  static WholeBodies ofJson(Api api) {
    return new WholeBodies(
        api, why -> Refusal.invalid(why + "send UTF-8 without a byte order mark"));
  }

  /** Of logs, which may be anything in a body of bytes. */
  static WholeBodies ofLogs(Api api) {
    return new WholeBodies(
        api,
        why ->
            new Refusal(
                415,
                "UNSUPPORTED_MEDIA_TYPE",
                why
                    + "send UTF-8 without a byte order mark, or to the path /"
                    + HttpMessages.OCTETS
                    + " with Content-Type application/octet-stream"));
  }

  @Override
  public ApiResponse handle(ApiRequest request) {
    if (request.body().length == 0 && isChunked(request)) {
      return new Refusal(
              411,
              "LENGTH_REQUIRED",
              "A body that is sent in chunks does not arrive here: send it whole, with its"
                  + " Content-Length")
          .reply(request.id());
    }
    if (!request.bytesIntact() && !hasItsLength(request)) {
      return refusal
          .apply("The body was taken for text on its way and is no longer what was sent: ")
          .reply(request.id());
    }
    return api.handle(request);
  }

  @Override
  public Set<String> operations() {
    return api.operations();
  }

  private static boolean isChunked(ApiRequest request) {
    return request
        .header("transfer-encoding")
        .filter(encoding -> encoding.toLowerCase(Locale.ROOT).contains("chunked"))
        .isPresent();
  }

  /**
   * What is no UTF-8 was replaced by U+FFFD, three bytes: of another length, but for a character of
   * four bytes that was cut off after its third.
   */
  private static boolean hasItsLength(ApiRequest request) {
    return request
        .header("content-length")
        .filter(length -> !length.equals(Integer.toString(request.body().length)))
        .isEmpty();
  }
}
