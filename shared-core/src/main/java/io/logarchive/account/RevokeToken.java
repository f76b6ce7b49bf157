package io.logarchive.account;

import java.time.InstantSource;

/**
 * Removes a token. An API token is refused from then on, a shipping token at the latest after the
 * time for which {@link ShippingTokens} keeps what it knows.
 */
public final class RevokeToken {
  private final ChangeTokens change;

  public RevokeToken(AccountStore accounts, InstantSource clock) {
    this.change = new ChangeTokens(accounts, clock);
  }

  /** False if the account has no token with this id. */
  public boolean run(Administrator by, int accountId, int tokenId) {
    return change
        .run(
            by,
            accountId,
            (tokens, now) ->
                tokens.withId(tokenId).isPresent()
                    ? new ChangeTokens.Decision<>(tokens.without(tokenId), true)
                    : new ChangeTokens.Decision<>(null, false))
        .orElse(false);
  }
}
