package io.logarchive.azure;

import io.logarchive.azure.AzureTable.Replace;
import io.logarchive.azure.TableRow.Found;
import io.logarchive.restore.RestoreSlots;
import io.logarchive.stored.Stored;
import io.logarchive.stored.StoredSlots;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * An account's slots, which lie in another partition than the account: whoever removes the account
 * closes them first, so that none is taken meanwhile. Nobody has to open them again: a closing
 * lapses.
 */
final class SlotsRow {
  /** Longer than any call of a function lives, so that a removal ends before its closing does. */
  static final Duration CLOSED = Duration.ofMinutes(15);

  private static final String CLOSINGS = "closings";

  /**
   * @param by whoever removes the account
   */
  private record Closing(String by, Instant until) {
    static Closing read(Stored stored) {
      return new Closing(stored.text("by"), stored.time("until"));
    }

    Stored stored() {
      return Stored.empty().text("by", by).time("until", until);
    }
  }

  private SlotsRow() {}

  static RestoreSlots read(int accountId, Optional<Found> found) {
    return found
        .map(row -> StoredSlots.read(row.values()))
        .orElseGet(() -> RestoreSlots.none(accountId));
  }

  /** Whether the slots may be written as those of a restore that starts now. */
  static boolean admits(RestoreSlots slots, Optional<Found> found, Instant now) {
    return found.map(Found::version).orElse(0L) == slots.version() - 1
        && closings(found).stream().noneMatch(closing -> now.isBefore(closing.until()));
  }

  /** Writes the slots as those of a restore that starts now. */
  static Replace start(RestoreSlots slots, Instant now) {
    return new Replace(
        TableKeys.slots(slots.accountId()),
        found ->
            admits(slots, found, now)
                ? Optional.of(row(slots, closings(found)))
                : Optional.empty());
  }

  /** Writes the slots as those of a restore that ends. */
  static Replace end(RestoreSlots slots) {
    return new Replace(
        TableKeys.slots(slots.accountId()),
        found ->
            found.map(Found::version).orElse(0L) == slots.version() - 1
                ? Optional.of(row(slots, closings(found)))
                : Optional.empty());
  }

  /** Closes the slots, unless one is held. */
  static Replace close(int accountId, String by, Instant now) {
    return new Replace(
        TableKeys.slots(accountId),
        found -> {
          RestoreSlots slots = read(accountId, found);
          List<Closing> all =
              new ArrayList<>(only(closing -> now.isBefore(closing.until()), found));
          all.add(new Closing(by, now.plus(CLOSED)));
          return slots.holders().isEmpty() ? Optional.of(row(slots, all)) : Optional.empty();
        });
  }

  /** Takes back a closing of one's own. */
  static Replace open(int accountId, String by) {
    return new Replace(
        TableKeys.slots(accountId),
        found ->
            Optional.of(
                row(read(accountId, found), only(closing -> !closing.by().equals(by), found))));
  }

  private static TableRow row(RestoreSlots slots, List<Closing> closings) {
    return TableRow.of(
        TableKeys.slots(slots.accountId()),
        StoredSlots.of(slots).list(CLOSINGS, closings, Closing::stored));
  }

  private static List<Closing> only(Predicate<Closing> kept, Optional<Found> found) {
    return closings(found).stream().filter(kept).toList();
  }

  private static List<Closing> closings(Optional<Found> found) {
    return found.map(row -> row.values().list(CLOSINGS, Closing::read)).orElse(List.of());
  }
}
