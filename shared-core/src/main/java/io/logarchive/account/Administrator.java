package io.logarchive.account;

import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;

/** Who administers accounts: the deployment's administrator all, a token its own account. */
public sealed interface Administrator {

  /** Whoever holds the deployment's admin token. */
  record OfDeployment() implements Administrator {}

  /** Whoever holds a token of this account that may administer it. */
  record OfAccount(TokenRecord token) implements Administrator {}

  /** Whether this account is one of theirs; all others do not exist for them. */
  default boolean reaches(int accountId) {
    return switch (this) {
      case OfDeployment deployment -> true;
      case OfAccount own -> own.token().accountId() == accountId;
    };
  }

  /** Acts on an account that they reach. */
  default Caller on(int accountId) {
    return switch (this) {
      case OfDeployment deployment -> Caller.deploymentFor(accountId);
      case OfAccount own -> new Caller(accountId, own.token().id());
    };
  }

  /** Those of these scopes that they cannot give to a token, because they lack them. */
  default Set<Scope> lacked(Set<Scope> scopes) {
    return switch (this) {
      case OfDeployment deployment -> Set.of();
      case OfAccount own -> {
        Set<Scope> lacked = EnumSet.noneOf(Scope.class);
        lacked.addAll(scopes);
        lacked.removeAll(own.token().scopes());
        yield lacked;
      }
    };
  }

  /** Whether they still are one, as an account's tokens say it. */
  default boolean remainsOne(AccountTokens tokens, Instant now) {
    return switch (this) {
      case OfDeployment deployment -> true;
      case OfAccount own ->
          tokens.withId(own.token().id()).filter(found -> found.validAt(now)).isPresent();
    };
  }
}
