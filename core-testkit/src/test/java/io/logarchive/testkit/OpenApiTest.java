package io.logarchive.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.logarchive.http.ApiRequest;
import io.logarchive.http.ApiResponse;
import io.logarchive.http.HealthApi;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The file of the API is what the service answers, and a reply that differs is found. */
class OpenApiTest {
  private static final OpenApi FILE = OpenApi.ofTheService();
  private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");
  private static final String ERROR =
      """
      {"errorCode":"archive/NOT_FOUND","message":"Nothing is there","requestId":"r"}""";

  @Test
  void everyRouteIsInTheFileAndEveryOperationOfTheFileIsARoute() {
    assertThat(FILE.operations()).isEqualTo(new InMemoryDeployment().operations());
  }

  @Test
  void theFileIsServedToEveryone() {
    ApiResponse reply = new HealthApi().handle(request("GET", "/openapi.yaml"));

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.headers()).containsEntry("Content-Type", "application/yaml");
    assertThat(reply.bodyText()).startsWith("openapi: 3.1.0");
    assertThat(FILE.faults(request("GET", "/openapi.yaml"), reply)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          GET    | /healthz                | 200 | {"status":"ok"}
          GET    | /v2/archive/settings/   | 200 | []
          GET    | /archive/restore/7      | 404 | ERROR
          GET    | /no/such/path           | 404 | ERROR
          POST   | /                       | 400 | {"malformedLines":1,"successfulLines":0,"oversizedLines":0,"emptyLogLines":0}
          """)
  void aReplyAsTheFileHasItIsNoFault(String method, String path, int status, String body) {
    assertThat(FILE.faults(request(method, path), reply(status, body))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          GET    | /healthz                | 200 | {"status":"fine"}                 | must be the constant value
          GET    | /healthz                | 200 | {"status":"ok","more":1}          | 'more' is not defined
          GET    | /healthz                | 200 | {}                                | 'status' not found
          GET    | /healthz                | 200 | nonsense                          | not JSON
          GET    | /healthz                | 201 | {"status":"ok"}                   | 201 is not declared
          GET    | /v2/archive/settings    | 200 | [{"id":1}]                        | 'settings' not found
          GET    | /archive/restore/7      | 404 | {"message":"Nothing is there"}    | 'errorCode' not found
          GET    | /archive/restore/7      | 503 | ERROR                             | Retry-After is missing
          DELETE | /v2/archive/settings/7  | 200 | {}                                | none is declared
          POST   | /archive/restore/7      | 405 | ERROR                             | Allow is null, not DELETE, GET
          GET    | /no/such/path           | 200 | {}                                | 200, not 404
          POST   | /                       | 400 | {"malformedLines":1}              | 'successfulLines' not found
          """)
  void aReplyThatTheFileDoesNotHaveIsFound(
      String method, String path, int status, String body, String fault) {
    assertThat(FILE.faults(request(method, path), reply(status, body)))
        .anySatisfy(found -> assertThat(found).contains(fault));
  }

  @Test
  void anotherContentTypeIsFound() {
    assertThat(FILE.faults(request("GET", "/healthz"), ApiResponse.text(200, "ok")))
        .containsExactly("The Content-Type is text/plain, which is not declared");
  }

  private static ApiResponse reply(int status, String body) {
    byte[] bytes = (body.equals("ERROR") ? ERROR : body).getBytes(StandardCharsets.UTF_8);
    return new ApiResponse(status, JSON, bytes);
  }

  private static ApiRequest request(String method, String path) {
    return new ApiRequest(method, path, Map.of(), Map.of(), new byte[0], true, "r");
  }
}
