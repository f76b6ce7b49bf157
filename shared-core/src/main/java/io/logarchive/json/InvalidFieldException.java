package io.logarchive.json;

/** A member of a request that breaks a rule. The message starts with the member's path. */
public final class InvalidFieldException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public InvalidFieldException(String field, String rule) {
    super(field + " " + rule);
  }
}
