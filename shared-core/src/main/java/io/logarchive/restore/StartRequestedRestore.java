package io.logarchive.restore;

import io.logarchive.audit.AuditEntry.Actor;
import io.logarchive.http.Refusal;
import io.logarchive.json.Fields;
import io.logarchive.json.InvalidFieldException;
import io.logarchive.json.RequestTime;
import io.logarchive.restore.StartRestore.Outcome;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Starts a restore as it is asked for in JSON, by a request or by an event. */
public final class StartRequestedRestore {
  private static final int MAX_NAME_LENGTH = 200;
  private static final int DEFAULT_DAYS = 5;
  private static final int MOST_DAYS = 30;

  private final StartRestore startRestore;

  public StartRequestedRestore(StartRestore startRestore) {
    this.startRestore = startRestore;
  }

  /**
   * Starts it, or finds it started before with the same key.
   *
   * @param by who asks for it
   * @param body as {@code POST /archive/restore} takes it
   * @param idempotencyKey null for none
   * @throws InvalidFieldException if the body is not such a one
   * @throws Refusal if the restore may not be started now
   */
  public Restore run(int accountId, Actor by, Fields body, @Nullable String idempotencyKey) {
    return switch (startRestore.run(accountId, by, decode(body, idempotencyKey))) {
      case Outcome.Started started -> started.restore();
      case Outcome.RangeTooLong tooLong ->
          throw new InvalidFieldException(
              "endTime",
              "is "
                  + tooLong.asked().toSeconds()
                  + " s after startTime: a restore may span "
                  + tooLong.limit().toSeconds()
                  + " s");
      case Outcome.NameInUse inUse ->
          throw Refusal.conflict(
              "NAME_IN_USE",
              "A restored account with the name \""
                  + inUse.accountName()
                  + "\" exists: choose another");
      case Outcome.NoFreeSlot noSlot -> throw noFreeSlot(noSlot.holders());
      case Outcome.NoArchive noArchive ->
          throw Refusal.conflict(
              "NO_ARCHIVE", "The account has no archive settings: set up its archive first");
      case Outcome.KeyReused reused ->
          throw Refusal.conflict(
              "IDEMPOTENCY_KEY_REUSED",
              "This Idempotency-Key came with another request before: use a new one");
    };
  }

  private static Restore.Request decode(Fields body, @Nullable String idempotencyKey) {
    if (body.bool("dryRun").orElse(false)) {
      throw Refusal.notBuilt("dryRun");
    }
    if (body.text("powerSearch").filter(search -> !search.isBlank()).isPresent()) {
      throw Refusal.notBuilt("powerSearch");
    }
    if (body.array("filters").filter(filters -> !filters.isEmpty()).isPresent()) {
      throw Refusal.notBuilt("filters");
    }
    if (body.has("archived")) {
      throw Refusal.notBuilt("archived");
    }
    String name = body.requiredName("accountName");
    if (name.length() > MAX_NAME_LENGTH) {
      throw new InvalidFieldException("accountName", "may have " + MAX_NAME_LENGTH + " characters");
    }
    RequestTime start = RequestTime.of(body, "startTime");
    RequestTime end = RequestTime.of(body, "endTime");
    if (!start.instant().isBefore(end.instant())) {
      throw new InvalidFieldException("endTime", "must be after startTime");
    }
    return new Restore.Request(
        name,
        username(body).orElse(null),
        new TimeRange(start.instant(), end.instant()),
        start.text(),
        end.text(),
        body.integer("expiresInDays", 1, MOST_DAYS).orElse(DEFAULT_DAYS),
        checkedKey(idempotencyKey));
  }

  private static Optional<String> username(Fields body) {
    Optional<String> username = body.text("username");
    if (username.isPresent() && username.get().length() > MAX_NAME_LENGTH) {
      throw new InvalidFieldException("username", "may have " + MAX_NAME_LENGTH + " characters");
    }
    return username;
  }

  private static @Nullable String checkedKey(@Nullable String key) {
    if (key != null && key.length() > MAX_NAME_LENGTH) {
      throw new InvalidFieldException(
          "Idempotency-Key", "may have " + MAX_NAME_LENGTH + " characters");
    }
    return key;
  }

  private static Refusal noFreeSlot(List<Restore> holders) {
    String held =
        holders.stream()
            .map(
                restore ->
                    "\""
                        + restore.request().accountName()
                        + "\" ("
                        + (restore.expiresAt() == null
                            ? "in progress"
                            : "until " + restore.expiresAt())
                        + ")")
            .collect(Collectors.joining(", "));
    return Refusal.conflict(
        "NO_FREE_SLOT",
        "All restored accounts that may exist at once are in use: " + held + ". Delete one first");
  }
}
