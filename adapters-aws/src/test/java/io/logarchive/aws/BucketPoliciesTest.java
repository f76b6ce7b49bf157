package io.logarchive.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logarchive.archive.ArchiveStorage;
import io.logarchive.archive.ArchiveStorageProvider.Patience;
import io.logarchive.archive.AwsIdentity;
import io.logarchive.archive.BucketPolicies;
import io.logarchive.archive.Content;
import io.logarchive.archive.S3Location;
import io.logarchive.archive.S3Options;
import io.logarchive.archive.StorageAccess;
import io.logarchive.archive.StorageAccess.S3Login;
import io.logarchive.fault.ServiceException;
import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import io.logarchive.testkit.StubServer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The policies that customers paste, and the session's, judge what the adapter really asks. */
class BucketPoliciesTest {
  private static final String BUCKET = "logs.example.com";
  private static final String ROLE = "arn:aws:iam::111122223333:role/logs";
  private static final String KEY = "arn:aws:kms:eu-central-1:111122223333:key/0123abcd";
  private static final Content LOGS =
      Content.of("{}\n".getBytes(StandardCharsets.UTF_8), Content.LOGS);

  private static final Pattern WILDCARD = Pattern.compile("\\$\\{([*?$])}|.");

  private final StubSts sts = new StubSts();
  private JsonObject permissions = JsonObject.EMPTY;
  private final StubBucket bucket = new StubBucket(BUCKET, this::allowed);
  private final StubServer server =
      new StubServer(
          request -> StubSts.isAsked(request) ? sts.answer(request) : bucket.answer(request));

  @AfterEach
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "a/b", "50% of $a?*", "f\u00fcr/\u20ac"})
  void theyAllowAllThatAnArchiveDoes(String prefix) {
    permissions = new BucketPolicies("aws", new S3Location(BUCKET, prefix)).permissions(null);
    useAll(open(prefix, null));

    assertThat(bucket.asked())
        .extracting(StubBucket.Access::action)
        .containsOnly("s3:PutObject", "s3:GetObject", "s3:ListBucket");
  }

  @Test
  void theyAllowTheKeyThatWasNamedAndNoOther() {
    S3Location location = new S3Location(BUCKET, "a");
    permissions = new BucketPolicies("aws", location).permissions(KEY);
    useAll(open("a", KEY));

    assertThat(bucket.asked())
        .extracting(StubBucket.Access::action)
        .contains("kms:GenerateDataKey", "kms:Decrypt");
    assertDenied(() -> open("a", KEY + "ef").put("key", LOGS));
    permissions = new BucketPolicies("aws", location).permissions(null);
    assertDenied(() -> open("a", KEY).put("key", LOGS));
    assertDenied(() -> open("a", KEY).get("proof", 0, 10));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "ab", "b/a"})
  void theyAllowNothingBesideThePrefix(String elsewhere) {
    permissions = new BucketPolicies("aws", new S3Location(BUCKET, "a")).permissions(null);
    bucket.put(elsewhere.isEmpty() ? "key" : elsewhere + "/key", "{}");

    assertDenied(() -> open(elsewhere, null).put("key", LOGS));
    assertDenied(() -> open(elsewhere, null).get("key", 0, 10));
    assertDenied(() -> open(elsewhere, null).list("", null));
  }

  @Test
  void theyAllowNothingInAnotherBucket() {
    permissions =
        new BucketPolicies("aws", new S3Location("logs-example.com", "")).permissions(null);

    assertDenied(() -> open("", null).put("key", LOGS));
    assertDenied(() -> open("", null).list("", null));
  }

  private static void useAll(ArchiveStorage storage) {
    storage.put("proof", LOGS);
    storage.putIfAbsent("key", LOGS);
    storage.putIfAbsent("key", LOGS);
    assertThat(storage.get("key", 0, 10)).hasSize(3);
    assertThat(storage.head("key")).isPresent();
    assertThat(storage.head("missing")).isEmpty();
    assertThat(storage.list("", null).objects()).hasSize(2);
    assertThat(storage.list("dt=", null).objects()).isEmpty();
  }

  private static void assertDenied(Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOf(ServiceException.Denied.class)
        .hasMessageContaining("AccessDenied");
  }

  private ArchiveStorage open(String prefix, @Nullable String kmsKey) {
    sts.role(ROLE, "external");
    return new S3ArchiveStorageProvider(
            Clients.at(server.endpoint()), AwsIdentity.ofRole(StubSts.ACCESS_ROLE), "deployment")
        .open(
            new StorageAccess.S3(
                new S3Location(BUCKET, prefix),
                new S3Login.Role(ROLE, "external", 7),
                new S3Options(null, null, kmsKey)),
            Patience.BRIEF);
  }

  /** As AWS decides: by the role's policy and by the session's. */
  private boolean allowed(StubBucket.Access access) {
    String session = sts.assumptions().getLast().getOrDefault("Policy", "");
    return allows(permissions, access)
        && allows(Json.object(session.getBytes(StandardCharsets.UTF_8)), access);
  }

  private static boolean allows(JsonObject policy, StubBucket.Access access) {
    return values(policy, "Statement").stream()
        .map(JsonObject.class::cast)
        .anyMatch(
            statement ->
                values(statement, "Action").contains(new JsonValue.Text(access.action()))
                    && values(statement, "Resource").stream()
                        .anyMatch(resource -> like(resource, access.resource()))
                    && values(statement, "Condition").stream()
                        .allMatch(condition -> holds((JsonObject) condition, access)));
  }

  private static boolean holds(JsonObject condition, StubBucket.Access access) {
    assertThat(condition.members()).containsOnlyKeys("StringLike");
    JsonObject like = (JsonObject) condition.members().get("StringLike");
    return like != null
        && like.members().entrySet().stream()
            .allMatch(
                each ->
                    switch (each.getKey()) {
                      case "s3:prefix" -> like(each.getValue(), access.prefix());
                      case "kms:ViaService" ->
                          like(each.getValue(), "s3.eu-central-1.amazonaws.com");
                      default -> throw new AssertionError("Not known: " + each.getKey());
                    });
  }

  /** As IAM reads a pattern: wildcards, but for those in braces. */
  private static boolean like(JsonValue pattern, String text) {
    String regex =
        WILDCARD
            .matcher(((JsonValue.Text) pattern).value())
            .replaceAll(
                found ->
                    switch (found.group()) {
                      case "*" -> ".*";
                      case "?" -> ".";
                      default ->
                          Matcher.quoteReplacement(
                              Pattern.quote(
                                  found.group(1) == null ? found.group() : found.group(1)));
                    });
    return Pattern.matches(regex, text);
  }

  /** One value stands for a list of one, as everywhere in policies. */
  private static List<JsonValue> values(JsonObject object, String name) {
    return object
        .member(name)
        .map(value -> value instanceof JsonValue.Array array ? array.values() : List.of(value))
        .orElse(List.of());
  }
}
