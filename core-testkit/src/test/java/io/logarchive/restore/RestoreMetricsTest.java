package io.logarchive.restore;

import static io.logarchive.testkit.InMemoryDeployment.number;
import static io.logarchive.testkit.InMemoryDeployment.object;
import static org.assertj.core.api.Assertions.assertThat;

import io.logarchive.account.Uid;
import io.logarchive.archive.ArchiveStorage;
import io.logarchive.archive.Content;
import io.logarchive.fault.ServiceException;
import io.logarchive.testkit.InMemoryDeployment;
import io.logarchive.testkit.InMemoryDeployment.Customer;
import io.logarchive.testkit.InMemoryDeployment.Options;
import io.logarchive.testkit.RestoredAccountsDecorator;
import io.logarchive.testkit.TestArchive;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RestoreMetricsTest {
  private static final Instant HOUR = Instant.parse("2026-11-22T16:00:00Z");
  private static final Instant NEXT = HOUR.plus(Duration.ofHours(1));

  private final InMemoryDeployment deployment = new InMemoryDeployment();
  private final Customer customer = deployment.archivingCustomer("bucket");

  @Test
  void aRestoreCountsItsLogsItsEndAndHowLongItTook() {
    deployment.send(customer, logs(30));
    deployment.counted();

    start(deployment, customer, "r", HOUR, HOUR.plusSeconds(20));
    deployment.clock.advance(Duration.ofSeconds(90));
    deployment.workflow.runAll();

    assertThat(deployment.counted())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "RestoresStarted", List.of(1L),
                "RestoresEnded ACTIVE", List.of(1L),
                "RestoreTime", List.of(90L),
                "LogsScanned", List.of(30L),
                "LogsRestored", List.of(20L)));
  }

  @Test
  void stepsThatRunAgainCountNothingAgain() {
    deployment.send(customer, logs(30));
    int id = start(deployment, customer, "r", HOUR, NEXT);
    deployment.workflow.runAll();
    deployment.counted();

    Instant deadline = deployment.clock.instant().plus(Duration.ofMinutes(15));
    deployment.planRestore.run(id);
    deployment.restoreSlice.run(id, 0, deadline);
    deployment.finishRestore.run(id);
    deployment.failRestore.run(id, new Restore.Failure("LATE", "too late"));

    assertThat(deployment.counted()).isEmpty();
  }

  @Test
  void aPartOfASliceThatIsDoneAgainCountsOnce() {
    for (int dies = 1; dies <= 4; dies++) {
      AtomicInteger left = new AtomicInteger(dies);
      InMemoryDeployment failing =
          new InMemoryDeployment(
              new Options()
                  .bulk(new RestoreSlice.BulkLimits(10, 1 << 20))
                  .accounts(
                      accounts ->
                          new RestoredAccountsDecorator(accounts) {
                            @Override
                            public RestoreSink sink(Uid uid) {
                              RestoreSink sink = super.sink(uid);
                              return batch -> {
                                int conflicting = sink.write(batch);
                                if (left.decrementAndGet() == 0) {
                                  throw new ServiceException.OutcomeUnknown(
                                      "Bulk", "Gone", null, null);
                                }
                                return conflicting;
                              };
                            }
                          }));
      Customer owner = failing.archivingCustomer("bucket");
      failing.send(owner, logs(35));
      int id = start(failing, owner, "r", HOUR, NEXT);
      failing.planRestore.run(id);
      failing.counted();

      Instant deadline = failing.clock.instant().plus(Duration.ofMinutes(15));
      for (int run = 0; run < 2; run++) {
        try {
          failing.restoreSlice.run(id, 0, deadline);
        } catch (ServiceException e) {
          assertThat(dies).isEqualTo(1);
        }
      }

      assertThat(failing.counted())
          .isEqualTo(Map.of("LogsScanned", List.of(35L), "LogsRestored", List.of(35L)));
    }
  }

  @Test
  void howRestoresEndIsToldApartAndRemovalsAreNoEnd() {
    deployment.send(customer, logs(5));
    int aborted = start(deployment, customer, "aborted", HOUR, NEXT);
    int failed = start(deployment, customer, "failed", HOUR, NEXT);
    deployment.counted();
    remove(aborted);
    remove(aborted);
    deployment.failRestore.run(failed, new Restore.Failure("UNAVAILABLE", "it broke"));
    assertThat(deployment.counted())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "RestoresEnded ABORTED", List.of(1L),
                "RestoresEnded FAILED", List.of(1L),
                "RestoreTime", List.of(0L, 0L)));

    int done = start(deployment, customer, "done", HOUR, NEXT);
    int expiring = start(deployment, customer, "expiring", HOUR, NEXT);
    deployment.workflow.runAll();
    deployment.counted();
    remove(done);
    deployment.clock.advance(Duration.ofDays(6));
    deployment.expireRestores.run();
    assertThat(deployment.restoreStore.find(expiring).orElseThrow().status())
        .isEqualTo(RestoreStatus.EXPIRED);
    assertThat(deployment.counted()).isEmpty();
  }

  @Test
  void aStartThatIsRefusedOrFoundIsNone() {
    String body =
        "{\"accountName\":\"r\",\"startTime\":%d,\"endTime\":%d}"
            .formatted(HOUR.getEpochSecond(), NEXT.getEpochSecond());
    deployment.counted();
    for (String key : List.of("k", "k", "other")) {
      deployment.restores(
          "POST", "/archive/restore", customer.apiToken(), Map.of("Idempotency-Key", key), body);
    }

    assertThat(deployment.counted())
        .isEqualTo(
            Map.of("RestoresStarted", List.of(1L), "RequestsRefused NAME_IN_USE", List.of(1L)));
  }

  @Test
  void damageAndLinesThatAreNotJsonAreCounted() {
    byte[] lines = "plain text\n{\"a\":1}\n".getBytes(StandardCharsets.UTF_8);
    ArchiveStorage bucket = deployment.bucket("bucket");
    bucket.put(
        "dt=20261122/hour=16/%1$d-%1$d.2.%2$d.%3$s.json"
            .formatted(HOUR.toEpochMilli(), lines.length, "0".repeat(32)),
        Content.of(lines, Content.LOGS));
    deployment.send(customer, logs(5));
    String damaged = TestArchive.names(bucket).getLast().path();
    byte[] bytes = bucket.get(damaged, 0, Integer.MAX_VALUE);
    bytes[bytes.length - 10] ^= 1;
    bucket.put(damaged, Content.of(bytes, Content.LOGS));
    deployment.counted();

    deployment.restore(customer, "r", HOUR, NEXT);

    assertThat(deployment.counted())
        .containsEntry("LogsConflicting", List.of(1L))
        .containsEntry("DamagedBlocks", List.of(2L));
  }

  @Test
  void theSweeperTellsHowOldTheOldestRestoreInProgressIs() {
    deployment.counted();
    deployment.sweepRestores.run();
    assertThat(deployment.counted()).isEqualTo(Map.of("OldestRestore", List.of(0L)));

    start(deployment, customer, "first", HOUR, NEXT);
    deployment.clock.advance(Duration.ofSeconds(25));
    start(deployment, customer, "second", HOUR, NEXT);
    deployment.clock.advance(Duration.ofSeconds(10));
    deployment.counted();
    deployment.sweepRestores.run();
    assertThat(deployment.counted()).isEqualTo(Map.of("OldestRestore", List.of(35L)));
  }

  private static int start(
      InMemoryDeployment deployment, Customer customer, String name, Instant from, Instant to) {
    return number(object(deployment.startRestore(customer, name, from, to)), "id");
  }

  private void remove(int id) {
    deployment.restores("DELETE", "/archive/restore/" + id, customer.apiToken(), "");
  }

  /** One each second of the hour. */
  private static String logs(int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                "{\"@timestamp\":\"%s\",\"type\":\"t\",\"n\":%d}".formatted(HOUR.plusSeconds(i), i))
        .collect(Collectors.joining("\n"));
  }
}
