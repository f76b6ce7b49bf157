package io.logarchive.aws;

import io.logarchive.testkit.StubServer.Reply;

/** What the services that speak JSON answer, byte for byte. */
final class AwsReplies {
  private AwsReplies() {}

  static Reply.Whole json(int status, String body, String requestId) {
    return Reply.Whole.of(status, body)
        .with("Content-Type", "application/x-amz-json-1.0")
        .with("x-amzn-RequestId", requestId);
  }

  static Reply.Whole ok(String body) {
    return json(200, body, "OK");
  }

  static Reply.Whole error(int status, String code, String requestId) {
    return json(
        status,
        "{\"__type\":\"com.amazonaws#" + code + "\",\"message\":\"Said by the service\"}",
        requestId);
  }

  /** A transaction that was not carried out, with a reason for each of its writes. */
  static Reply.Whole cancelled(String... reasons) {
    StringBuilder list = new StringBuilder();
    for (String reason : reasons) {
      list.append(list.isEmpty() ? "" : ",").append("{\"Code\":\"" + reason + "\"}");
    }
    return json(
        400,
        "{\"__type\":\"com.amazonaws.dynamodb.v20120810#TransactionCanceledException\","
            + "\"Message\":\"Transaction cancelled\",\"CancellationReasons\":["
            + list
            + "]}",
        "CANCELLED");
  }
}
