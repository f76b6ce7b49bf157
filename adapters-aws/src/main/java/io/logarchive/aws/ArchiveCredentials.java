package io.logarchive.aws;

import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

/** With what the calls of one archive are signed. */
interface ArchiveCredentials {
  /**
   * What signs the next call.
   *
   * @throws io.logarchive.fault.ServiceException if a role refuses to give any
   */
  AwsCredentialsProvider current();

  /**
   * Gives up what the storage says it does not know.
   *
   * @return whether {@link #current()} gives others from now on
   */
  boolean giveUp(AwsCredentialsProvider unknown);

  /** The same for every call. */
  static ArchiveCredentials always(AwsCredentialsProvider credentials) {
    return new ArchiveCredentials() {
      @Override
      public AwsCredentialsProvider current() {
        return credentials;
      }

      @Override
      public boolean giveUp(AwsCredentialsProvider unknown) {
        return false;
      }
    };
  }
}
