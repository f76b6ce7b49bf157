package io.logarchive.archive;

import io.logarchive.account.Account;
import io.logarchive.account.AccountStore;
import io.logarchive.account.Authentication;
import io.logarchive.account.Caller;
import io.logarchive.http.ApiRequest;
import io.logarchive.http.ApiResponse;
import io.logarchive.http.Refusal;
import io.logarchive.json.InvalidFieldException;
import io.logarchive.json.JsonObject;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /v2/archive/settings/aws-trust}: what a customer needs to make a role that lets the
 * deployment into a bucket, ready to paste.
 */
public final class AwsTrust {
  private static final Pattern KEY =
      Pattern.compile("arn:aws[-a-z]*:kms:[a-z0-9-]{1,32}:\\d{12}:key/[A-Za-z0-9-]{1,64}");

  private final AccountStore accounts;
  private final ExternalIds externalIds;
  private final @Nullable AwsIdentity identity;

  /**
   * @param identity null for a deployment that can assume no role
   */
  public AwsTrust(AccountStore accounts, ExternalIds externalIds, @Nullable AwsIdentity identity) {
    this.accounts = accounts;
    this.externalIds = externalIds;
    this.identity = identity;
  }

  ApiResponse answer(Caller caller, ApiRequest request) {
    S3Location location = location(request);
    String kmsKeyArn = request.parameter("kmsKeyArn").orElse(null);
    if (kmsKeyArn != null && !KEY.matcher(kmsKeyArn).matches()) {
      throw new InvalidFieldException(
          "kmsKeyArn", "must be the ARN of a key, as in arn:aws:kms:REGION:ACCOUNT:key/ID");
    }
    AwsIdentity aws = identity;
    if (aws == null) {
      throw noRoles();
    }
    Account account = accounts.find(caller.accountId()).orElseThrow(Authentication::invalidToken);
    String externalId = externalIds.of(account.uid());
    return ApiResponse.json(
        200,
        JsonObject.builder()
            .put("accountId", aws.accountId())
            .put("principalArn", aws.principalArn())
            .put("externalId", externalId)
            .put("trustPolicy", BucketPolicies.trust(aws.principalArn(), externalId))
            .put(
                "permissionsPolicy",
                new BucketPolicies(aws.partition(), location).permissions(kmsKeyArn))
            .build());
  }

  /** The answer to whoever wants to use a role where the deployment can assume none. */
  static Refusal noRoles() {
    return new Refusal(
        422,
        "NO_AWS_IDENTITY",
        "This deployment has no identity on AWS and can assume no role: use access keys"
            + " (credentialsType KEYS)");
  }

  private static S3Location location(ApiRequest request) {
    String bucket =
        request
            .parameter("bucket")
            .orElseThrow(() -> new InvalidFieldException("bucket", "is required"));
    S3Location whole = location("bucket", bucket, "");
    String prefix = request.parameter("prefix").orElse("");
    return prefix.isEmpty()
        ? whole
        : location(
            "prefix",
            bucket,
            prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix);
  }

  private static S3Location location(String field, String bucket, String prefix) {
    try {
      return new S3Location(bucket, prefix);
    } catch (IllegalArgumentException e) {
      throw new InvalidFieldException(field, String.valueOf(e.getMessage()));
    }
  }
}
