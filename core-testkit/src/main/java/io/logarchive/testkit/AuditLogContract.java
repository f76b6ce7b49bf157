package io.logarchive.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.logarchive.audit.AuditEntry;
import io.logarchive.audit.AuditEntry.Action;
import io.logarchive.audit.AuditEntry.Actor;
import io.logarchive.audit.AuditLog;
import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every {@link AuditLog} promises of the entries that stores wrote. */
public interface AuditLogContract {
  /** How many entries a page of {@link #auditLog} has to hold at the most. */
  int PAGE_SIZE = 5;

  Instant NOW = Instant.parse("2026-11-22T17:30:00.000000001Z");

  AuditLog auditLog();

  /** Writes an entry as a store does together with a change. */
  void write(AuditEntry entry);

  @Test
  default void anEntryReadsBackAsItWasWritten() {
    int account = Samples.id();
    JsonObject before =
        Json.object("{\"name\":\"Köln\",\"gb\":12.50,\"a\":null}".getBytes(StandardCharsets.UTF_8));
    List<Actor> actors =
        List.of(
            new Actor.Token(account, 17),
            new Actor.Admin(),
            new Actor.Deployment(),
            new Actor.Event("event-1"));
    List<AuditEntry> written = new ArrayList<>();
    for (Action action : Action.values()) {
      int i = written.size();
      AuditEntry entry =
          new AuditEntry(
              NOW.minusSeconds(i),
              "0123456789abcdef",
              actors.get(i % actors.size()),
              account,
              action,
              i,
              i % 2 == 0 ? before : null,
              i % 3 == 0 ? JsonObject.EMPTY : null,
              i % 5 == 0 ? "request-1" : null);
      write(entry);
      written.add(entry);
    }
    assertThat(all(account)).isEqualTo(written);
  }

  @Test
  default void pagesAreNewestFirstWhateverTheOrderOfWriting() {
    int account = Samples.id();
    List<AuditEntry> newestFirst =
        IntStream.range(0, 2 * PAGE_SIZE + 1)
            .mapToObj(i -> entry(account, NOW.minus(Duration.ofNanos(i))))
            .toList();
    IntStream.of(3, 10, 0, 7, 1, 9, 2, 8, 4, 6, 5).forEach(i -> write(newestFirst.get(i)));
    write(entry(Samples.id(), NOW));

    AuditLog.Page first = auditLog().page(account, null);
    assertThat(first.entries()).isEqualTo(newestFirst.subList(0, PAGE_SIZE));
    AuditLog.Page second = auditLog().page(account, first.next());
    assertThat(second.entries()).isEqualTo(newestFirst.subList(PAGE_SIZE, 2 * PAGE_SIZE));
    AuditLog.Page third = auditLog().page(account, second.next());
    assertThat(third.entries()).isEqualTo(newestFirst.subList(2 * PAGE_SIZE, 2 * PAGE_SIZE + 1));
    assertThat(third.next()).isNull();
  }

  @Test
  default void aPageThatIsJustFullIsTheLast() {
    int account = Samples.id();
    IntStream.range(0, PAGE_SIZE).forEach(i -> write(entry(account, NOW.plusSeconds(i))));
    assertThat(auditLog().page(account, null).entries()).hasSize(PAGE_SIZE);
    assertThat(auditLog().page(account, null).next()).isNull();
  }

  @Test
  default void entriesOfOneMomentAreAllKept() {
    int account = Samples.id();
    List<AuditEntry> written =
        IntStream.range(0, PAGE_SIZE + 1).mapToObj(i -> entry(account, NOW)).toList();
    written.forEach(this::write);
    assertThat(all(account)).containsExactlyInAnyOrderElementsOf(written);
  }

  @Test
  default void anEntryNeedNotBeThereToAskForWhatIsOlder() {
    int account = Samples.id();
    AuditEntry older = entry(account, NOW);
    write(older);
    write(entry(account, NOW.plusSeconds(1)));
    String between = entry(account, NOW.plusNanos(1)).id();
    assertThat(auditLog().page(account, between).entries()).containsExactly(older);
  }

  @Test
  default void anAccountWithoutEntriesHasOneEmptyPage() {
    assertThat(auditLog().page(Samples.id(), null)).isEqualTo(new AuditLog.Page(List.of(), null));
  }

  private List<AuditEntry> all(int accountId) {
    List<AuditEntry> all = new ArrayList<>();
    @Nullable String next = null;
    do {
      AuditLog.Page page = auditLog().page(accountId, next);
      all.addAll(page.entries());
      next = page.next();
    } while (next != null);
    return all;
  }

  private static AuditEntry entry(int accountId, Instant at) {
    return Samples.auditEntry(Action.SETTINGS_UPDATE, accountId, 1, at);
  }
}
