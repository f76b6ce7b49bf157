package io.logarchive.archive;

import io.logarchive.archive.StorageAccess.S3Login;
import io.logarchive.fault.ServiceException;
import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** What to do about a refusal of a bucket, with the statement of a policy to copy. */
final class Remedies {
  static final String FOREIGN =
      "Choose another bucket or prefix, or send takeOver: true if the archive there is yours and no"
          + " longer in use: the file "
          + OwnershipProof.KEY
          + " is then kept beside the new one";

  private final StorageAccess.S3 access;
  private final @Nullable AwsIdentity identity;
  private final BucketPolicies policies;

  Remedies(StorageAccess.S3 access, @Nullable AwsIdentity identity) {
    this.access = access;
    this.identity = identity;
    String partition =
        access.login() instanceof S3Login.Role role
            ? AwsIdentity.ofRole(role.arn()).partition()
            : identity == null ? "aws" : identity.partition();
    this.policies = new BucketPolicies(partition, access.location());
  }

  String of(String check, ServiceException failure) {
    return switch (failure.code()) {
      case "NoSuchBucket" -> "Create the bucket, or correct its name in path";
      case "InvalidAccessKeyId" -> "Correct accessKey: the storage does not know it";
      case "SignatureDoesNotMatch" -> "Correct secretKey: it does not belong to accessKey";
      case "ExpiredToken", "InvalidToken" -> "Use an access key that does not expire, or a role";
      case "ContentDiffers" -> "Make sure that nothing rewrites objects in this bucket";
      case "AuthorizationHeaderMalformed",
          "PermanentRedirect",
          "Http301",
          "TemporaryRedirect",
          "IllegalLocationConstraintException" ->
          "The bucket is in a region that this deployment cannot reach: use one in an AWS region"
              + " that is open to it";
      case "RequestTimeTooSkewed" ->
          "The deployment's clock differs from the storage's: tell its operator";
      case "InvalidObjectState" -> archived(check);
      case "RolesNotAvailable" -> "Use access keys: this deployment can assume no role";
      default -> ofKind(check, failure);
    };
  }

  private String ofKind(String check, ServiceException failure) {
    String code = failure.code();
    if (code.startsWith("KMS.")) {
      return "The bucket's key in KMS is disabled, deleted or of another region: mend it, or name"
          + " another";
    }
    if (code.contains("(kms:")) {
      return "Allow the key that encrypts the bucket: "
          + Json.text(
              policies.key(
                  access.options().kmsKeyId() == null ? "KEY-ID" : access.options().kmsKeyId(),
                  "kms:GenerateDataKey",
                  "kms:Decrypt"))
          + " in the policy of "
          + principal()
          + ", and in the key's own policy if the key is another AWS account's";
    }
    if (!(failure instanceof ServiceException.Denied)) {
      return "The storage could not be reached or was busy: try again";
    }
    return code.contains("(explicit deny)")
        ? "A policy of the bucket, the role or the organisation denies it: remove that statement, or"
            + " make an exception for "
            + principal()
        : permission(check);
  }

  /** An object that is copied over itself is in the class that the copy names. */
  private String archived(String check) {
    String key = check.equals(StorageTest.OWNERSHIP) ? OwnershipProof.KEY : StorageTest.PROBE_KEY;
    String prefix = access.location().prefix().isEmpty() ? "" : access.location().prefix() + "/";
    String bucket = access.location().bucket();
    return "The file "
        + key
        + " was moved to an archive class: limit the lifecycle rule that did it to the prefix "
        + prefix
        + "dt=, then bring it back, which takes hours: aws s3api restore-object --bucket "
        + bucket
        + " --key "
        + prefix
        + key
        + " --restore-request Days=1; and when that is done: aws s3 cp --force-glacier-transfer"
        + " --storage-class STANDARD s3://"
        + bucket
        + "/"
        + prefix
        + key
        + " s3://"
        + bucket
        + "/"
        + prefix
        + key;
  }

  /** The permission by its name, and the statement that gives it. */
  String permission(String check) {
    return switch (check) {
      case "AssumeRole", "ExternalIdRequired" -> trust();
      case "ListBucket" -> allow("s3:ListBucket", policies.list());
      case "GetObject" -> allow("s3:GetObject", policies.objects("s3:GetObject"));
      case "PutObject" -> allow("s3:PutObject", policies.objects("s3:PutObject"));
      default ->
          allow("s3:PutObject and s3:GetObject", policies.objects("s3:PutObject", "s3:GetObject"));
    };
  }

  static String requesterPays() {
    return "Turn off Requester Pays on this bucket: it refuses whoever does not agree to pay";
  }

  static String anotherOwner(String owner) {
    return "Make sure that the bucket is yours: it does not belong to the AWS account " + owner;
  }

  private String allow(String permission, JsonObject statement) {
    return "Allow " + permission + " in the policy of " + principal() + ": " + Json.text(statement);
  }

  private String principal() {
    return access.login() instanceof S3Login.Role ? "the role" : "the access key's user";
  }

  private String trust() {
    if (identity == null || !(access.login() instanceof S3Login.Role role)) {
      return "Use access keys: this deployment can assume no role";
    }
    return "Make sure that the role exists, and make this its trust policy: "
        + Json.text(BucketPolicies.trust(identity.principalArn(), role.externalId()));
  }
}
