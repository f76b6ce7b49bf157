package io.logarchive.restore;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The restores that count against an account's limit, with what each keeps for itself: its name and
 * idempotency key. One record an account, so that limit, names and keys are decided by one
 * conditional write.
 *
 * @param version counts the writes of this record from 1 on; a write states the next; 0 for one not
 *     yet written
 */
public record RestoreSlots(int accountId, List<Holder> holders, long version) {

  /** A restore that holds a slot. */
  public record Holder(int restoreId, String accountName, @Nullable String idempotencyKey) {}

  public RestoreSlots {
    holders = List.copyOf(holders);
  }

  public static RestoreSlots none(int accountId) {
    return new RestoreSlots(accountId, List.of(), 0);
  }

  Optional<Holder> withKey(String idempotencyKey) {
    return holders.stream()
        .filter(holder -> idempotencyKey.equals(holder.idempotencyKey()))
        .findFirst();
  }

  Optional<Holder> named(String accountName) {
    return holders.stream().filter(holder -> holder.accountName().equals(accountName)).findFirst();
  }

  RestoreSlots with(Restore restore) {
    List<Holder> more = new ArrayList<>(holders);
    more.add(
        new Holder(
            restore.id(), restore.request().accountName(), restore.request().idempotencyKey()));
    return new RestoreSlots(accountId, more, version + 1);
  }

  RestoreSlots without(int restoreId) {
    return new RestoreSlots(
        accountId,
        holders.stream().filter(holder -> holder.restoreId() != restoreId).toList(),
        version + 1);
  }
}
