package io.logarchive.testkit;

import io.logarchive.account.Uid;
import io.logarchive.audit.AuditEntry;
import io.logarchive.restore.Restore;
import io.logarchive.restore.RestoreSlots;
import io.logarchive.restore.RestoreStore;
import io.logarchive.restore.SliceProgress;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/** Restores in memory. */
public final class InMemoryRestoreStore implements RestoreStore {
  private static final Comparator<Restore> NEWEST_FIRST =
      Comparator.comparing(Restore::createdAt).thenComparing(Restore::id).reversed();

  /** A slice that is done is further than any position. */
  private static final BinaryOperator<SliceProgress> FURTHER =
      BinaryOperator.maxBy(
          Comparator.comparing(SliceProgress::done).thenComparing(SliceProgress::position));

  private final InMemoryIds ids;
  private final InMemoryAuditLog audit;
  private final int pageSize;
  private final NavigableMap<Integer, Restore> restores = new TreeMap<>();
  private final Map<Integer, RestoreSlots> slotsByAccount = new HashMap<>();
  private final Map<Uid, NavigableMap<Integer, SliceProgress>> progress = new HashMap<>();

  /**
   * @param pageSize how many restores a page of {@link #live} holds
   */
  public InMemoryRestoreStore(InMemoryIds ids, InMemoryAuditLog audit, int pageSize) {
    this.ids = ids;
    this.audit = audit;
    this.pageSize = pageSize;
  }

  @Override
  public synchronized RestoreSlots slots(int accountId) {
    return slotsByAccount.getOrDefault(accountId, RestoreSlots.none(accountId));
  }

  @Override
  public synchronized Created create(Restore restore, RestoreSlots slots, AuditEntry entry) {
    if (!isNext(slots)) {
      return Created.SLOTS_CHANGED;
    }
    if (!ids.claim(restore.id())) {
      return Created.ID_TAKEN;
    }
    restores.put(restore.id(), restore);
    slotsByAccount.put(slots.accountId(), slots);
    audit.add(entry);
    return Created.YES;
  }

  @Override
  public synchronized Optional<Restore> find(int restoreId) {
    return Optional.ofNullable(restores.get(restoreId));
  }

  @Override
  public synchronized boolean update(Restore restore) {
    if (!isNext(restore)) {
      return false;
    }
    restores.put(restore.id(), restore);
    return true;
  }

  @Override
  public synchronized boolean update(
      Restore restore, RestoreSlots slots, @Nullable AuditEntry entry) {
    if (!isNext(slots) || !update(restore)) {
      return false;
    }
    slotsByAccount.put(slots.accountId(), slots);
    if (entry != null) {
      audit.add(entry);
    }
    return true;
  }

  @Override
  public synchronized List<Restore> history(int accountId, @Nullable Integer before, int most) {
    List<Restore> all =
        restores.values().stream()
            .filter(restore -> restore.accountId() == accountId)
            .sorted(NEWEST_FIRST)
            .toList();
    if (before == null) {
      return all.stream().limit(most).toList();
    }
    return all.stream().dropWhile(restore -> restore.id() != before).skip(1).limit(most).toList();
  }

  @Override
  public synchronized Page live(@Nullable String pageToken) {
    int after = pageToken == null ? Integer.MIN_VALUE : Integer.parseInt(pageToken);
    List<Restore> rest =
        restores.tailMap(after, false).values().stream().filter(Restore::holdsSlot).toList();
    List<Restore> page = rest.stream().limit(pageSize).toList();
    return new Page(page, rest.size() > page.size() ? Integer.toString(page.getLast().id()) : null);
  }

  @Override
  public synchronized void saveProgress(Uid restoreUid, SliceProgress saved) {
    progress
        .computeIfAbsent(restoreUid, uid -> new TreeMap<>())
        .merge(saved.slice(), saved, FURTHER);
  }

  @Override
  public synchronized Optional<SliceProgress> progress(Uid restoreUid, int slice) {
    return progress(restoreUid).stream().filter(saved -> saved.slice() == slice).findFirst();
  }

  @Override
  public synchronized List<SliceProgress> progress(Uid restoreUid) {
    return List.copyOf(progress.getOrDefault(restoreUid, new TreeMap<>()).values());
  }

  private boolean isNext(Restore restore) {
    return find(restore.id()).map(Restore::version).orElse(0L) == restore.version() - 1
        && restore.version() > 1;
  }

  private boolean isNext(RestoreSlots slots) {
    return slots(slots.accountId()).version() == slots.version() - 1;
  }
}
