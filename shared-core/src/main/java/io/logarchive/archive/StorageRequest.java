package io.logarchive.archive;

import io.logarchive.account.Secret;
import org.jspecify.annotations.Nullable;

/** A storage as a request names it, with its secret in the clear; without one, the stored one. */
public sealed interface StorageRequest {

  StorageLocation location();

  /** As it was sent, to be given back the same; null for none, which a bucket always has. */
  @Nullable String path();

  /** What opens a bucket. */
  sealed interface S3Login {
    record Keys(String accessKey, @Nullable Secret secretKey) implements S3Login {}

    /**
     * A role of the customer's.
     *
     * @param externalId as it was sent, which can only be the account's own
     */
    record Role(String arn, @Nullable String externalId) implements S3Login {}
  }

  /** A bucket. */
  record S3(
      String path,
      S3Location location,
      S3Login login,
      @Nullable String storageClass,
      @Nullable String kmsKeyId)
      implements StorageRequest {}

  /** A container in Azure. */
  record Blob(
      @Nullable String path,
      BlobLocation location,
      String tenantId,
      String clientId,
      @Nullable Secret clientSecret)
      implements StorageRequest {}
}
