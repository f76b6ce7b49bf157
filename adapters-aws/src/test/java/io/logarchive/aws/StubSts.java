package io.logarchive.aws;

import io.logarchive.testkit.StubServer.Reply;
import io.logarchive.testkit.StubServer.Request;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** STS as its documentation has it: roles that trust one caller, each with its external id. */
final class StubSts {
  static final String ACCESS_ROLE = "arn:aws:iam::999999999999:role/logs-archive-access";

  /** The access keys of sessions begin with what they were made of. */
  private static final String OWN_SESSION = "ASIAOWN";

  private final Map<String, String> externalIds = new ConcurrentHashMap<>();
  private final List<Map<String, String>> assumptions = new CopyOnWriteArrayList<>();
  private volatile Duration lifetime = Duration.ofHours(1);
  private volatile boolean ownRoleRefused;

  /** A customer's role; an empty external id for one that asks for none. */
  void role(String arn, String externalId) {
    externalIds.put(arn, externalId);
  }

  /** How long sessions last that are given from now on. */
  void sessionsLast(Duration time) {
    lifetime = time;
  }

  void refuseOwnRole() {
    ownRoleRefused = true;
  }

  /** What customers' roles were asked, as it came. */
  List<Map<String, String>> assumptions() {
    return assumptions.stream().filter(each -> !ACCESS_ROLE.equals(each.get("RoleArn"))).toList();
  }

  /** What the deployment's own role was asked. */
  List<Map<String, String>> ownAssumptions() {
    return assumptions.stream().filter(each -> ACCESS_ROLE.equals(each.get("RoleArn"))).toList();
  }

  static boolean isAsked(Request request) {
    return request.method().equals("POST") && request.target().equals("/");
  }

  Reply.Whole answer(Request request) {
    String signed = request.headers().getOrDefault("authorization", "");
    if (!signed.contains("/sts/aws4_request")) {
      return error(403, "MissingAuthenticationToken");
    }
    Map<String, String> form = form(request.text());
    if ("GetCallerIdentity".equals(form.get("Action"))) {
      return ok(
          "GetCallerIdentity",
          "<Arn>arn:aws:iam::111122223333:user/archive</Arn><UserId>AIDA</UserId>"
              + "<Account>111122223333</Account>");
    }
    assumptions.add(form);
    String arn = form.getOrDefault("RoleArn", "");
    if (arn.equals(ACCESS_ROLE)) {
      return ownRoleRefused ? error(403, "AccessDenied") : session(OWN_SESSION);
    }
    String expected = externalIds.get(arn);
    boolean trusted =
        signed.contains("Credential=" + OWN_SESSION)
            && expected != null
            && (expected.isEmpty() || expected.equals(form.get("ExternalId")));
    return trusted ? session("ASIACUSTOMER" + assumptions.size()) : error(403, "AccessDenied");
  }

  private Reply.Whole session(String accessKey) {
    return ok(
        "AssumeRole",
        "<Credentials><AccessKeyId>"
            + accessKey
            + "</AccessKeyId><SecretAccessKey>planted-session-secret</SecretAccessKey>"
            + "<SessionToken>planted-session-token</SessionToken><Expiration>"
            + Instant.now().plus(lifetime)
            + "</Expiration></Credentials>");
  }

  private static Reply.Whole ok(String operation, String result) {
    return Reply.Whole.of(
            200,
            "<"
                + operation
                + "Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><"
                + operation
                + "Result>"
                + result
                + "</"
                + operation
                + "Result><ResponseMetadata><RequestId>OK</RequestId></ResponseMetadata></"
                + operation
                + "Response>")
        .with("Content-Type", "text/xml");
  }

  private static Reply.Whole error(int status, String code) {
    return Reply.Whole.of(
            status,
            "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error>"
                + "<Type>Sender</Type><Code>"
                + code
                + "</Code><Message>User: arn:aws:sts::999999999999:assumed-role/x is not"
                + " authorized to perform: sts:AssumeRole</Message></Error>"
                + "<RequestId>STS-1</RequestId></ErrorResponse>")
        .with("Content-Type", "text/xml");
  }

  private static Map<String, String> form(String body) {
    Map<String, String> form = new HashMap<>();
    for (String field : body.split("&", -1)) {
      String[] parts = field.split("=", 2);
      form.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
    }
    return form;
  }
}
