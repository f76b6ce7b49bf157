package io.logarchive.account;

import io.logarchive.audit.AuditEntry;
import io.logarchive.audit.AuditTrail;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Makes an account with one API token and one shipping token. */
public final class CreateAccount {
  private static final Set<Scope> API_SCOPES =
      Set.copyOf(EnumSet.of(Scope.SETTINGS, Scope.RESTORE, Scope.SEARCH));

  /** A new account; its tokens are shown this once and stored only as hashes. */
  public record Created(Account account, Token apiToken, Token shippingToken) {}

  private final AccountStore accounts;
  private final AuditTrail audit;
  private final Ids ids;
  private final InstantSource clock;

  public CreateAccount(AccountStore accounts, AuditTrail audit, Ids ids, InstantSource clock) {
    this.accounts = accounts;
    this.audit = audit;
    this.ids = ids;
    this.clock = clock;
  }

  public Created run(String name, BigDecimal maxDailyGb) {
    Token api = ids.token(Token.Kind.API);
    Token shipping = ids.token(Token.Kind.SHIPPING);
    Uid uid = ids.uid();
    while (true) {
      Instant now = clock.instant();
      Account account = new Account(ids.id(), uid, name, maxDailyGb, now, 1);
      List<TokenRecord> tokens =
          List.of(
              TokenRecord.made(ids.id(), api.hash(), account.id(), "api", API_SCOPES, now, null),
              TokenRecord.made(
                  ids.id(),
                  shipping.hash(),
                  account.id(),
                  "shipping",
                  Set.of(Scope.INGEST),
                  now,
                  null));
      AuditEntry entry =
          audit.entry(
              new AuditEntry.Actor.Admin(),
              account.id(),
              AuditEntry.Action.ACCOUNT_CREATE,
              account.id(),
              null,
              AccountJson.of(account));
      if (accounts.create(account, tokens, entry)) {
        return new Created(account, api, shipping);
      }
    }
  }
}
