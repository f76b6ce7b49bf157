package io.logarchive.functions.azure;

import io.logarchive.account.Uid;
import io.logarchive.restore.RestoreSink;
import io.logarchive.restore.RestoredAccounts;
import io.logarchive.testkit.RestoredAccountsDecorator;
import java.util.concurrent.atomic.AtomicInteger;

/** Restored accounts of which a test decides what becomes of each bulk. */
final class HookedAccounts extends RestoredAccountsDecorator {
  /** What happens at a bulk. */
  interface Hook {
    /**
     * Runs before a bulk is written, and may throw.
     *
     * @param number of the bulk, from 1, over all restores
     */
    default void before(int number) {}

    /** Runs once a bulk was written, before anybody knows. */
    default void after(int number) {}
  }

  private final AtomicInteger bulks = new AtomicInteger();
  private volatile Hook hook = new Hook() {};

  HookedAccounts(RestoredAccounts accounts) {
    super(accounts);
  }

  void hook(Hook hook) {
    this.hook = hook;
  }

  /** How many there were. */
  int bulks() {
    return bulks.get();
  }

  @Override
  public RestoreSink sink(Uid restoreUid) {
    RestoreSink sink = super.sink(restoreUid);
    return logs -> {
      int number = bulks.incrementAndGet();
      hook.before(number);
      int rawOnly = sink.write(logs);
      hook.after(number);
      return rawOnly;
    };
  }
}
