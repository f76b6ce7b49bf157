package io.logarchive.archive;

import java.util.Optional;

/**
 * What a connection test asks about a bucket beyond what an archive does. Each is one try of at
 * most 4 seconds, and failures are {@link io.logarchive.fault.ServiceException}s.
 */
public interface BucketInquiry {

  /**
   * Assumes the login's role and keeps nothing of it; does nothing for an access key.
   *
   * @throws io.logarchive.fault.ServiceException.Denied if the role does not let the deployment in
   *     with this external id
   */
  void assumeRole();

  /** The AWS account that the login belongs to; empty if that cannot be found out. */
  Optional<String> callerAccount();

  /** Where the bucket is, such as {@code eu-central-1}; empty if the storage does not tell. */
  Optional<String> region();

  /** Whether the bucket can be listed by those only who agree to pay for it. */
  boolean requesterPays();
}
