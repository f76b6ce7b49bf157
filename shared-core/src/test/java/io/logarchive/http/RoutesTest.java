package io.logarchive.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.logarchive.fault.ServiceException;
import io.logarchive.json.InvalidFieldException;
import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RoutesTest {
  private final Routes routes =
      Routes.none()
          .and(
              "GET",
              "/things/{id}",
              (request, path) -> ApiResponse.text(200, path.getOrDefault("id", "")))
          .and(
              "PUT",
              "/things/{id}",
              (request, path) -> ApiResponse.json(200, request.json().object()))
          .notBuilt("DELETE", "/things/{id}", request -> {})
          .and("GET", "/", (request, path) -> ApiResponse.text(200, "root"))
          .and(
              "GET",
              "/field",
              (request, path) -> {
                throw new InvalidFieldException("a.b", "is wrong");
              })
          .and(
              "GET",
              "/store",
              (request, path) -> {
                throw new ServiceException.Unavailable("GetItem", "Throttled", "r", null);
              })
          .and(
              "GET",
              "/bug",
              (request, path) -> {
                throw new IllegalStateException("secret details");
              });

  @Test
  void aPathAndMethodFindTheirAction() {
    assertThat(call("GET", "/things/7", "").bodyText()).isEqualTo("7");
    assertThat(call("GET", "/things/7/", "").bodyText()).isEqualTo("7");
  }

  @Test
  void theRootIsFoundWithAndWithoutItsSlash() {
    assertThat(call("GET", "/", "").bodyText()).isEqualTo("root");
    assertThat(call("GET", "", "").bodyText()).isEqualTo("root");
  }

  @Test
  void anUnknownPathIsNotFound() {
    ApiResponse reply = call("GET", "/things", "");
    assertThat(reply.status()).isEqualTo(404);
    assertThat(text(reply, "errorCode")).isEqualTo("archive/NOT_FOUND");
    assertThat(text(reply, "requestId")).isEqualTo("request-1");
  }

  @Test
  void anotherMethodIsToldWhichAreAllowed() {
    ApiResponse reply = call("TRACE", "/things/7", "");
    assertThat(reply.status()).isEqualTo(405);
    assertThat(reply.headers()).containsEntry("Allow", "DELETE, GET, PUT");
  }

  @Test
  void aPathThatIsWrittenOutIsNoOthersVariable() {
    Routes both = routes.and("POST", "/things/all", (request, path) -> ApiResponse.empty(200));

    assertThat(both.handle(request("POST", "/things/all", "")).status()).isEqualTo(200);
    ApiResponse reply = both.handle(request("GET", "/things/all", ""));
    assertThat(reply.status()).isEqualTo(405);
    assertThat(reply.headers()).containsEntry("Allow", "POST");
  }

  @Test
  void theOperationsAreKnown() {
    assertThat(routes.operations()).contains("GET /", "PUT /things/{id}", "DELETE /things/{id}");
  }

  @Test
  void whatIsNotBuiltSaysSo() {
    ApiResponse reply = call("DELETE", "/things/7", "");
    assertThat(reply.status()).isEqualTo(501);
    assertThat(text(reply, "message")).contains("not available in this version");
  }

  @Test
  void badInputNamesTheFieldOrThePlace() {
    assertThat(call("GET", "/field", "").status()).isEqualTo(400);
    assertThat(text(call("GET", "/field", ""), "message")).isEqualTo("a.b is wrong");
    assertThat(call("PUT", "/things/7", "{\"a\":").status()).isEqualTo(400);
    assertThat(text(call("PUT", "/things/7", "[]"), "message"))
        .isEqualTo("The body must be a JSON object, not an array");
  }

  @Test
  void aServiceThatFailsIsAskedAgainLater() {
    ApiResponse reply = call("GET", "/store", "");
    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.headers()).containsKey("Retry-After");
  }

  @Test
  void aBugShowsNothingOfItself() {
    ApiResponse reply = call("GET", "/bug", "");
    assertThat(reply.status()).isEqualTo(500);
    assertThat(reply.bodyText()).doesNotContain("secret details").contains("request-1");
  }

  private ApiResponse call(String method, String path, String body) {
    return routes.handle(request(method, path, body));
  }

  private static ApiRequest request(String method, String path, String body) {
    return new ApiRequest(
        method,
        path,
        Map.of(),
        Map.of(),
        body.getBytes(java.nio.charset.StandardCharsets.UTF_8),
        true,
        "request-1");
  }

  private static String text(ApiResponse reply, String name) {
    JsonObject body = Json.object(reply.body());
    return ((JsonValue.Text) body.member(name).orElseThrow()).value();
  }
}
