package io.logarchive.archive;

import io.logarchive.account.Secret;
import io.logarchive.account.Uid;

/**
 * Seals customers' secrets before they are stored. Failures are {@link
 * io.logarchive.fault.ServiceException}s.
 */
public interface SecretSealer {

  /** What a secret is bound to: sealed for one context it does not open for another. */
  record SealContext(Uid accountUid, int settingsId) {}

  SealedSecret seal(SealContext context, Secret secret);

  /**
   * The secret in the clear.
   *
   * @throws io.logarchive.fault.ServiceException.Denied if it was sealed by another key, for
   *     another context, or was changed since
   */
  Secret open(SealContext context, SealedSecret sealed);
}
