package io.logarchive.http;

import io.logarchive.json.JsonObject;

/** {@code GET /healthz}: whether the service answers at all. */
public final class HealthApi implements Api {
  private final Routes routes =
      Routes.none()
          .and(
              "GET",
              "/healthz",
              (request, variables) ->
                  ApiResponse.json(200, JsonObject.builder().put("status", "ok").build()));

  @Override
  public ApiResponse handle(ApiRequest request) {
    return routes.handle(request);
  }
}
