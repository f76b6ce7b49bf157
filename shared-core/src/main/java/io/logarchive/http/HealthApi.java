package io.logarchive.http;

import io.logarchive.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * {@code GET /healthz}: whether the service answers at all; and {@code GET /openapi.yaml}: what it
 * answers.
 */
public final class HealthApi implements Api {
  private final Routes routes =
      Routes.none()
          .and(
              "GET",
              "/healthz",
              (request, variables) ->
                  ApiResponse.json(200, JsonObject.builder().put("status", "ok").build()))
          .and("GET", "/openapi.yaml", (request, variables) -> Description.REPLY);

  @Override
  public ApiResponse handle(ApiRequest request) {
    return routes.handle(request);
  }

  @Override
  public Set<String> operations() {
    return routes.operations();
  }

  /** Read when it is asked for the first time. */
  private static final class Description {
    static final ApiResponse REPLY =
        new ApiResponse(200, Map.of("Content-Type", "application/yaml"), read());

    private static byte[] read() {
      try (InputStream in =
          Objects.requireNonNull(HealthApi.class.getResourceAsStream("openapi.yaml"))) {
        return in.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
