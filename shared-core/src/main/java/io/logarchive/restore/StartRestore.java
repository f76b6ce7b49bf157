package io.logarchive.restore;

import io.logarchive.account.Account;
import io.logarchive.account.AccountStore;
import io.logarchive.account.Authentication;
import io.logarchive.account.Ids;
import io.logarchive.account.Uid;
import io.logarchive.audit.AuditEntry;
import io.logarchive.audit.AuditEntry.Action;
import io.logarchive.audit.AuditEntry.Actor;
import io.logarchive.audit.AuditTrail;
import io.logarchive.fault.ServiceException;
import io.logarchive.metrics.Metric;
import io.logarchive.metrics.Metrics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts a restore: takes a slot and the name, and hands the work to the workflow. Never looks into
 * the archive. Limit, name and idempotency key are decided by one conditional write.
 */
public final class StartRestore {
  private static final Logger LOG = LoggerFactory.getLogger(StartRestore.class);
  private static final int TRIES = 20;

  /** What comes of it. Each is an answer to the caller, none a fault. */
  public sealed interface Outcome {
    /** It runs; or did before, with the same idempotency key. */
    record Started(Restore restore) implements Outcome {}

    record RangeTooLong(Duration asked, Duration limit) implements Outcome {}

    record NameInUse(String accountName) implements Outcome {}

    record NoFreeSlot(List<Restore> holders) implements Outcome {}

    record NoArchive() implements Outcome {}

    /** The idempotency key came before, with another request. */
    record KeyReused() implements Outcome {}
  }

  private final AccountStore accounts;
  private final RestoreSource source;
  private final RestoreStore store;
  private final RestoreWorkflow workflow;
  private final Ids ids;
  private final AuditTrail trail;
  private final Metrics metrics;
  private final InstantSource clock;
  private final RestoreLimits limits;

  public StartRestore(
      AccountStore accounts,
      RestoreSource source,
      RestoreStore store,
      RestoreWorkflow workflow,
      Ids ids,
      AuditTrail trail,
      Metrics metrics,
      InstantSource clock,
      RestoreLimits limits) {
    this.accounts = accounts;
    this.source = source;
    this.store = store;
    this.workflow = workflow;
    this.ids = ids;
    this.trail = trail;
    this.metrics = metrics;
    this.clock = clock;
    this.limits = limits;
  }

  /**
   * Starts it for an account.
   *
   * @param by who asks for it
   */
  public Outcome run(int accountId, Actor by, Restore.Request request) {
    if (request.range().length().compareTo(limits.range()) > 0) {
      return new Outcome.RangeTooLong(request.range().length(), limits.range());
    }
    if (!source.exists(accountId)) {
      return new Outcome.NoArchive();
    }
    Account account = accounts.find(accountId).orElseThrow(Authentication::invalidToken);
    return start(accountId, by, request, Math.min(limits.bytes(), account.maxDailyBytes()));
  }

  private Outcome start(int accountId, Actor by, Restore.Request request, long capBytes) {
    Uid uid = ids.uid();
    for (int i = 0; i < TRIES; i++) {
      RestoreSlots slots = store.slots(accountId);
      Optional<Outcome> answer = answer(slots, request);
      if (answer.isPresent()) {
        return answer.get();
      }
      Restore restore =
          Restore.started(ids.id(), uid, accountId, request, clock.instant(), capBytes);
      AuditEntry entry =
          trail.entry(
              by,
              accountId,
              Action.RESTORE_START,
              restore.id(),
              null,
              RestoreJson.audited(restore));
      if (store.create(restore, slots.with(restore), entry) == RestoreStore.Created.YES) {
        return kept(restore);
      }
    }
    throw new ServiceException.Unavailable("StartRestore", "TooManyAtOnce", null, null);
  }

  /** Whoever removes an account looks for its restores after that, and so finds this one. */
  private Outcome kept(Restore restore) {
    if (accounts.find(restore.accountId()).isEmpty()) {
      takeBack(restore);
      throw Authentication.invalidToken();
    }
    metrics.add(Metric.RESTORES_STARTED, 1);
    startWorkflow(restore);
    return new Outcome.Started(restore);
  }

  /** It has no workflow yet, and so nothing but its record and its slot. */
  private void takeBack(Restore restore) {
    Restore removed = restore.removed(Totals.sum(List.of()), clock.instant());
    AuditEntry entry =
        trail.entry(
            new Actor.Deployment(),
            restore.accountId(),
            Action.RESTORE_DELETE,
            restore.id(),
            RestoreJson.audited(restore),
            RestoreJson.audited(removed));
    for (int i = 0; i < TRIES; i++) {
      RestoreSlots slots = store.slots(restore.accountId());
      if (store.update(removed, slots.without(restore.id()), entry)
          || store.find(restore.id()).filter(Restore::inProgress).isEmpty()) {
        return;
      }
    }
    throw new ServiceException.Unavailable("StartRestore", "TooManyAtOnce", null, null);
  }

  /** What the slots alone decide. */
  private Optional<Outcome> answer(RestoreSlots slots, Restore.Request request) {
    String key = request.idempotencyKey();
    Optional<Restore> before =
        key == null
            ? Optional.empty()
            : slots.withKey(key).flatMap(holder -> store.find(holder.restoreId()));
    if (before.isPresent()) {
      return Optional.of(
          before.get().request().equals(request)
              ? new Outcome.Started(before.get())
              : new Outcome.KeyReused());
    }
    if (slots.named(request.accountName()).isPresent()) {
      return Optional.of(new Outcome.NameInUse(request.accountName()));
    }
    if (slots.holders().size() >= limits.slots()) {
      return Optional.of(
          new Outcome.NoFreeSlot(
              slots.holders().stream()
                  .flatMap(holder -> store.find(holder.restoreId()).stream())
                  .toList()));
    }
    return Optional.empty();
  }

  /** The record is what counts: without a running workflow the sweeper starts one. */
  private void startWorkflow(Restore restore) {
    try {
      workflow.start(restore.id(), restore.attempt());
    } catch (ServiceException e) {
      LOG.atWarn()
          .setCause(e)
          .addKeyValue("restoreId", restore.id())
          .log("the workflow did not start, the sweeper will start it");
    }
  }
}
