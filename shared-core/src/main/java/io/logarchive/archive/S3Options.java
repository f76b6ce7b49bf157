package io.logarchive.archive;

import org.jspecify.annotations.Nullable;

/**
 * How objects are written into a bucket.
 *
 * @param owner the AWS account that the bucket belongs to, which every call then asks for; null
 *     while it is not known
 * @param storageClass of new objects, such as {@code STANDARD_IA}; null for the bucket's own
 * @param kmsKeyId the key in KMS that encrypts new objects; null for what the bucket does by itself
 */
public record S3Options(
    @Nullable String owner, @Nullable String storageClass, @Nullable String kmsKeyId) {
  public static final S3Options NONE = new S3Options(null, null, null);

  public S3Options ownedBy(@Nullable String account) {
    return new S3Options(account, storageClass, kmsKeyId);
  }
}
