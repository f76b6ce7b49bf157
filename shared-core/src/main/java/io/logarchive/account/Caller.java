package io.logarchive.account;

import io.logarchive.audit.AuditEntry.Actor;
import org.jspecify.annotations.Nullable;

/**
 * The account in whose name a request acts, and what proved it.
 *
 * @param tokenId the account's token that was sent; null if the deployment itself or its
 *     administrator acts for the account
 */
public record Caller(int accountId, @Nullable Integer tokenId) {

  /** The deployment itself, or its administrator, on behalf of an account. */
  public static Caller deploymentFor(int accountId) {
    return new Caller(accountId, null);
  }

  /** As the audit names them; who acts for the account without its token is the administrator. */
  public Actor actor() {
    return tokenId == null ? new Actor.Admin() : new Actor.Token(accountId, tokenId);
  }
}
