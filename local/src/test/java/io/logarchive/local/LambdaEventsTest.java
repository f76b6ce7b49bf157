package io.logarchive.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logarchive.json.Json;
import io.logarchive.json.MalformedJsonException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LambdaEventsTest {
  private static final Instant RECEIVED = Instant.parse("2026-11-23T14:02:03.045Z");

  @Test
  void restApiEventHasTheDocumentedShape() {
    Request request =
        request(
            "/archive/restore",
            "before=17&tag=a%20b&tag=c+d",
            Map.of("User-Agent", List.of("curl/8.9.1"), "Accept", List.of("a/b", "c/d")),
            "{\"é\":1}");

    assertThat(LambdaEvents.restApi(request, RECEIVED))
        .asString(StandardCharsets.UTF_8)
        .isEqualTo(
            oneLine(
                """
                {"resource":"/{proxy+}",
                "path":"/archive/restore",
                "httpMethod":"POST",
                "headers":{"Accept":"c/d","User-Agent":"curl/8.9.1"},
                "multiValueHeaders":{"Accept":["a/b","c/d"],"User-Agent":["curl/8.9.1"]},
                "queryStringParameters":{"before":"17","tag":"c d"},
                "multiValueQueryStringParameters":{"before":["17"],"tag":["a b","c d"]},
                "pathParameters":{"proxy":"archive/restore"},
                "stageVariables":null,
                "requestContext":{
                "resourceId":"proxy",
                "resourcePath":"/{proxy+}",
                "httpMethod":"POST",
                "extendedRequestId":"r-1",
                "requestTime":"23/Nov/2026:14:02:03 +0000",
                "path":"/archive/restore",
                "accountId":"000000000000",
                "protocol":"HTTP/1.1",
                "stage":"local",
                "domainPrefix":"local",
                "requestTimeEpoch":1795442523045,
                "requestId":"r-1",
                "identity":{"sourceIp":"127.0.0.1","userAgent":"curl/8.9.1"},
                "domainName":"localhost",
                "apiId":"local"},
                "body":"eyLDqSI6MX0=",
                "isBase64Encoded":true}
                """));
  }

  @Test
  void restApiEventOfABareRequestSaysNullForWhatIsNotThere() {
    Request request = request("/healthz", null, Map.of(), "");

    assertThat(LambdaEvents.restApi(request, RECEIVED))
        .asString(StandardCharsets.UTF_8)
        .contains("\"queryStringParameters\":null,\"multiValueQueryStringParameters\":null,")
        .endsWith("\"body\":null,\"isBase64Encoded\":false}");
  }

  @Test
  void functionUrlEventHasTheDocumentedShape() {
    Request request =
        request(
            "/",
            "token=x%2By&type=a&type=b",
            Map.of(
                "User-Agent",
                List.of("fluent-bit"),
                "X-Twice",
                List.of("one", "two"),
                "Cookie",
                List.of("a=1; b=2", "c=3")),
            "log\n");

    assertThat(LambdaEvents.functionUrl(request, RECEIVED))
        .asString(StandardCharsets.UTF_8)
        .isEqualTo(
            oneLine(
                """
                {"version":"2.0",
                "routeKey":"$default",
                "rawPath":"/",
                "rawQueryString":"token=x%2By&type=a&type=b",
                "cookies":["a=1","b=2","c=3"],
                "headers":{"user-agent":"fluent-bit","x-twice":"one,two"},
                "queryStringParameters":{"token":"x+y","type":"a,b"},
                "requestContext":{
                "accountId":"anonymous",
                "apiId":"local",
                "domainName":"localhost",
                "domainPrefix":"local",
                "http":{
                "method":"POST",
                "path":"/",
                "protocol":"HTTP/1.1",
                "sourceIp":"127.0.0.1",
                "userAgent":"fluent-bit"},
                "requestId":"r-1",
                "routeKey":"$default",
                "stage":"$default",
                "time":"23/Nov/2026:14:02:03 +0000",
                "timeEpoch":1795442523045},
                "body":"bG9nCg==",
                "isBase64Encoded":true}
                """));
  }

  @Test
  void functionUrlEventOfABareRequestLeavesOutWhatIsNotThere() {
    Request request = request("/", null, Map.of(), "");

    assertThat(Json.object(LambdaEvents.functionUrl(request, RECEIVED)).members())
        .containsKeys("rawQueryString", "headers", "isBase64Encoded")
        .doesNotContainKeys("cookies", "queryStringParameters", "body");
  }

  @Test
  void aQueryThatIsNotPercentEncodedIsRefused() {
    Request request = request("/", "token=%zz", Map.of(), "");

    assertThatThrownBy(() -> LambdaEvents.restApi(request, RECEIVED))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> LambdaEvents.functionUrl(request, RECEIVED))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aReplyIsReadWithAllItsParts() {
    Reply reply =
        reply(
            """
            {"statusCode":200,
             "headers":{"Content-Type":"application/json","Retry-After":7},
             "multiValueHeaders":{"x-twice":["one","two"]},
             "cookies":["a=1","b=2"],
             "body":"{\\"é\\":1}",
             "isBase64Encoded":false}
            """);

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.headers())
        .containsOnly(
            Map.entry("Content-Type", List.of("application/json")),
            Map.entry("Retry-After", List.of("7")),
            Map.entry("x-twice", List.of("one", "two")),
            Map.entry("Set-Cookie", List.of("a=1", "b=2")));
    assertThat(reply.body()).asString(StandardCharsets.UTF_8).isEqualTo("{\"é\":1}");
  }

  @Test
  void aReplysBase64BodyIsDecoded() {
    Reply reply = reply("{\"statusCode\":200,\"body\":\"AP8K\",\"isBase64Encoded\":true}");

    assertThat(reply.body()).containsExactly(0, 0xff, 10);
  }

  @Test
  void aReplyWithoutABodyHasAnEmptyOne() {
    assertThat(reply("{\"statusCode\":204}").body()).isEmpty();
    assertThat(reply("{\"statusCode\":204,\"headers\":null,\"body\":null}").body()).isEmpty();
  }

  @Test
  void whatIsNotAReplyIsRefused() {
    for (String answer :
        List.of(
            "",
            "[]",
            "{}",
            "{\"statusCode\":\"many\"}",
            "{\"statusCode\":99}",
            "{\"statusCode\":200,\"headers\":[\"a\"]}",
            "{\"statusCode\":200,\"headers\":{\"a\":{\"b\":1}}}",
            "{\"statusCode\":200,\"body\":{\"a\":1}}",
            "{\"statusCode\":200,\"body\":\"%\",\"isBase64Encoded\":true}")) {
      assertThatThrownBy(() -> reply(answer)).as(answer).isInstanceOf(MalformedJsonException.class);
    }
  }

  private static Request request(
      String path, @Nullable String query, Map<String, List<String>> headers, String body) {
    Map<String, List<String>> sorted = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    sorted.putAll(headers);
    return new Request(
        "POST", path, query, sorted, body.getBytes(StandardCharsets.UTF_8), "127.0.0.1", "r-1");
  }

  private static Reply reply(String json) {
    return LambdaEvents.reply(json.getBytes(StandardCharsets.UTF_8));
  }

  private static String oneLine(String json) {
    return json.replace("\n", "");
  }
}
