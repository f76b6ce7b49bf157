package io.logarchive.aws;

import io.logarchive.testkit.StubServer.Reply;
import io.logarchive.testkit.StubServer.Request;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** A bucket in S3 as its documentation has it, which allows what a test says. */
final class StubBucket {
  static final String REGION = "eu-central-1";

  /**
   * What a caller must be allowed.
   *
   * @param prefix what a listing is narrowed to; empty for other actions
   */
  record Access(String action, String resource, String prefix) {}

  private record Stored(byte[] content, String kmsKey) {}

  private final String name;
  private final Predicate<Access> allowed;
  private final Map<String, Stored> objects = new ConcurrentSkipListMap<>();
  private final List<Access> asked = new CopyOnWriteArrayList<>();

  StubBucket(String name, Predicate<Access> allowed) {
    this.name = name;
    this.allowed = allowed;
  }

  void put(String key, String content) {
    objects.put(key, new Stored(content.getBytes(StandardCharsets.UTF_8), ""));
  }

  List<String> keys() {
    return List.copyOf(objects.keySet());
  }

  /** What was needed so far, in order. */
  List<Access> asked() {
    return List.copyOf(asked);
  }

  Reply answer(Request request) {
    String[] target = request.target().split("\\?", 2);
    String path = decoded(target[0]).substring(1);
    if (!path.equals(name) && !path.startsWith(name + "/")) {
      return S3Replies.error(404, "NoSuchBucket", "S3-1");
    }
    String key = path.equals(name) ? "" : path.substring(name.length() + 1);
    return switch (request.method()) {
      case "HEAD" -> head();
      case "PUT" -> put(key, request);
      case "GET" -> key.isEmpty() ? list(parameter(target[1], "prefix")) : get(key);
      default -> S3Replies.error(405, "MethodNotAllowed", "S3-1");
    };
  }

  private Reply head() {
    return Reply.Whole.of(may(listing("")) ? 200 : 403, "").with("x-amz-bucket-region", REGION);
  }

  private Reply put(String key, Request request) {
    Access needed = object("s3:PutObject", key);
    if (!may(needed)) {
      return denied(needed);
    }
    String kmsKey =
        request.headers().getOrDefault("x-amz-server-side-encryption-aws-kms-key-id", "");
    Access encryption = new Access("kms:GenerateDataKey", kmsKey, "");
    if (!kmsKey.isEmpty() && !may(encryption)) {
      return denied(encryption);
    }
    if (request.headers().containsKey("if-none-match") && objects.containsKey(key)) {
      return S3Replies.error(412, "PreconditionFailed", "S3-1");
    }
    objects.put(key, new Stored(request.body(), kmsKey));
    return S3Replies.put();
  }

  private Reply get(String key) {
    Access needed = object("s3:GetObject", key);
    Stored found = objects.get(key);
    if (!may(needed)) {
      return denied(needed);
    }
    if (found == null) {
      // S3 asks for the permission to list the whole bucket before it says that nothing is there.
      Access list = listing("");
      return may(list) ? S3Replies.error(404, "NoSuchKey", "S3-1") : denied(list);
    }
    Access decryption = new Access("kms:Decrypt", found.kmsKey(), "");
    if (!found.kmsKey().isEmpty() && !may(decryption)) {
      return denied(decryption);
    }
    return S3Replies.get(new String(found.content(), StandardCharsets.UTF_8));
  }

  private Reply list(String prefix) {
    Access needed = listing(prefix);
    if (!may(needed)) {
      return denied(needed);
    }
    StringBuilder contents = new StringBuilder();
    objects.forEach(
        (key, stored) -> {
          if (key.startsWith(prefix)) {
            contents.append("<Contents><Key>" + key + "</Key>");
            contents.append("<Size>" + stored.content().length + "</Size></Contents>");
          }
        });
    return S3Replies.list(contents.toString());
  }

  static Reply denied(Access access) {
    return denied(
        "User: arn:aws:sts::111122223333:assumed-role/logs/x is not authorized to perform: "
            + access.action()
            + " on resource: &quot;"
            + access.resource()
            + "&quot; because no identity-based policy allows the "
            + access.action()
            + " action");
  }

  static Reply denied(String message) {
    return Reply.Whole.of(
            403,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>AccessDenied</Code><Message>"
                + message
                + "</Message><RequestId>S3-1</RequestId></Error>")
        .with("Content-Type", "application/xml")
        .with("x-amz-request-id", "S3-1");
  }

  private boolean may(Access access) {
    asked.add(access);
    return allowed.test(access);
  }

  private Access object(String action, String key) {
    return new Access(action, "arn:aws:s3:::" + name + "/" + key, "");
  }

  private Access listing(String prefix) {
    return new Access("s3:ListBucket", "arn:aws:s3:::" + name, prefix);
  }

  private static String parameter(String query, String name) {
    for (String each : query.split("&", -1)) {
      if (each.startsWith(name + "=")) {
        return decoded(each.substring(name.length() + 1));
      }
    }
    return "";
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
