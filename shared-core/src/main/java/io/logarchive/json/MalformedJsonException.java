package io.logarchive.json;

/** Text that is not the JSON asked for; the message says what is wrong and where. */
public final class MalformedJsonException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public MalformedJsonException(String message) {
    super(message);
  }
}
