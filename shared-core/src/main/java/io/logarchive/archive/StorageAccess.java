package io.logarchive.archive;

import io.logarchive.account.Secret;

/**
 * A place and what opens it, with the secret in the clear: made only to open a storage, never kept.
 */
public sealed interface StorageAccess {

  /** A bucket reached with an access key. */
  record S3Keys(S3Location location, String accessKey, Secret secretKey) implements StorageAccess {}
}
