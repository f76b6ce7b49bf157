package io.logarchive.archive;

/**
 * A bucket as an account's archive, reached with an access key.
 *
 * @param path as it was sent, to be given back the same
 */
public record S3Settings(
    String path, S3Location location, String accessKey, SealedSecret secretKey) {}
