package io.logarchive.account;

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
}
