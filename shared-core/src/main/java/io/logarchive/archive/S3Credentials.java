package io.logarchive.archive;

/** What opens an account's bucket. */
public sealed interface S3Credentials {

  /** An access key of the customer's. */
  record Keys(String accessKey, SealedSecret secretKey) implements S3Credentials {}

  /**
   * A role of the customer's, which trusts the deployment.
   *
   * @param externalId the account's own, without which the role may not be assumed
   */
  record Role(String arn, String externalId) implements S3Credentials {}
}
