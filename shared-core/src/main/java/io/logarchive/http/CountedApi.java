package io.logarchive.http;

import io.logarchive.metrics.Metric;
import io.logarchive.metrics.Metrics;
import java.util.Set;

/** An API whose refusals are counted, by their error codes. */
public final class CountedApi implements Api {
  private final Api api;
  private final Metrics metrics;

  public CountedApi(Api api, Metrics metrics) {
    this.api = api;
    this.metrics = metrics;
  }

  @Override
  public ApiResponse handle(ApiRequest request) {
    ApiResponse response = api.handle(request);
    String errorCode = response.errorCode();
    if (errorCode != null) {
      metrics.add(Metric.REQUESTS_REFUSED, errorCode, 1);
    }
    return response;
  }

  @Override
  public Set<String> operations() {
    return api.operations();
  }
}
