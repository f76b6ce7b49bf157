package io.logarchive.functions.azure;

import io.logarchive.http.Api;
import io.logarchive.http.ApiRequest;
import io.logarchive.http.ApiResponse;
import io.logarchive.http.Refusal;
import java.util.Locale;
import java.util.Set;

/** An API that is asked only what arrived as it was sent, as far as one can tell by its length. */
final class WholeBodies implements Api {
  private final Api api;

  WholeBodies(Api api) {
    this.api = api;
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
      return new Refusal(
              415,
              "UNSUPPORTED_MEDIA_TYPE",
              "The body was taken for text on its way and is no longer what was sent: send it with"
                  + " Content-Type application/octet-stream, or as UTF-8 without a byte order mark")
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

  /** What is no UTF-8 was replaced by what is, of another length. */
  private static boolean hasItsLength(ApiRequest request) {
    return request
        .header("content-length")
        .filter(length -> !length.equals(Integer.toString(request.body().length)))
        .isEmpty();
  }
}
