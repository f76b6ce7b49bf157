package io.logarchive.testkit;

import io.logarchive.account.Uid;
import io.logarchive.json.JsonObject;
import io.logarchive.restore.RestoreSink;
import io.logarchive.restore.RestoredAccounts;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Passes every call on; tests change what they need. */
public class RestoredAccountsDecorator implements RestoredAccounts {
  private final RestoredAccounts accounts;

  public RestoredAccountsDecorator(RestoredAccounts accounts) {
    this.accounts = accounts;
  }

  @Override
  public void create(Uid restoreUid, long expectedBytes) {
    accounts.create(restoreUid, expectedBytes);
  }

  @Override
  public RestoreSink sink(Uid restoreUid) {
    return accounts.sink(restoreUid);
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
