package io.logarchive.account;

import io.logarchive.audit.AuditEntry;
import io.logarchive.audit.AuditTrail;
import java.time.InstantSource;

/**
 * Removes a token. An API token is refused from then on, a shipping token at the latest after the
 * time for which {@link ShippingTokens} keeps what it knows.
 */
public final class RevokeToken {
  private final ChangeTokens change;

  public RevokeToken(AccountStore accounts, AuditTrail audit, InstantSource clock) {
    this.change = new ChangeTokens(accounts, audit, clock);
  }

  /** False if the account has no token with this id. */
  public boolean run(Administrator by, int accountId, int tokenId) {
    return change
        .run(
            by,
            accountId,
            (tokens, now) ->
                tokens
                    .withId(tokenId)
                    .map(
                        token ->
                            new ChangeTokens.Decision<>(
                                new ChangeTokens.Change(
                                    tokens.without(tokenId),
                                    AuditEntry.Action.TOKEN_REVOKE,
                                    token,
                                    null),
                                true))
                    .orElseGet(() -> new ChangeTokens.Decision<>(null, false)))
        .orElse(false);
  }
}
