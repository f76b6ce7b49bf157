package io.logarchive.account;

import io.logarchive.audit.AuditEntry;
import io.logarchive.audit.AuditTrail;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes a token of an account. At most 50 an account; names are unique in it. */
public final class MakeToken {
  public static final int MOST = ChangeTokens.MOST;

  /**
   * What is asked for.
   *
   * @param scopes only {@code ingest} makes a shipping token, all else an API token
   * @param expiresAt null for never
   */
  public record Request(String name, Set<Scope> scopes, @Nullable Instant expiresAt) {
    public Request {
      scopes = Set.copyOf(scopes);
    }
  }

  /** What comes of it. */
  public sealed interface Outcome {
    /** The token is shown this once. */
    record Made(TokenRecord stored, Token token) implements Outcome {}

    record NoSuchAccount() implements Outcome {}

    record NameInUse(String name) implements Outcome {}

    record TooMany(int most) implements Outcome {}

    /** Whoever asks may not give these. */
    record Lacks(Set<Scope> scopes) implements Outcome {
      public Lacks {
        scopes = Set.copyOf(scopes);
      }
    }
  }

  private final ChangeTokens change;
  private final Ids ids;

  public MakeToken(AccountStore accounts, AuditTrail audit, Ids ids, InstantSource clock) {
    this.change = new ChangeTokens(accounts, audit, clock);
    this.ids = ids;
  }

  public Outcome run(Administrator by, int accountId, Request request) {
    Set<Scope> lacked = by.lacked(request.scopes());
    if (!lacked.isEmpty()) {
      return new Outcome.Lacks(lacked);
    }
    Token token = ids.token(TokenRecord.kind(request.scopes()));
    return change
        .run(by, accountId, (tokens, now) -> decide(tokens, now, request, token))
        .orElseGet(Outcome.NoSuchAccount::new);
  }

  private ChangeTokens.Decision<Outcome> decide(
      AccountTokens tokens, Instant now, Request request, Token token) {
    if (tokens.named(request.name()).isPresent()) {
      return new ChangeTokens.Decision<>(null, new Outcome.NameInUse(request.name()));
    }
    if (tokens.tokens().size() >= MOST) {
      return new ChangeTokens.Decision<>(null, new Outcome.TooMany(MOST));
    }
    TokenRecord made =
        TokenRecord.made(
            ids.id(),
            token.hash(),
            tokens.accountId(),
            request.name(),
            request.scopes(),
            now,
            request.expiresAt());
    return new ChangeTokens.Decision<>(
        new ChangeTokens.Change(tokens.with(made), AuditEntry.Action.TOKEN_CREATE, null, made),
        new Outcome.Made(made, token));
  }
}
