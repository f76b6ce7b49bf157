package io.logarchive.account;

import java.util.Locale;

/** What a token allows. */
public enum Scope {
  SETTINGS,
  RESTORE,
  SEARCH,
  INGEST,
  ACCOUNTS;

  /** The scope's name in the API. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Scope of(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }
}
