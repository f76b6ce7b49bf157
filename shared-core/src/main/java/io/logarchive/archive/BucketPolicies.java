package io.logarchive.archive;

import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** IAM's policies for an archive in a bucket: what it needs, and nothing else. */
public final class BucketPolicies {
  /** What AWS takes for the policy of a session. */
  private static final int LONGEST_SESSION_POLICY = 2_048;

  /** The last character that AWS takes in a policy. */
  private static final int LAST_CHARACTER = 0xFF;

  private final String partition;
  private final S3Location location;

  /**
   * @param partition which of AWS's separate clouds, such as {@code aws}
   */
  public BucketPolicies(String partition, S3Location location) {
    this.partition = partition;
    this.location = location;
  }

  /** Lets the deployment assume a role, with this external id only. */
  static JsonObject trust(String principalArn, String externalId) {
    return policy(
        JsonObject.builder()
            .put("Effect", "Allow")
            .put("Principal", JsonObject.builder().put("AWS", principalArn).build())
            .put("Action", "sts:AssumeRole")
            .put("Condition", condition("StringEquals", "sts:ExternalId", externalId))
            .build());
  }

  /**
   * What the role, or the owner of the access key, must be allowed.
   *
   * @param kmsKeyArn the key that encrypts the bucket's objects; null if S3's own does
   */
  public JsonObject permissions(@Nullable String kmsKeyArn) {
    return policy(
        objects("s3:PutObject", "s3:GetObject"),
        list(),
        kmsKeyArn == null ? null : key(kmsKeyArn, "kms:GenerateDataKey", "kms:Decrypt"));
  }

  /**
   * What a session with the role is narrowed to. It allows nothing that the role's own policies do
   * not: so the key, of which S3 alone knows which it is, need not be named.
   */
  public String session() {
    String narrow = Json.text(session(this));
    return narrow.length() <= LONGEST_SESSION_POLICY
        ? narrow
        : Json.text(session(new BucketPolicies(partition, new S3Location(location.bucket(), ""))));
  }

  /** Allows these actions on the archive's objects. */
  JsonObject objects(String... actions) {
    return statement(bucketArn() + "/" + folder() + "*", actions).build();
  }

  /** Allows to list the archive. */
  JsonObject list() {
    JsonObject.Builder statement = statement(bucketArn(), "s3:ListBucket");
    if (!location.prefix().isEmpty()) {
      statement.put("Condition", condition("StringLike", "s3:prefix", folder() + "*"));
    }
    return statement.build();
  }

  /** Allows these actions with a key, whose ARN or id it is. */
  JsonObject key(String kmsKey, String... actions) {
    return statement(
            kmsKey.startsWith("arn:") ? kmsKey : "arn:" + partition + ":kms:*:*:key/" + kmsKey,
            actions)
        .build();
  }

  private static JsonObject session(BucketPolicies policies) {
    return policy(
        policies.objects("s3:PutObject", "s3:GetObject"),
        policies.list(),
        statement("*", "kms:GenerateDataKey", "kms:Decrypt")
            .put("Condition", condition("StringLike", "kms:ViaService", "s3.*"))
            .build());
  }

  private String bucketArn() {
    return "arn:" + partition + ":s3:::" + location.bucket();
  }

  /** As policies match it: a star for what AWS takes in no policy, no wildcards by accident. */
  private String folder() {
    if (location.prefix().isEmpty()) {
      return "";
    }
    StringBuilder pattern = new StringBuilder();
    location
        .prefix()
        .codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '*', '?', '$' -> pattern.append("${").append((char) c).append('}');
                default -> pattern.append(c > LAST_CHARACTER ? "*" : Character.toString(c));
              }
            });
    return pattern.append('/').toString();
  }

  private static JsonObject.Builder statement(String resource, String... actions) {
    return JsonObject.builder()
        .put("Effect", "Allow")
        .put(
            "Action",
            actions.length == 1
                ? new JsonValue.Text(actions[0])
                : new JsonValue.Array(
                    Stream.of(actions).<JsonValue>map(JsonValue.Text::new).toList()))
        .put("Resource", resource);
  }

  private static JsonObject condition(String operator, String key, String value) {
    return JsonObject.builder().put(operator, JsonObject.builder().put(key, value).build()).build();
  }

  private static JsonObject policy(@Nullable JsonObject... statements) {
    List<JsonObject> given = Stream.of(statements).filter(Objects::nonNull).toList();
    return JsonObject.builder().put("Version", "2012-10-17").put("Statement", given).build();
  }
}
