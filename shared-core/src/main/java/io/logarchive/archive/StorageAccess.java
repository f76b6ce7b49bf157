package io.logarchive.archive;

import io.logarchive.account.Secret;

/**
 * A place and what opens it, with the secret in the clear: made only to open a storage, never kept.
 */
public sealed interface StorageAccess {

  StorageLocation location();

  /** What opens a bucket. */
  sealed interface S3Login {

    /** An access key. */
    record Keys(String accessKey, Secret secretKey) implements S3Login {}

    /**
     * A role that the deployment assumes.
     *
     * @param externalId asked for by the role's trust policy
     * @param accountId in whose name it is assumed, for the customer's own trail
     */
    record Role(String arn, String externalId, int accountId) implements S3Login {}
  }

  /** A bucket. */
  record S3(S3Location location, S3Login login, S3Options options) implements StorageAccess {

    /** A bucket reached with an access key. */
    public static S3 keys(S3Location location, String accessKey, Secret secretKey) {
      return new S3(location, new S3Login.Keys(accessKey, secretKey), S3Options.NONE);
    }
  }

  /** A container in Azure, reached as an app registration. */
  record Blob(BlobLocation location, String tenantId, String clientId, Secret clientSecret)
      implements StorageAccess {}
}
