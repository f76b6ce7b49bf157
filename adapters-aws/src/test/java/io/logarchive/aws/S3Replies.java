package io.logarchive.aws;

import io.logarchive.testkit.StubServer.Reply;

/** What S3 answers, byte for byte. */
final class S3Replies {
  private static final String XML = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

  private S3Replies() {}

  static Reply.Whole error(int status, String code, String requestId) {
    return Reply.Whole.of(
            status,
            XML
                + "<Error><Code>"
                + code
                + "</Code><Message>Said by the service</Message><RequestId>"
                + requestId
                + "</RequestId></Error>")
        .with("Content-Type", "application/xml")
        .with("x-amz-request-id", requestId);
  }

  static Reply.Whole put() {
    return Reply.Whole.of(200, "").with("x-amz-request-id", "OK").with("ETag", "\"1\"");
  }

  static Reply.Whole get(String content) {
    return Reply.Whole.of(206, content)
        .with("x-amz-request-id", "OK")
        .with("Content-Type", "application/x-ndjson")
        .with("Content-Range", "bytes 0-" + (content.length() - 1) + "/" + content.length());
  }

  static Reply.Whole list(String contents) {
    return Reply.Whole.of(
            200,
            XML
                + "<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Name>bucket"
                + "</Name><MaxKeys>1000</MaxKeys><IsTruncated>false</IsTruncated>"
                + contents
                + "</ListBucketResult>")
        .with("Content-Type", "application/xml")
        .with("x-amz-request-id", "OK");
  }
}
