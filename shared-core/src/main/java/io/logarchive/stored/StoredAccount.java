package io.logarchive.stored;

import io.logarchive.account.Account;
import io.logarchive.account.Uid;
import java.math.BigDecimal;

/** An account as it is stored. */
public final class StoredAccount {
  private StoredAccount() {}

  public static Stored of(Account account) {
    return Stored.empty()
        .number("id", account.id())
        .text("uid", account.uid().value())
        .text("name", account.name())
        .text("maxDailyGb", account.maxDailyGb().toString())
        .time("createdAt", account.createdAt())
        .number("version", account.version());
  }

  public static Account read(Stored stored) {
    return new Account(
        stored.integer("id"),
        new Uid(stored.text("uid")),
        stored.text("name"),
        new BigDecimal(stored.text("maxDailyGb")),
        stored.time("createdAt"),
        stored.number("version"));
  }
}
