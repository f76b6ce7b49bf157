package io.logarchive.account;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Looks up shipping tokens. Answers, refusals too, may be 60 seconds old: a shipper sends many
 * requests a second, and its token changes once a year. At most 10,000 are kept.
 */
public final class ShippingTokens {
  private static final Duration KEPT = Duration.ofSeconds(60);
  private static final int MOST = 10_000;

  private record Answer(Optional<TokenRecord> token, Instant until) {}

  private final AccountStore accounts;
  private final InstantSource clock;
  private final Map<String, Answer> answers =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Answer> eldest) {
          return size() > MOST;
        }
      };

  public ShippingTokens(AccountStore accounts, InstantSource clock) {
    this.accounts = accounts;
    this.clock = clock;
  }

  /**
   * The account that this token may send logs to, if it is a valid shipping token. An API token is
   * none: it has no place in an address.
   */
  public Optional<Caller> caller(Token token) {
    Instant now = clock.instant();
    return find(token.hash(), now)
        .filter(found -> found.validAt(now) && found.kind() == Token.Kind.SHIPPING)
        .map(found -> new Caller(found.accountId(), found.id()));
  }

  private Optional<TokenRecord> find(String hash, Instant now) {
    synchronized (answers) {
      Answer answer = answers.get(hash);
      if (answer != null && now.isBefore(answer.until())) {
        return answer.token();
      }
    }
    Optional<TokenRecord> token = accounts.findToken(hash);
    synchronized (answers) {
      answers.put(hash, new Answer(token, now.plus(KEPT)));
    }
    return token;
  }
}
