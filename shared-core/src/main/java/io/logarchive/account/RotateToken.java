package io.logarchive.account;

import io.logarchive.audit.AuditEntry;
import io.logarchive.audit.AuditTrail;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes a token that takes the name and the scopes of another, which stays valid for a while: so a
 * client can be given the new one without a moment in which neither works.
 */
public final class RotateToken {

  /**
   * What is asked for.
   *
   * @param overlap how long the old token stays valid, if it does not expire before
   * @param expiresAt of the new token; null for a life as long as the old one's was to be
   */
  public record Request(Duration overlap, @Nullable Instant expiresAt) {}

  /** What comes of it. */
  public sealed interface Outcome {
    /**
     * The token is shown this once.
     *
     * @param old as it is now: with the time of its end
     */
    record Rotated(TokenRecord stored, Token token, TokenRecord old) implements Outcome {}

    record NoSuchAccount() implements Outcome {}

    record NoSuchToken() implements Outcome {}

    /** It was rotated before, to this one. */
    record RotatedBefore(int replacedBy) implements Outcome {}

    record TooMany(int most) implements Outcome {}

    /** The token has these, and whoever asks may not give them. */
    record Lacks(Set<Scope> scopes) implements Outcome {
      public Lacks {
        scopes = Set.copyOf(scopes);
      }
    }
  }

  private final ChangeTokens change;
  private final Ids ids;

  public RotateToken(AccountStore accounts, AuditTrail audit, Ids ids, InstantSource clock) {
    this.change = new ChangeTokens(accounts, audit, clock);
    this.ids = ids;
  }

  public Outcome run(Administrator by, int accountId, int tokenId, Request request) {
    return change
        .run(by, accountId, (tokens, now) -> decide(by, tokens, now, tokenId, request))
        .orElseGet(Outcome.NoSuchAccount::new);
  }

  private ChangeTokens.Decision<Outcome> decide(
      Administrator by, AccountTokens tokens, Instant now, int tokenId, Request request) {
    Optional<TokenRecord> found = tokens.withId(tokenId);
    if (found.isEmpty()) {
      return new ChangeTokens.Decision<>(null, new Outcome.NoSuchToken());
    }
    TokenRecord old = found.get();
    if (old.replacedBy() != null) {
      return new ChangeTokens.Decision<>(null, new Outcome.RotatedBefore(old.replacedBy()));
    }
    Set<Scope> lacked = by.lacked(old.scopes());
    if (!lacked.isEmpty()) {
      return new ChangeTokens.Decision<>(null, new Outcome.Lacks(lacked));
    }
    Token token = ids.token(old.kind());
    TokenRecord made =
        TokenRecord.made(
            ids.id(),
            token.hash(),
            old.accountId(),
            old.name(),
            old.scopes(),
            now,
            request.expiresAt() != null ? request.expiresAt() : sameLife(old, now));
    AccountTokens rotated = tokens.rotated(old, made, now.plus(request.overlap()));
    TokenRecord ending = rotated.withId(tokenId).orElseThrow();
    AccountTokens after = rotated.at(now);
    if (after.tokens().size() > ChangeTokens.MOST) {
      return new ChangeTokens.Decision<>(null, new Outcome.TooMany(ChangeTokens.MOST));
    }
    return new ChangeTokens.Decision<>(
        new ChangeTokens.Change(after, AuditEntry.Action.TOKEN_ROTATE, old, made),
        new Outcome.Rotated(made, token, ending));
  }

  private static @Nullable Instant sameLife(TokenRecord old, Instant now) {
    return old.expiresAt() == null
        ? null
        : now.plus(Duration.between(old.createdAt(), Objects.requireNonNull(old.expiresAt())));
  }
}
