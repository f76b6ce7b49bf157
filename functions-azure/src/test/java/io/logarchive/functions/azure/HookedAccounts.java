package io.logarchive.functions.azure;

import io.logarchive.account.Uid;
import io.logarchive.json.JsonObject;
import io.logarchive.restore.RestoreSink;
import io.logarchive.restore.RestoredAccounts;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Restored accounts of which a test decides what becomes of each bulk. */
final class HookedAccounts implements RestoredAccounts {
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

  private final RestoredAccounts accounts;
  private final AtomicInteger bulks = new AtomicInteger();
  private volatile Hook hook = new Hook() {};

  HookedAccounts(RestoredAccounts accounts) {
    this.accounts = accounts;
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
    RestoreSink sink = accounts.sink(restoreUid);
    return logs -> {
      int number = bulks.incrementAndGet();
      hook.before(number);
      int rawOnly = sink.write(logs);
      hook.after(number);
      return rawOnly;
    };
  }

  @Override
  public void create(Uid restoreUid, long expectedBytes) {
    accounts.create(restoreUid, expectedBytes);
  }

  @Override
  public long refresh(Uid restoreUid) {
    return accounts.refresh(restoreUid);
  }

  @Override
  public void close(Uid restoreUid) {
    accounts.close(restoreUid);
  }

  @Override
  public void delete(Uid restoreUid) {
    accounts.delete(restoreUid);
  }

  @Override
  public Map<Uid, Instant> list() {
    return accounts.list();
  }

  @Override
  public SearchOutcome search(List<Uid> restoreUids, JsonObject body, int mostHitBytes) {
    return accounts.search(restoreUids, body, mostHitBytes);
  }
}
