package io.logarchive.restore;

import io.logarchive.account.Uid;
import io.logarchive.fault.ServiceException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A restore as it is stored. Its id is that of the restored account too. Every change makes a new
 * record with the next version.
 *
 * @param request what was asked for
 * @param startedAt when the plan was made
 * @param coveredUntil the cut, if the range holds more than {@link #capBytes}
 * @param plan what the plan found; null until there is one
 * @param totals what was done, once nothing more is done; until then it is the sum over the slices
 * @param capBytes raw bytes that may be restored
 * @param attempt counts the workflows started for it, from 1 on
 * @param version counts the writes of this record from 1 on; a write states the next
 */
public record Restore(
    int id,
    Uid uid,
    int accountId,
    Request request,
    RestoreStatus status,
    Instant createdAt,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt,
    @Nullable Instant expiresAt,
    @Nullable Instant coveredUntil,
    @Nullable PlanSummary plan,
    @Nullable Totals totals,
    @Nullable Failure failure,
    long capBytes,
    int attempt,
    long version) {

  /**
   * What the user asked for.
   *
   * @param accountName the name of the restored account
   * @param startTime as it was sent, to be given back the same
   * @param idempotencyKey a repeat with the same key is answered with the first one's restore
   */
  public record Request(
      String accountName,
      @Nullable String username,
      TimeRange range,
      String startTime,
      String endTime,
      int expiresInDays,
      @Nullable String idempotencyKey) {}

  /** Why it failed. */
  public record Failure(String code, String message) {

    /**
     * What to tell the user of an exception that no repetition of a step got past. Workflows hand
     * on class and message only.
     *
     * @param type {@link Class#getName()} of the exception
     */
    public static Failure ofException(String type, String message) {
      if (type.equals(ServiceException.Denied.class.getName())) {
        return new Failure("REFUSED", "A service refused what the restore needs: " + message);
      }
      if (type.equals(ServiceException.NotFound.class.getName())) {
        return new Failure("NOT_FOUND", "Something that the restore needs is gone: " + message);
      }
      if (type.equals(ServiceException.Unavailable.class.getName())
          || type.equals(ServiceException.OutcomeUnknown.class.getName())) {
        return new Failure("UNAVAILABLE", "A service failed, also when asked again: " + message);
      }
      return new Failure("INTERNAL", "Something is wrong on our side; start the restore again");
    }
  }

  static Restore started(
      int id, Uid uid, int accountId, Request request, Instant now, long capBytes) {
    return new Restore(
        id,
        uid,
        accountId,
        request,
        RestoreStatus.IN_PROGRESS,
        now,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        capBytes,
        1,
        1);
  }

  /** Whether there is, or may be, something to search. */
  public boolean searchable() {
    return switch (status) {
      case IN_PROGRESS, ACTIVE, LIMIT_EXCEEDED -> true;
      case FAILED -> totals != null && totals.logsRestored() > 0;
      case ABORTED, DELETED, EXPIRED -> false;
    };
  }

  /** Whether its restored account was made: it takes searches before the plan is written here. */
  public boolean hasAccount() {
    return plan != null;
  }

  /** Whether it counts against the account's limit and keeps its name. */
  public boolean holdsSlot() {
    return searchable();
  }

  PlanSummary requiredPlan() {
    if (plan == null) {
      throw new IllegalStateException("Restore " + id + " has no plan yet");
    }
    return plan;
  }

  boolean inProgress() {
    return status == RestoreStatus.IN_PROGRESS;
  }

  boolean dueAt(Instant now) {
    return expiresAt != null && holdsSlot() && !now.isBefore(expiresAt);
  }

  Restore planned(PlanSummary found, Instant now) {
    return next(
        status,
        startedAt == null ? now : startedAt,
        null,
        coveredUntil,
        found,
        null,
        null,
        attempt);
  }

  Restore cutAt(Instant cut) {
    return next(status, startedAt, null, cut, plan, null, null, attempt);
  }

  Restore triedAgain() {
    return next(status, startedAt, null, coveredUntil, plan, null, null, attempt + 1);
  }

  Restore finished(Totals done, Instant now) {
    RestoreStatus end = coveredUntil == null ? RestoreStatus.ACTIVE : RestoreStatus.LIMIT_EXCEEDED;
    return next(end, startedAt, now, coveredUntil, plan, done, null, attempt);
  }

  /** The same, once it is known what the restored account really holds. */
  Restore recounted(long logsRestored) {
    Totals done = totals == null ? Totals.NONE : totals;
    return next(
        status,
        startedAt,
        finishedAt,
        coveredUntil,
        plan,
        done.withLogsRestored(logsRestored),
        failure,
        attempt);
  }

  Restore failed(Failure why, Totals done, Instant now) {
    return next(RestoreStatus.FAILED, startedAt, now, coveredUntil, plan, done, why, attempt);
  }

  /** Ends what is there: aborts it in progress, deletes it afterwards. */
  Restore removed(Totals done, Instant now) {
    return inProgress()
        ? next(RestoreStatus.ABORTED, startedAt, now, coveredUntil, plan, done, failure, attempt)
        : next(
            RestoreStatus.DELETED,
            startedAt,
            finishedAt,
            coveredUntil,
            plan,
            totals,
            failure,
            attempt);
  }

  Restore expired() {
    return next(
        RestoreStatus.EXPIRED, startedAt, finishedAt, coveredUntil, plan, totals, failure, attempt);
  }

  private Restore next(
      RestoreStatus nextStatus,
      @Nullable Instant started,
      @Nullable Instant finished,
      @Nullable Instant cut,
      @Nullable PlanSummary found,
      @Nullable Totals done,
      @Nullable Failure why,
      int nextAttempt) {
    Instant expires =
        finished == null
                || nextStatus == RestoreStatus.ABORTED
                || (nextStatus == RestoreStatus.FAILED
                    && (done == null || done.logsRestored() == 0))
            ? null
            : finished.plus(Duration.ofDays(request.expiresInDays()));
    return new Restore(
        id,
        uid,
        accountId,
        request,
        nextStatus,
        createdAt,
        started,
        finished,
        expires,
        cut,
        found,
        done,
        why,
        capBytes,
        nextAttempt,
        version + 1);
  }
}
