package io.logarchive.functions.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.logarchive.functions.UrlDecoding;
import io.logarchive.http.ApiRequest;
import io.logarchive.http.ApiResponse;
import io.logarchive.json.InvalidFieldException;
import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import io.logarchive.json.MalformedJsonException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpEventsTest {

  @Test
  void aRestApisRequestIsRead() throws IOException {
    ApiRequest request = HttpEvents.read(Events.named("rest-api-get"));

    assertThat(request.method()).isEqualTo("GET");
    assertThat(request.path()).isEqualTo("/archive/restore/120");
    assertThat(request.query())
        .containsOnly(entry("before", "5"), entry("name", "a+b c%20d"), entry("empty", ""));
    assertThat(request.headers())
        .containsEntry("x-api-token", "la_api_first,la_api_second")
        .containsEntry("accept", "application/json,text/plain")
        .containsEntry("x-forwarded-for", "198.51.100.7, 64.252.86.140");
    assertThat(request.body()).isEmpty();
    assertThat(request.bytesIntact()).isTrue();
    assertThat(request.id()).isEqualTo("e59eea3a-0f4d-4a3b-a3e7-111111111111");
  }

  @Test
  void aRestApisBinaryBodyIsDecoded() throws IOException {
    ApiRequest request = HttpEvents.read(Events.named("rest-api-post"));

    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.path()).isEqualTo("/");
    assertThat(request.query()).isEmpty();
    assertThat(request.body()).isEqualTo(new byte[] {31, -117, 8, 0, 0, -1, -6});
    assertThat(request.bytesIntact()).isTrue();
  }

  @Test
  void aRestApisSingleValuesAreEnough() throws IOException {
    String lists =
        "\"multiValueHeaders\": {\"Content-Encoding\": [\"gzip\"], \"content-type\": [\"text/plain\"]}";
    ApiRequest request = HttpEvents.read(Events.changed("rest-api-post", lists, "\"v\": 1"));

    assertThat(request.headers())
        .containsOnly(entry("content-encoding", "gzip"), entry("content-type", "text/plain"));
  }

  @Test
  void aFunctionUrlsRequestIsRead() throws IOException {
    ApiRequest request = HttpEvents.read(Events.named("function-url"));

    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.path()).isEqualTo("/a+b+c ä/%zz");
    assertThat(request.query())
        .containsOnly(
            entry("token", "la_ship_1+2"),
            entry("type", "web shop"),
            entry("flag", ""),
            entry("ä", "€"),
            entry("odd", "100%"),
            entry("", "nameless"),
            entry("a", "b=c"));
    assertThat(request.headers()).containsEntry("x-twice", "one,two").doesNotContainKey("cookie");
    assertThat(request.id()).isEqualTo("0aa11bb2-3333-4444-5555-666677778888");
  }

  /** None of it is an id, so that all of it is not found. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          %00          | '\u0000'
          1%00         | '1\u0000'
          1%2F2        | 1/2
          %2e%2e%2F    | ../
          %            | %
          %4           | %4
          %zz          | %zz
          %u0041       | %u0041
          %252F        | %2F
          %C0%AF       | '\ufffd\ufffd'
          %E0%80%AF    | '\ufffd\ufffd\ufffd'
          %F0%80%80%AF | '\ufffd\ufffd\ufffd\ufffd'
          %ED%A0%80    | '\ufffd'
          %FF%31       | '\ufffd1'
          %C3          | '\ufffd'
          """)
  void oddEscapesOfAPathAreTakenOnceAndNothingElse(String sent, String decoded) throws IOException {
    String path = "/archive/restore/" + sent;

    ApiRequest restApi =
        HttpEvents.read(Events.changed("rest-api-get", "/archive/restore/1%320", path));
    assertThat(restApi.path()).isEqualTo("/archive/restore/" + decoded);
    assertThat(UrlDecoding.path(path)).isEqualTo("/archive/restore/" + decoded);
    assertThat(UrlDecoding.query("a=" + sent)).containsOnly(entry("a", decoded));
  }

  @Test
  void aBodyThatCameAsTextIsItsUtf8ButNotIntact() throws IOException {
    ApiRequest request = HttpEvents.read(Events.named("function-url"));

    assertThat(request.body()).isEqualTo("{\"a\":\"ä\"}\n{\"b\":\"€\"}\n".getBytes(UTF_8));
    assertThat(request.bytesIntact()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"rest-api-get, httpMethod", "function-url, method"})
  void anyMethodIsTakenAsItIs(String event, String member) throws IOException {
    String sent = event.equals("function-url") ? "POST" : "GET";
    ApiRequest request =
        HttpEvents.read(
            Events.changed(
                event, "\"" + member + "\": \"" + sent + "\"", "\"" + member + "\": \"TRACE\""));

    assertThat(request.method()).isEqualTo("TRACE");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[]", "{\"httpMethod\":\"GET\""})
  void whatIsNoWholeObjectIsRefused(String event) {
    assertThatThrownBy(() -> HttpEvents.read(Events.of(event)))
        .isInstanceOf(MalformedJsonException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "rest-api-get, requestContext, requestContext is required",
    "rest-api-get, requestId, requestContext.requestId is required",
    "rest-api-get, path, path is required",
    "rest-api-post, httpMethod, httpMethod is required",
    "function-url, method, requestContext.http.method is required",
    "function-url, rawPath, httpMethod is required",
  })
  void anEventWithoutAPartIsRefusedByItsName(String event, String member, String message) {
    assertThatThrownBy(
            () -> HttpEvents.read(Events.changed(event, '"' + member + '"', "\"other\"")))
        .isInstanceOf(InvalidFieldException.class)
        .hasMessage(message);
  }

  @Test
  void aHeaderThatIsNoTextIsRefused() {
    assertThatThrownBy(() -> HttpEvents.read(Events.changed("rest-api-post", "[\"gzip\"]", "[{}]")))
        .isInstanceOf(InvalidFieldException.class)
        .hasMessage("Content-Encoding must be a string, not an object");
  }

  @Test
  void aReplyOfTextIsPlain() throws IOException {
    JsonObject reply =
        written(
            ApiResponse.text(401, "Logging token is missing: \"ä\"\n").with("Allow", "GET, POST"));

    assertThat(reply.members().get("statusCode")).isEqualTo(new JsonValue.Num("401"));
    assertThat(reply.members().get("headers"))
        .isEqualTo(
            JsonObject.builder()
                .put("Content-Type", "text/plain; charset=utf-8")
                .put("Allow", "GET, POST")
                .build());
    assertThat(reply.members().get("isBase64Encoded")).isEqualTo(new JsonValue.Bool(false));
    assertThat(reply.members().get("body"))
        .isEqualTo(new JsonValue.Text("Logging token is missing: \"ä\"\n"));
  }

  @Test
  void anEmptyReplyHasAnEmptyBody() throws IOException {
    JsonObject reply = written(ApiResponse.empty(200));

    assertThat(reply.members().get("body")).isEqualTo(new JsonValue.Text(""));
    assertThat(reply.members().get("isBase64Encoded")).isEqualTo(new JsonValue.Bool(false));
  }

  @Test
  void aReplyOfBytesIsInBase64() throws IOException {
    byte[] body = {0, -1, 127, -128};
    JsonObject reply =
        written(new ApiResponse(200, Map.of("Content-Type", "application/gzip"), body));

    assertThat(reply.members().get("isBase64Encoded")).isEqualTo(new JsonValue.Bool(true));
    assertThat(decodedBody(reply)).isEqualTo(body);
  }

  @Test
  void theLongestReplyFitsWhatAFunctionMayAnswer() throws IOException {
    byte[] body = ("\"" + "\\\"".repeat(2_000_000) + "\"").getBytes(UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream();

    HttpEvents.write(new ApiResponse(200, Map.of("Content-Type", "application/json"), body), out);

    assertThat(out.size()).isLessThan(6_000_000);
    assertThat(decodedBody(Json.object(out.toByteArray()))).isEqualTo(body);
  }

  private static byte[] decodedBody(JsonObject reply) {
    return Base64.getDecoder()
        .decode(((JsonValue.Text) reply.member("body").orElseThrow()).value());
  }

  private static JsonObject written(ApiResponse response) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    HttpEvents.write(response, out);
    return Json.object(out.toByteArray());
  }
}
