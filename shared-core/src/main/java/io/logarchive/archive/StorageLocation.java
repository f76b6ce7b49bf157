package io.logarchive.archive;

/** A place in which an archive lies: a bucket or container, and a prefix in it. */
public sealed interface StorageLocation permits S3Location, BlobLocation {

  /** The key of the claim on the bucket or container, such as {@code s3:aws:my-bucket}. */
  String claimKey();

  /** What a person calls the bucket or container. */
  String container();

  /** Without slashes around it; empty for the bucket or container itself. */
  String prefix();

  /** The whole place; the same for the same place, however it was written. */
  String uri();
}
