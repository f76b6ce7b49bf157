package io.logarchive.restore;

import static io.logarchive.testkit.InMemoryDeployment.number;
import static io.logarchive.testkit.InMemoryDeployment.object;
import static io.logarchive.testkit.InMemoryDeployment.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logarchive.account.Uid;
import io.logarchive.archive.ArchiveStorage;
import io.logarchive.archive.Content;
import io.logarchive.archive.ObjectInfo;
import io.logarchive.archive.Page;
import io.logarchive.fault.ServiceException;
import io.logarchive.format.Compression;
import io.logarchive.format.ObjectName;
import io.logarchive.http.ApiResponse;
import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import io.logarchive.testkit.ArchiveStorageDecorator;
import io.logarchive.testkit.InMemoryDeployment;
import io.logarchive.testkit.InMemoryDeployment.Customer;
import io.logarchive.testkit.InMemoryDeployment.Options;
import io.logarchive.testkit.RecordingArchiveStorage;
import io.logarchive.testkit.RecordingArchiveStorage.Operation;
import io.logarchive.testkit.RestoredAccountsDecorator;
import io.logarchive.testkit.TestArchive;
import io.logarchive.testkit.Together;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RestoreFlowTest {
  private static final Instant HOUR = Instant.parse("2026-11-22T16:00:00Z");
  private static final Duration AN_HOUR = Duration.ofHours(1);

  @Test
  void anHourComesBackWholeAndNothingElse() {
    InMemoryDeployment deployment = new InMemoryDeployment();
    Customer customer = deployment.archivingCustomer("bucket");
    List<String> inside = logs(HOUR, 3_600, Duration.ofSeconds(1));
    List<String> outside = logs(HOUR.plus(AN_HOUR), 100, Duration.ofSeconds(1));
    send(deployment, customer, inside);
    send(deployment, customer, outside);

    JsonObject operation = deployment.restore(customer, "one hour", HOUR, HOUR.plus(AN_HOUR));

    assertThat(text(operation, "status")).isEqualTo("ACTIVE");
    assertThat(progress(operation, "logsRestored")).isEqualTo(3_600);
    assertThat(progress(operation, "logsScanned")).isEqualTo(3_600);
    assertThat(deployment.restoredLines(number(operation, "id")))
        .containsExactlyInAnyOrderElementsOf(inside);
  }

  @Test
  void aRangeWithinAnHourIsHalfOpen() {
    InMemoryDeployment deployment = new InMemoryDeployment();
    Customer customer = deployment.archivingCustomer("bucket");
    send(deployment, customer, logs(HOUR, 10, Duration.ofMillis(1)));
    JsonObject operation =
        deployment.restore(customer, "part", HOUR.plusMillis(2), HOUR.plusMillis(5));
    assertThat(deployment.restoredLines(number(operation, "id")))
        .containsExactlyInAnyOrderElementsOf(logs(HOUR, 10, Duration.ofMillis(1)).subList(2, 5));
    assertThat(progress(operation, "logsScanned")).isEqualTo(10);
  }

  @Test
  void anHoursRestoreListsAndReadsOnlyThatHoursObjects() {
    List<RecordingArchiveStorage> opened = new ArrayList<>();
    InMemoryDeployment deployment =
        new InMemoryDeployment(
            new Options()
                .archive(
                    storage -> {
                      RecordingArchiveStorage recording = new RecordingArchiveStorage(storage);
                      opened.add(recording);
                      return recording;
                    }));
    Customer customer = deployment.archivingCustomer("bucket");
    for (int hour = -10; hour <= 1; hour++) {
      send(
          deployment,
          customer,
          logs(HOUR.plus(AN_HOUR.multipliedBy(hour)), 60, Duration.ofMinutes(1)));
    }
    int before = opened.stream().mapToInt(storage -> storage.calls().size()).sum();
    deployment.restore(customer, "one hour", HOUR, HOUR.plus(AN_HOUR));

    List<RecordingArchiveStorage.Call> calls =
        opened.stream().flatMap(storage -> storage.calls().stream()).skip(before).toList();
    assertThat(calls.stream().filter(call -> call.operation() == Operation.LIST))
        .extracting(RecordingArchiveStorage.Call::key)
        .containsExactly("dt=20261122/hour=16/");
    assertThat(calls.stream().filter(call -> call.operation() == Operation.GET))
        .hasSize(1)
        .allMatch(call -> call.key().startsWith("dt=20261122/hour=16/"));
    assertThat(calls).hasSize(2);
  }

  @Test
  void anEmptyRangeIsAnEmptyAccount() {
    InMemoryDeployment deployment = new InMemoryDeployment();
    Customer customer = deployment.archivingCustomer("bucket");
    JsonObject operation = deployment.restore(customer, "nothing", HOUR, HOUR.plus(AN_HOUR));
    assertThat(text(operation, "status")).isEqualTo("ACTIVE");
    assertThat(progress(operation, "logsRestored")).isZero();
    assertThat(deployment.restoredLines(number(operation, "id"))).isEmpty();
  }

  @Test
  void startingNeverTouchesTheArchive() {
    AtomicInteger calls = new AtomicInteger();
    InMemoryDeployment deployment =
        new InMemoryDeployment(
            new Options()
                .archive(
                    storage -> {
                      calls.incrementAndGet();
                      return storage;
                    }));
    Customer customer = deployment.archivingCustomer("bucket");
    int before = calls.get();
    assertThat(deployment.startRestore(customer, "r", HOUR, HOUR.plus(AN_HOUR)).status())
        .isEqualTo(200);
    assertThat(calls.get()).isEqualTo(before);
  }

  @Test
  void aSliceThatNeedsThreeDeadlinesCompletes() {
    List<InMemoryDeployment> self = new ArrayList<>();
    AtomicInteger bulks = new AtomicInteger();
    InMemoryDeployment deployment =
        new InMemoryDeployment(
            new Options()
                .bulk(new RestoreSlice.BulkLimits(10, 1 << 20))
                .accounts(
                    accounts ->
                        new RestoredAccountsDecorator(accounts) {
                          @Override
                          public RestoreSink sink(Uid uid) {
                            RestoreSink sink = super.sink(uid);
                            return logs -> {
                              bulks.incrementAndGet();
                              self.getFirst().clock.advance(Duration.ofMinutes(3));
                              return sink.write(logs);
                            };
                          }
                        }));
    self.add(deployment);
    Customer customer = deployment.archivingCustomer("bucket");
    List<String> logs = logs(HOUR, 120, Duration.ofSeconds(1));
    send(deployment, customer, logs.subList(0, 70));
    send(deployment, customer, logs.subList(70, 120));
    int restoreId =
        number(object(deployment.startRestore(customer, "slow", HOUR, HOUR.plus(AN_HOUR))), "id");
    assertThat(deployment.planRestore.run(restoreId))
        .isInstanceOfSatisfying(
            PlanRestore.Outcome.Planned.class,
            planned -> {
              assertThat(planned.slices()).isEqualTo(1);
              assertThat(planned.countFirst()).isFalse();
            });
    int deadlines = 1;
    while (deployment.restoreSlice.run(
            restoreId, 0, deployment.clock.instant().plus(Duration.ofMinutes(15)))
        == RestoreSlice.Outcome.CONTINUE) {
      deadlines++;
    }
    assertThat(deadlines).isEqualTo(3);
    assertThat(bulks).hasValue(12);
    deployment.finishRestore.run(restoreId);
    assertThat(progress(deployment.operation(customer, restoreId), "logsRestored")).isEqualTo(120);
    assertThat(deployment.restoredLines(restoreId)).containsExactlyInAnyOrderElementsOf(logs);
  }

  @Test
  void aSliceWhoseWorkerDiesAtAnyBulkIsCarriedOnWithoutDoubles() {
    List<String> logs = logs(HOUR, 55, Duration.ofSeconds(1));
    for (int dies = 1; dies <= 6; dies++) {
      for (boolean written : new boolean[] {false, true}) {
        AtomicInteger left = new AtomicInteger(dies);
        InMemoryDeployment deployment =
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
                                  boolean now = left.decrementAndGet() == 0;
                                  if (now && !written) {
                                    throw new ServiceException.Unavailable(
                                        "Bulk", "Gone", null, null);
                                  }
                                  int conflicting = sink.write(batch);
                                  if (now) {
                                    throw new ServiceException.OutcomeUnknown(
                                        "Bulk", "Gone", null, null);
                                  }
                                  return conflicting;
                                };
                              }
                            }));
        Customer customer = deployment.archivingCustomer("bucket");
        send(deployment, customer, logs);
        int id =
            number(object(deployment.startRestore(customer, "r", HOUR, HOUR.plus(AN_HOUR))), "id");
        deployment.planRestore.run(id);
        Instant deadline = deployment.clock.instant().plus(Duration.ofMinutes(15));
        if (dies == 1) {
          assertThatThrownBy(() -> deployment.restoreSlice.run(id, 0, deadline))
              .isInstanceOf(ServiceException.class);
        } else {
          // It came further before: no failure that counts.
          assertThat(deployment.restoreSlice.run(id, 0, deadline))
              .isEqualTo(RestoreSlice.Outcome.CONTINUE);
        }
        assertThat(deployment.restoreSlice.run(id, 0, deadline))
            .isEqualTo(RestoreSlice.Outcome.DONE);
        assertThat(deployment.restoreSlice.run(id, 0, deadline))
            .isEqualTo(RestoreSlice.Outcome.DONE);
        deployment.finishRestore.run(id);
        JsonObject operation = deployment.operation(customer, id);
        assertThat(progress(operation, "logsRestored")).isEqualTo(55);
        assertThat(progress(operation, "logsScanned")).isEqualTo(55);
        assertThat(deployment.restoredLines(id)).containsExactlyInAnyOrderElementsOf(logs);
      }
    }
  }

  @Test
  void thePlanListsItsSlicesAsTheStepsTakeThem() {
    InMemoryDeployment deployment =
        new InMemoryDeployment(
            new Options().slices(new SliceLimits(Long.MAX_VALUE, Long.MAX_VALUE, 1, 10_000)));
    Customer customer = deployment.archivingCustomer("bucket");
    for (String log : logs(HOUR, 3, Duration.ofSeconds(1))) {
      send(deployment, customer, List.of(log));
    }
    int id = number(object(deployment.startRestore(customer, "r", HOUR, HOUR.plus(AN_HOUR))), "id");
    PlanRestore.Outcome.Planned planned =
        (PlanRestore.Outcome.Planned) deployment.planRestore.run(id);
    byte[] items = deployment.plans.get(planned.items(), 0, 1_000);
    assertThat(new String(items, StandardCharsets.UTF_8))
        .isEqualTo(
            "[{\"restoreId\":ID,\"slice\":0},{\"restoreId\":ID,\"slice\":1},{\"restoreId\":ID,\"slice\":2}]"
                .replace("ID", Integer.toString(id)));
  }

  @Test
  void whatWouldNeedTooManySlicesGetsLargerOnes() {
    InMemoryDeployment deployment =
        new InMemoryDeployment(new Options().slices(new SliceLimits(1, 1, 1, 3)));
    Customer customer = deployment.archivingCustomer("bucket");
    List<String> logs = logs(HOUR, 10, Duration.ofSeconds(1));
    logs.forEach(log -> send(deployment, customer, List.of(log)));
    JsonObject operation = deployment.restore(customer, "r", HOUR, HOUR.plus(AN_HOUR));
    assertThat(progress(operation, "slicesTotal")).isBetween(1L, 3L);
    assertThat(deployment.restoredLines(number(operation, "id")))
        .containsExactlyInAnyOrderElementsOf(logs);
  }

  /** A day of objects as a busy deployment writes them: 4.5 MB stored, 45 MB raw each. */
  @Test
  void aMillionObjectsArePlannedInTenThousandSlicesAtMost() {
    int perHour = 1_000_000 / 24;
    InMemoryDeployment deployment =
        new InMemoryDeployment(
            new Options()
                .archive(
                    archive ->
                        new ArchiveStorageDecorator(archive) {
                          @Override
                          public Page list(String prefix, @Nullable String pageToken) {
                            if (!prefix.startsWith("dt=")) {
                              return super.list(prefix, pageToken);
                            }
                            Instant hour =
                                Instant.parse(
                                    prefix.replaceAll(
                                        "dt=(\\d{4})(\\d\\d)(\\d\\d)/hour=(\\d\\d)/",
                                        "$1-$2-$3T$4:00:00Z"));
                            int from = pageToken == null ? 0 : Integer.parseInt(pageToken);
                            int to = Math.min(from + 1_000, perHour + 1);
                            List<ObjectInfo> page = new ArrayList<>();
                            for (int i = from; i < to; i++) {
                              String batch = String.format("%032x", i);
                              long min = hour.toEpochMilli() + i;
                              String name =
                                  new ObjectName(
                                          min, min, 90_000, 45_000_000, batch, Compression.ZSTD)
                                      .path();
                              page.add(new ObjectInfo(name, 4_500_000, "STANDARD", true));
                            }
                            return new Page(page, to == perHour + 1 ? null : Integer.toString(to));
                          }
                        }));
    Customer customer = deployment.archivingCustomer("bucket");
    int id =
        number(
            object(
                deployment.startRestore(customer, "day", HOUR.minus(Duration.ofHours(24)), HOUR)),
            "id");
    PlanRestore.Outcome.Planned planned =
        (PlanRestore.Outcome.Planned) deployment.planRestore.run(id);
    assertThat(progress(deployment.operation(customer, id), "objectsTotal"))
        .isGreaterThanOrEqualTo(1_000_000);
    assertThat(planned.slices()).isBetween(5_000, 10_000);
    assertThat(planned.items()).hasSizeLessThan(100);
  }

  @Test
  void countingStopsWithinTwoSecondsOfAnAbort() {
    List<InMemoryDeployment> self = new ArrayList<>();
    List<Runnable> abort = new ArrayList<>();
    AtomicInteger reads = new AtomicInteger();
    InMemoryDeployment deployment =
        new InMemoryDeployment(
            new Options()
                .restores(new RestoreLimits(Duration.ofHours(24), 1, 5))
                .archive(
                    archive ->
                        new ArchiveStorageDecorator(archive) {
                          @Override
                          public byte[] get(String key, long from, int most) {
                            if (!abort.isEmpty() && key.startsWith("dt=")) {
                              reads.incrementAndGet();
                              abort.getFirst().run();
                              self.getFirst().clock.advance(Duration.ofSeconds(2));
                            }
                            return super.get(key, from, most);
                          }
                        }));
    self.add(deployment);
    Customer customer = deployment.archivingCustomer("bucket");
    logs(HOUR, 5, Duration.ofSeconds(1)).forEach(log -> send(deployment, customer, List.of(log)));
    int id = number(object(deployment.startRestore(customer, "r", HOUR, HOUR.plus(AN_HOUR))), "id");
    deployment.planRestore.run(id);
    abort.add(
        () -> deployment.restores("DELETE", "/archive/restore/" + id, customer.apiToken(), ""));
    deployment.countSlice.run(id, 0);
    assertThat(reads).hasValue(1);
    assertThat(deployment.cutRestore.run(id)).isFalse();
  }

  @Test
  void atTheCapTheCutIsExactAndTheSameAtEveryRunWith40Slices() {
    // 40 objects of one log a minute each: minute m holds 40 logs, one in every slice.
    InMemoryDeployment deployment =
        new InMemoryDeployment(
            new Options()
                .slices(new SliceLimits(Long.MAX_VALUE, Long.MAX_VALUE, 1, 10_000))
                .restores(new RestoreLimits(Duration.ofHours(24), 40 * 10 * 100, 5)));
    Customer customer = deployment.archivingCustomer("bucket");
    List<String> all = new ArrayList<>();
    for (int object = 0; object < 40; object++) {
      List<String> logs = new ArrayList<>();
      for (int minute = 0; minute < 30; minute++) {
        logs.add(sized(HOUR.plusSeconds(60L * minute + object), 99));
      }
      send(deployment, customer, logs);
      all.addAll(logs);
    }
    List<JsonValue> cuts = new ArrayList<>();
    for (int run = 0; run < 3; run++) {
      JsonObject operation = deployment.restore(customer, "run " + run, HOUR, HOUR.plus(AN_HOUR));
      assertThat(text(operation, "status")).isEqualTo("LIMIT_EXCEEDED");
      assertThat(progress(operation, "slicesTotal")).isEqualTo(40);
      assertThat(progress(operation, "logsRestored")).isEqualTo(400);
      cuts.add(operation.member("coveredUntil").orElseThrow());
      Instant cut = HOUR.plus(Duration.ofMinutes(10));
      assertThat(deployment.restoredLines(number(operation, "id")))
          .containsExactlyInAnyOrderElementsOf(
              all.stream()
                  .filter(
                      log -> log.substring(15, 34).compareTo(cut.toString().substring(0, 19)) < 0)
                  .toList());
      assertThat(((JsonValue.Num) cuts.getFirst()).value())
          .isEqualByComparingTo(BigDecimal.valueOf(cut.getEpochSecond()));
    }
    assertThat(cuts.stream().distinct()).hasSize(1);
  }

  @Test
  void oneByteLessCapCutsAMinuteEarlier() {
    for (int[] example : new int[][] {{10 * 100, 10}, {10 * 100 - 1, 9}, {30 * 100, -1}}) {
      InMemoryDeployment deployment =
          new InMemoryDeployment(
              new Options().restores(new RestoreLimits(Duration.ofHours(24), example[0], 5)));
      Customer customer = deployment.archivingCustomer("bucket");
      List<String> logs = new ArrayList<>();
      for (int minute = 0; minute < 30; minute++) {
        logs.add(sized(HOUR.plusSeconds(60L * minute), 99));
      }
      send(deployment, customer, logs);
      JsonObject operation = deployment.restore(customer, "r", HOUR, HOUR.plus(AN_HOUR));
      boolean cut = example[1] >= 0;
      assertThat(text(operation, "status")).isEqualTo(cut ? "LIMIT_EXCEEDED" : "ACTIVE");
      assertThat(progress(operation, "logsRestored")).isEqualTo(cut ? example[1] : 30);
      assertThat(operation.member("coveredUntil").isPresent()).isEqualTo(cut);
    }
  }

  @Test
  void aPlanOverTheCapWhoseLogsFitIsNotCut() {
    // The object's name covers 30 minutes, the range only ten of them.
    InMemoryDeployment deployment =
        new InMemoryDeployment(
            new Options().restores(new RestoreLimits(Duration.ofHours(24), 1_500, 5)));
    Customer customer = deployment.archivingCustomer("bucket");
    List<String> logs = new ArrayList<>();
    for (int minute = 0; minute < 30; minute++) {
      logs.add(sized(HOUR.plusSeconds(60L * minute), 99));
    }
    send(deployment, customer, logs);
    JsonObject operation =
        deployment.restore(customer, "r", HOUR, HOUR.plus(Duration.ofMinutes(10)));
    assertThat(text(operation, "status")).isEqualTo("ACTIVE");
    assertThat(progress(operation, "logsRestored")).isEqualTo(10);
  }

  @Test
  void aFirstMinuteOverTheCapFails() {
    InMemoryDeployment deployment =
        new InMemoryDeployment(
            new Options().restores(new RestoreLimits(Duration.ofHours(24), 150, 5)));
    Customer customer = deployment.archivingCustomer("bucket");
    send(
        deployment,
        customer,
        List.of(sized(HOUR.plusSeconds(61), 99), sized(HOUR.plusSeconds(62), 99)));
    JsonObject operation = deployment.restore(customer, "r", HOUR, HOUR.plus(AN_HOUR));
    assertThat(text(operation, "status")).isEqualTo("FAILED");
    assertThat(text((JsonObject) operation.member("failure").orElseThrow(), "code"))
        .isEqualTo("RANGE_OVER_CAP");
    assertThat(operation.member("expiresAt")).isEmpty();
    assertThat(deployment.restoredAccounts.list()).isEmpty();
    assertThat(deployment.startRestore(customer, "r", HOUR, HOUR.plus(AN_HOUR)).status())
        .isEqualTo(200);
  }

  @Test
  void theAccountsDailyVolumeBoundsARestoreToo() {
    InMemoryDeployment deployment = new InMemoryDeployment();
    Customer customer = deployment.customer("small", new BigDecimal("0.000000150"));
    deployment.storages.createBucket(
        "small", InMemoryDeployment.ACCESS_KEY, InMemoryDeployment.SECRET_KEY);
    deployment.createSettings(customer, InMemoryDeployment.settings("small"));
    send(deployment, customer, List.of(sized(HOUR, 99), sized(HOUR.plusSeconds(60), 99)));
    JsonObject operation = deployment.restore(customer, "r", HOUR, HOUR.plus(AN_HOUR));
    assertThat(text(operation, "status")).isEqualTo("LIMIT_EXCEEDED");
    assertThat(progress(operation, "logsRestored")).isEqualTo(1);
  }

  @Test
  void anAbortStopsTheSliceAndABulkThatComesLaterCreatesNothing() {
    List<Runnable> during = new ArrayList<>();
    InMemoryDeployment deployment =
        new InMemoryDeployment(
            new Options()
                .bulk(new RestoreSlice.BulkLimits(10, 1 << 20))
                .accounts(
                    accounts ->
                        new RestoredAccountsDecorator(accounts) {
                          @Override
                          public RestoreSink sink(Uid uid) {
                            RestoreSink sink = super.sink(uid);
                            return logs -> {
                              during.removeFirst().run();
                              return sink.write(logs);
                            };
                          }
                        }));
    Customer customer = deployment.archivingCustomer("bucket");
    send(deployment, customer, logs(HOUR, 100, Duration.ofSeconds(1)));
    int id = number(object(deployment.startRestore(customer, "r", HOUR, HOUR.plus(AN_HOUR))), "id");
    during.add(() -> {});
    during.add(
        () -> {
          ApiResponse reply =
              deployment.restores("DELETE", "/archive/restore/" + id, customer.apiToken(), "");
          assertThat(text(object(reply), "status")).isEqualTo("ABORTED");
        });
    deployment.workflow.runAll();
    assertThat(during).isEmpty();
    assertThat(text(deployment.operation(customer, id), "status")).isEqualTo("ABORTED");
    assertThat(deployment.restoredAccounts.list()).isEmpty();
  }

  @Test
  void anAbortIsSeenWithinTwoSecondsOfWork() {
    List<InMemoryDeployment> self = new ArrayList<>();
    AtomicInteger bulks = new AtomicInteger();
    InMemoryDeployment deployment =
        new InMemoryDeployment(
            new Options()
                .bulk(new RestoreSlice.BulkLimits(10, 1 << 20))
                .accounts(
                    accounts ->
                        new RestoredAccountsDecorator(accounts) {
                          @Override
                          public RestoreSink sink(Uid uid) {
                            return logs -> {
                              self.getFirst().clock.advance(Duration.ofMillis(500));
                              if (bulks.incrementAndGet() == 1) {
                                int id =
                                    self.getFirst()
                                        .restoreStore
                                        .live(null)
                                        .restores()
                                        .getFirst()
                                        .id();
                                Restore restore =
                                    self.getFirst().restoreStore.find(id).orElseThrow();
                                // Only the state changes: the account is still there to be written
                                // to.
                                assertThat(
                                        self.getFirst()
                                            .restoreStore
                                            .update(
                                                restore.removed(
                                                    Totals.NONE, InMemoryDeployment.NOW)))
                                    .isTrue();
                              }
                              return 0;
                            };
                          }
                        }));
    self.add(deployment);
    Customer customer = deployment.archivingCustomer("bucket");
    send(deployment, customer, logs(HOUR, 1_000, Duration.ofSeconds(1)));
    deployment.startRestore(customer, "r", HOUR, HOUR.plus(AN_HOUR));
    deployment.workflow.runAll();
    assertThat(bulks).hasValue(4);
  }

  @Test
  void aRemovedAccountIsGoneAndItsNameAndSlotAreFree() {
    InMemoryDeployment deployment = new InMemoryDeployment();
    Customer customer = deployment.archivingCustomer("bucket");
    int id = number(deployment.restore(customer, "name", HOUR, HOUR.plus(AN_HOUR)), "id");
    assertThat(deployment.startRestore(customer, "name", HOUR, HOUR.plus(AN_HOUR)).status())
        .isEqualTo(409);
    for (int i = 0; i < 2; i++) {
      ApiResponse reply =
          deployment.restores("DELETE", "/archive/restore/" + id, customer.apiToken(), "");
      assertThat(text(object(reply), "status")).isEqualTo("DELETED");
    }
    assertThat(deployment.restoredAccounts.list()).isEmpty();
    assertThat(deployment.startRestore(customer, "name", HOUR, HOUR.plus(AN_HOUR)).status())
        .isEqualTo(200);
  }

  @Test
  void sixRestoresAtOnceAreOneTooMany() {
    InMemoryDeployment deployment = new InMemoryDeployment();
    Customer customer = deployment.archivingCustomer("bucket");
    deployment.restore(customer, "restore 0", HOUR, HOUR.plus(AN_HOUR));
    for (int i = 1; i < 5; i++) {
      assertThat(
              deployment.startRestore(customer, "restore " + i, HOUR, HOUR.plus(AN_HOUR)).status())
          .isEqualTo(200);
    }
    ApiResponse sixth = deployment.startRestore(customer, "restore 5", HOUR, HOUR.plus(AN_HOUR));
    assertThat(sixth.status()).isEqualTo(409);
    assertThat(sixth.bodyText())
        .contains("NO_FREE_SLOT")
        .contains("\\\"restore 0\\\" (until 2026-11-27T17:30:00Z)")
        .contains("\\\"restore 4\\\" (in progress)");
  }

  @Test
  void theSameIdempotencyKeyIsTheSameRestore() {
    InMemoryDeployment deployment = new InMemoryDeployment();
    Customer customer = deployment.archivingCustomer("bucket");
    String body = "{\"accountName\":\"r\",\"startTime\":1763827200,\"endTime\":1763830800}";
    Map<String, String> key = Map.of("Idempotency-Key", "key-1");
    int id = number(object(post(deployment, customer, key, body)), "id");
    assertThat(number(object(post(deployment, customer, key, body)), "id")).isEqualTo(id);
    ApiResponse other = post(deployment, customer, key, body.replace("\"r\"", "\"s\""));
    assertThat(other.status()).isEqualTo(409);
    assertThat(other.bodyText()).contains("IDEMPOTENCY_KEY_REUSED");
    assertThat(
            object(
                post(
                    deployment,
                    customer,
                    Map.of("Idempotency-Key", "key-2"),
                    body.replace("\"r\"", "\"s\""))))
        .isNotNull();
  }

  @Test
  void twentyStartsAtOnceTakeFiveSlotsAndOneNameOnce() {
    InMemoryDeployment deployment = new InMemoryDeployment();
    Customer customer = deployment.archivingCustomer("bucket");
    List<ApiResponse> replies =
        Together.run(
            20, i -> deployment.startRestore(customer, "same name", HOUR, HOUR.plus(AN_HOUR)));
    assertThat(replies).filteredOn(reply -> reply.status() == 200).hasSize(1);
    assertThat(replies).filteredOn(reply -> reply.status() == 409).hasSize(19);
    List<ApiResponse> others =
        Together.run(
            20, i -> deployment.startRestore(customer, "name " + i, HOUR, HOUR.plus(AN_HOUR)));
    assertThat(others).filteredOn(reply -> reply.status() == 200).hasSize(4);
  }

  @Test
  void whatIsDueExpiresAndWhatIsNotStays() {
    InMemoryDeployment deployment = new InMemoryDeployment();
    Customer customer = deployment.archivingCustomer("bucket");
    int id = number(deployment.restore(customer, "r", HOUR, HOUR.plus(AN_HOUR)), "id");
    deployment.clock.advance(Duration.ofDays(5).minusSeconds(1));
    deployment.expireRestores.run();
    assertThat(text(deployment.operation(customer, id), "status")).isEqualTo("ACTIVE");
    deployment.clock.advance(Duration.ofSeconds(1));
    deployment.expireRestores.run();
    assertThat(text(deployment.operation(customer, id), "status")).isEqualTo("EXPIRED");
    assertThat(deployment.restoredAccounts.list()).isEmpty();
    assertThat(deployment.restoreStore.live(null).restores()).isEmpty();
    deployment.expireRestores.run();
  }

  @Test
  void anAccountThatNoRestoreKnowsIsRemovedAfterAnHour() {
    InMemoryDeployment deployment = new InMemoryDeployment();
    Customer customer = deployment.archivingCustomer("bucket");
    deployment.restore(customer, "live", HOUR, HOUR.plus(AN_HOUR));
    deployment.restoredAccounts.create(new Uid("0123456789abcdef0123456789abcdef"), 1);
    deployment.expireRestores.run();
    assertThat(deployment.restoredAccounts.list()).hasSize(2);
    deployment.clock.advance(Duration.ofMinutes(61));
    deployment.expireRestores.run();
    assertThat(deployment.restoredAccounts.list()).hasSize(1);
  }

  @Test
  void aLogWithoutAUsableTimeThatIsSentTwiceComesBackTwice() {
    InMemoryDeployment deployment = new InMemoryDeployment();
    Customer customer = deployment.archivingCustomer("bucket");
    String log = "{\"@timestamp\":\"2026-11-22 17:01:02\",\"type\":\"t\"}";
    send(deployment, customer, List.of(log, log));
    deployment.clock.advance(Duration.ofMinutes(5));
    send(deployment, customer, List.of(log, log));
    JsonObject operation =
        deployment.restore(customer, "r", HOUR.plus(AN_HOUR), HOUR.plus(AN_HOUR.multipliedBy(2)));
    assertThat(progress(operation, "logsRestored")).isEqualTo(4);
    assertThat(deployment.restoredLines(number(operation, "id")))
        .containsExactly(log, log, log, log);
  }

  @Test
  void theSweeperUsesUpNoAttemptOnAWorkflowThatDoesNotStart() {
    InMemoryDeployment deployment = new InMemoryDeployment();
    Customer customer = deployment.archivingCustomer("bucket");
    deployment.workflow.refuse(true);
    int id = number(object(deployment.startRestore(customer, "r", HOUR, HOUR.plus(AN_HOUR))), "id");
    for (int i = 0; i < 20; i++) {
      deployment.clock.advance(Duration.ofMinutes(2));
      assertThatThrownBy(deployment.sweepRestores::run).isInstanceOf(ServiceException.class);
    }
    deployment.workflow.refuse(false);
    deployment.sweepRestores.run();
    deployment.workflow.runAll();
    assertThat(text(deployment.operation(customer, id), "status")).isEqualTo("ACTIVE");
  }

  @Test
  void oneAccountThatCannotBeRemovedDoesNotHoldUpTheOthers() {
    List<Uid> stuck = new ArrayList<>();
    InMemoryDeployment deployment =
        new InMemoryDeployment(
            new Options()
                .accounts(
                    accounts ->
                        new RestoredAccountsDecorator(accounts) {
                          @Override
                          public void delete(Uid uid) {
                            if (stuck.isEmpty() || stuck.contains(uid)) {
                              stuck.add(uid);
                              throw new ServiceException.Unavailable("Delete", "Red", null, null);
                            }
                            super.delete(uid);
                          }
                        }));
    Customer customer = deployment.archivingCustomer("bucket");
    for (int i = 0; i < 3; i++) {
      deployment.restore(customer, "r" + i, HOUR, HOUR.plus(AN_HOUR));
    }
    deployment.clock.advance(Duration.ofDays(6));
    assertThatThrownBy(deployment.expireRestores::run).hasMessageContaining("Red");
    assertThat(deployment.restoreStore.live(null).restores()).isEmpty();
    assertThat(deployment.restoredAccounts.list()).hasSize(1);
    stuck.replaceAll(uid -> new Uid("0".repeat(32)));
    deployment.expireRestores.run();
    assertThat(deployment.restoredAccounts.list()).isEmpty();
  }

  @Test
  void aFailedRestoresNumberIsWhatIsFoundThoughOthersWroteMeanwhile() {
    List<Runnable> meanwhile = new ArrayList<>();
    InMemoryDeployment deployment =
        new InMemoryDeployment(
            new Options()
                .accounts(
                    accounts ->
                        new RestoredAccountsDecorator(accounts) {
                          @Override
                          public long refresh(Uid uid) {
                            long counted = super.refresh(uid);
                            meanwhile.forEach(Runnable::run);
                            meanwhile.clear();
                            return counted;
                          }
                        })
                .slices(new SliceLimits(Long.MAX_VALUE, Long.MAX_VALUE, 1, 10_000)));
    Customer customer = deployment.archivingCustomer("bucket");
    send(deployment, customer, logs(HOUR, 3, Duration.ofSeconds(1)));
    send(deployment, customer, logs(HOUR.plusSeconds(60), 4, Duration.ofSeconds(1)));
    int id = number(object(deployment.startRestore(customer, "r", HOUR, HOUR.plus(AN_HOUR))), "id");
    deployment.planRestore.run(id);
    Instant deadline = deployment.clock.instant().plus(Duration.ofMinutes(15));
    deployment.restoreSlice.run(id, 0, deadline);
    meanwhile.add(() -> deployment.restoreSlice.run(id, 1, deadline));
    deployment.failRestore.run(id, new Restore.Failure("REFUSED", "no"));
    assertThat(progress(deployment.operation(customer, id), "logsRestored"))
        .isEqualTo(deployment.restoredLines(id).size())
        .isEqualTo(7);
    assertThat(deployment.restoreSlice.run(id, 1, deadline)).isEqualTo(RestoreSlice.Outcome.ENDED);
  }

  @Test
  void aRestoreFailsEvenIfItsAccountCannotBeRemoved() {
    InMemoryDeployment deployment =
        new InMemoryDeployment(
            new Options()
                .accounts(
                    accounts ->
                        new RestoredAccountsDecorator(accounts) {
                          @Override
                          public void create(Uid uid, long bytes) {
                            throw new ServiceException.Denied("Create", "Full", null, null);
                          }

                          @Override
                          public void delete(Uid uid) {
                            throw new ServiceException.Unavailable("Delete", "Red", null, null);
                          }
                        }));
    Customer customer = deployment.archivingCustomer("bucket");
    JsonObject operation = deployment.restore(customer, "r", HOUR, HOUR.plus(AN_HOUR));
    assertThat(text(operation, "status")).isEqualTo("FAILED");
    assertThat(text((JsonObject) operation.member("failure").orElseThrow(), "message"))
        .contains("Full");
  }

  @Test
  void aRestoreFailsEvenIfItsAccountCannotBeCounted() {
    InMemoryDeployment deployment =
        new InMemoryDeployment(
            new Options()
                .accounts(
                    accounts ->
                        new RestoredAccountsDecorator(accounts) {
                          @Override
                          public long refresh(Uid uid) {
                            throw new ServiceException.Unavailable("Refresh", "Red", null, null);
                          }
                        }));
    Customer customer = deployment.archivingCustomer("bucket");
    send(deployment, customer, logs(HOUR, 10, Duration.ofSeconds(1)));
    JsonObject operation = deployment.restore(customer, "r", HOUR, HOUR.plus(AN_HOUR));
    assertThat(text(operation, "status")).isEqualTo("FAILED");
    assertThat(progress(operation, "logsRestored")).isEqualTo(10);
  }

  @Test
  void anAbortWhileFinishingIsAnAbort() {
    List<Runnable> before = new ArrayList<>();
    InMemoryDeployment deployment =
        new InMemoryDeployment(
            new Options()
                .accounts(
                    accounts ->
                        new RestoredAccountsDecorator(accounts) {
                          @Override
                          public long refresh(Uid uid) {
                            before.removeFirst().run();
                            return super.refresh(uid);
                          }
                        }));
    Customer customer = deployment.archivingCustomer("bucket");
    int id = number(object(deployment.startRestore(customer, "r", HOUR, HOUR.plus(AN_HOUR))), "id");
    before.add(
        () -> deployment.restores("DELETE", "/archive/restore/" + id, customer.apiToken(), ""));
    deployment.workflow.runAll();
    assertThat(before).isEmpty();
    assertThat(text(deployment.operation(customer, id), "status")).isEqualTo("ABORTED");
  }

  @Test
  void theSweeperStartsWhatDidNotStartOrWasLost() {
    InMemoryDeployment deployment = new InMemoryDeployment();
    Customer customer = deployment.archivingCustomer("bucket");
    send(deployment, customer, logs(HOUR, 10, Duration.ofSeconds(1)));
    deployment.workflow.refuse(true);
    int first =
        number(
            object(deployment.startRestore(customer, "not started", HOUR, HOUR.plus(AN_HOUR))),
            "id");
    deployment.workflow.refuse(false);
    int second =
        number(object(deployment.startRestore(customer, "lost", HOUR, HOUR.plus(AN_HOUR))), "id");
    deployment.workflow.lose();
    deployment.sweepRestores.run();
    deployment.workflow.runAll();
    assertThat(text(deployment.operation(customer, first), "status")).isEqualTo("IN_PROGRESS");
    deployment.clock.advance(Duration.ofSeconds(61));
    deployment.sweepRestores.run();
    deployment.sweepRestores.run();
    deployment.workflow.runAll();
    for (int id : List.of(first, second)) {
      assertThat(text(deployment.operation(customer, id), "status")).isEqualTo("ACTIVE");
      assertThat(deployment.restoreStore.find(id).orElseThrow().attempt()).isEqualTo(2);
    }
  }

  @Test
  void aWorkflowThatIsLostTenTimesFails() {
    InMemoryDeployment deployment = new InMemoryDeployment();
    Customer customer = deployment.archivingCustomer("bucket");
    int id = number(object(deployment.startRestore(customer, "r", HOUR, HOUR.plus(AN_HOUR))), "id");
    for (int i = 0; i < 10; i++) {
      deployment.workflow.lose();
      deployment.clock.advance(Duration.ofMinutes(2));
      deployment.sweepRestores.run();
    }
    JsonObject operation = deployment.operation(customer, id);
    assertThat(text(operation, "status")).isEqualTo("FAILED");
    assertThat(text((JsonObject) operation.member("failure").orElseThrow(), "code"))
        .isEqualTo("WORKFLOW_LOST");
  }

  @Test
  void aWorkflowThatRunsForMoreThanAWeekFails() {
    InMemoryDeployment deployment = new InMemoryDeployment();
    Customer customer = deployment.archivingCustomer("bucket");
    int id = number(object(deployment.startRestore(customer, "r", HOUR, HOUR.plus(AN_HOUR))), "id");

    deployment.clock.advance(Duration.ofDays(7));
    deployment.sweepRestores.run();
    assertThat(text(deployment.operation(customer, id), "status")).isEqualTo("IN_PROGRESS");
    deployment.clock.advance(Duration.ofMinutes(1));
    deployment.sweepRestores.run();

    JsonObject operation = deployment.operation(customer, id);
    assertThat(text(operation, "status")).isEqualTo("FAILED");
    assertThat(text((JsonObject) operation.member("failure").orElseThrow(), "code"))
        .isEqualTo("TOO_LONG");
    deployment.workflow.runAll();
    assertThat(text(deployment.operation(customer, id), "status")).isEqualTo("FAILED");
  }

  @Test
  void aFailureLaterOnKeepsWhatWasRestored() {
    AtomicInteger bulks = new AtomicInteger();
    InMemoryDeployment deployment =
        new InMemoryDeployment(
            new Options()
                .bulk(new RestoreSlice.BulkLimits(10, 1 << 20))
                .accounts(
                    accounts ->
                        new RestoredAccountsDecorator(accounts) {
                          @Override
                          public RestoreSink sink(Uid uid) {
                            RestoreSink sink = super.sink(uid);
                            return logs -> {
                              if (bulks.incrementAndGet() > 3) {
                                throw new ServiceException.Denied(
                                    "Bulk", "cluster_block_exception", null, null);
                              }
                              return sink.write(logs);
                            };
                          }
                        }));
    Customer customer = deployment.archivingCustomer("bucket");
    send(deployment, customer, logs(HOUR, 100, Duration.ofSeconds(1)));
    JsonObject operation = deployment.restore(customer, "r", HOUR, HOUR.plus(AN_HOUR));
    assertThat(text(operation, "status")).isEqualTo("FAILED");
    assertThat(progress(operation, "logsRestored")).isEqualTo(30);
    assertThat(operation.member("expiresAt")).isPresent();
    assertThat(((JsonObject) operation.member("failure").orElseThrow()).toString())
        .contains("cluster_block_exception");
    assertThat(deployment.startRestore(customer, "r", HOUR, HOUR.plus(AN_HOUR)).status())
        .isEqualTo(409);
  }

  @Test
  void aPlanThatIsMadeTwiceIsTheFirstOne() {
    InMemoryDeployment deployment = new InMemoryDeployment();
    Customer customer = deployment.archivingCustomer("bucket");
    List<String> first = logs(HOUR, 10, Duration.ofSeconds(1));
    send(deployment, customer, first);
    int id = number(object(deployment.startRestore(customer, "r", HOUR, HOUR.plus(AN_HOUR))), "id");
    deployment.planRestore.run(id);
    send(deployment, customer, logs(HOUR.plusSeconds(100), 10, Duration.ofSeconds(1)));
    deployment.workflow.runAll();
    assertThat(deployment.restoredLines(id)).containsExactlyInAnyOrderElementsOf(first);
  }

  @Test
  void whatIsDamagedIsReportedAndCostsOnlyItself() {
    InMemoryDeployment deployment = new InMemoryDeployment();
    Customer customer = deployment.archivingCustomer("bucket");
    List<String> good = logs(HOUR, 10, Duration.ofSeconds(1));
    send(deployment, customer, good);
    send(deployment, customer, logs(HOUR.plusSeconds(600), 10, Duration.ofSeconds(1)));
    ArchiveStorage bucket = deployment.bucket("bucket");
    String damaged = TestArchive.names(bucket).getLast().path();
    byte[] bytes = bucket.get(damaged, 0, Integer.MAX_VALUE);
    bytes[bytes.length - 10] ^= 1;
    bucket.put(damaged, Content.of(bytes, Content.LOGS));
    bucket.put("dt=20261122/hour=16/_temporary", Content.of(new byte[3], Content.LOGS));

    JsonObject operation = deployment.restore(customer, "r", HOUR, HOUR.plus(AN_HOUR));

    assertThat(text(operation, "status")).isEqualTo("ACTIVE");
    assertThat(deployment.restoredLines(number(operation, "id")))
        .containsExactlyInAnyOrderElementsOf(good);
    // The block, and that the object holds less than its name tells.
    assertThat(progress(operation, "damages")).isEqualTo(2);
    assertThat(progress(operation, "skippedNames")).isEqualTo(1);
    assertThat(operation.member("progress").orElseThrow().toString()).contains(damaged);
  }

  @Test
  void linesThatAreNotJsonComeBackRaw() {
    InMemoryDeployment deployment = new InMemoryDeployment();
    Customer customer = deployment.archivingCustomer("bucket");
    byte[] lines = "plain text\n{\"a\":1}\n".getBytes(StandardCharsets.UTF_8);
    long time = HOUR.toEpochMilli();
    String key =
        "dt=20261122/hour=16/%d-%d.2.%d.%s.json"
            .formatted(time, time, lines.length, "0".repeat(32));
    deployment.bucket("bucket").put(key, Content.of(lines, Content.LOGS));
    JsonObject operation = deployment.restore(customer, "r", HOUR, HOUR.plus(AN_HOUR));
    assertThat(deployment.restoredLines(number(operation, "id")))
        .containsExactly("plain text", "{\"a\":1}");
    assertThat(progress(operation, "logsConflicting")).isEqualTo(1);
  }

  @Test
  void withoutItsArchiveARestoreIsRefusedOrFailsWithTheReason() {
    InMemoryDeployment deployment = new InMemoryDeployment();
    Customer none = deployment.customer("none");
    ApiResponse refused = deployment.startRestore(none, "r", HOUR, HOUR.plus(AN_HOUR));
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.bodyText()).contains("NO_ARCHIVE");
    Customer customer = deployment.archivingCustomer("bucket");
    deployment.storages.createBucket("bucket", "another-key", "another-secret");
    deployment.clock.advance(Duration.ofMinutes(16));
    JsonObject operation = deployment.restore(customer, "r", HOUR, HOUR.plus(AN_HOUR));
    assertThat(text(operation, "status")).isEqualTo("FAILED");
    assertThat(operation.member("failure").orElseThrow().toString()).contains("InvalidAccessKeyId");
  }

  @Test
  void badRequestsNameTheField() {
    InMemoryDeployment deployment = new InMemoryDeployment();
    Customer customer = deployment.archivingCustomer("bucket");
    String good = "{\"accountName\":\"r\",\"startTime\":1763827200,\"endTime\":1763830800}";
    for (String[] example :
        new String[][] {
          {good.replace("\"r\"", "\"\""), "accountName"},
          {good.replace("\"r\"", "5"), "accountName"},
          {good.replace("\"r\"", "\"" + "x".repeat(201) + "\""), "accountName"},
          {good.replace("1763827200", "\"yesterday\""), "startTime"},
          {good.replace("1763827200", "1e-10000000"), "startTime"},
          {good.replace("1763827200", "1e-2147483646"), "startTime"},
          {good.replace("{", "{\"username\":\"" + "u".repeat(201) + "\","), "username"},
          {good.replace("1763827200", "1763830800"), "endTime"},
          {good.replace("1763827200", "1763744399"), "endTime"},
          {good.replace("}", ",\"expiresInDays\":31}"), "expiresInDays"},
          {good.replace("}", ",\"expiresInDays\":0.5}"), "expiresInDays"},
          {"{}", "accountName"},
          {"[]", "must be a JSON object"},
          {"", "is empty"},
        }) {
      ApiResponse reply = post(deployment, customer, Map.of(), example[0]);
      assertThat(reply.status()).as(example[0]).isEqualTo(400);
      assertThat(reply.bodyText()).as(example[0]).contains(example[1]);
    }
    assertThat(
            post(deployment, customer, Map.of(), good.replace("1763827200", "1763744400")).status())
        .isEqualTo(200);
  }

  @Test
  void whatIsNotBuiltYetSaysSo() {
    InMemoryDeployment deployment = new InMemoryDeployment();
    Customer customer = deployment.archivingCustomer("bucket");
    String good = "{\"accountName\":\"r\",\"startTime\":1763827200,\"endTime\":1763830800";
    for (String field :
        List.of(
            "\"powerSearch\":\"a\"",
            "\"filters\":[{\"field\":\"a\",\"operator\":\"exists\"}]",
            "\"dryRun\":true",
            "\"archived\":\"skip\"")) {
      assertThat(post(deployment, customer, Map.of(), good + "," + field + "}").status())
          .isEqualTo(501);
    }
    assertThat(
            deployment
                .restores("POST", "/archive/restore/estimate", customer.apiToken(), good + "}")
                .status())
        .isEqualTo(501);
    assertThat(
            post(deployment, customer, Map.of(), good + ",\"powerSearch\":\"\",\"filters\":[]}")
                .status())
        .isEqualTo(200);
  }

  @Test
  void anOperationShowsTimesAsTheVendorsClientsKnowThem() {
    InMemoryDeployment deployment = new InMemoryDeployment();
    Customer customer = deployment.archivingCustomer("bucket");
    String body =
        "{\"accountName\":\"r\",\"username\":\"u\",\"startTime\":1763827200.000000000,\"endTime\":1763830800123}";
    ApiResponse started =
        post(deployment, customer, Map.of(), body.replace("1763827200.0", "1763827300.0"));
    assertThat(started.bodyText())
        .contains("\"startTime\":1763827300.000000000,\"endTime\":1763830800123")
        .contains("\"createdAt\":1795368600.000000000")
        .contains("\"startedAt\":null,\"finishedAt\":null,\"expiresAt\":null")
        .contains("\"username\":\"u\"")
        .contains("\"restoredVolumeGb\":0.000000000")
        .contains("\"coveredUntil\":null")
        .contains("\"failure\":null");
    deployment.workflow.runAll();
    int id = number(Json.object(started.body()), "id");
    assertThat(
            deployment
                .restores("GET", "/archive/restore/" + id, customer.apiToken(), "")
                .bodyText())
        .contains("\"expiresAt\":1795800600.000000000");
  }

  @Test
  void theHistoryIsNewestFirst() {
    InMemoryDeployment deployment = new InMemoryDeployment();
    Customer customer = deployment.archivingCustomer("bucket");
    List<Integer> ids = new ArrayList<>();
    for (int i = 0; i < 205; i++) {
      deployment.clock.advance(Duration.ofSeconds(1));
      int id = number(deployment.restore(customer, "r", HOUR, HOUR.plus(AN_HOUR)), "id");
      deployment.restores("DELETE", "/archive/restore/" + id, customer.apiToken(), "");
      ids.addFirst(id);
    }
    assertThat(ids(deployment.restores("GET", "/archive/restore", customer.apiToken(), "")))
        .isEqualTo(ids.subList(0, 200));
    assertThat(
            ids(
                deployment.restores(
                    "GET", "/archive/restore?before=" + ids.get(199), customer.apiToken(), "")))
        .isEqualTo(ids.subList(200, 205));
    assertThat(
            deployment
                .restores("GET", "/archive/restore?before=x", customer.apiToken(), "")
                .status())
        .isEqualTo(400);
  }

  private static List<Integer> ids(ApiResponse reply) {
    return ((JsonValue.Array) Json.value(reply.body()))
        .values().stream().map(value -> number((JsonObject) value, "id")).toList();
  }

  private static ApiResponse post(
      InMemoryDeployment deployment, Customer customer, Map<String, String> headers, String body) {
    return deployment.restores("POST", "/archive/restore", customer.apiToken(), headers, body);
  }

  private static void send(InMemoryDeployment deployment, Customer customer, List<String> logs) {
    ApiResponse reply = deployment.send(customer, String.join("\n", logs));
    assertThat(reply.status()).as(reply.bodyText()).isEqualTo(200);
  }

  private static List<String> logs(Instant start, int count, Duration step) {
    List<String> logs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      logs.add(
          "{\"@timestamp\":\"%s\",\"type\":\"t\",\"n\":%d}"
              .formatted(start.plus(step.multipliedBy(i)), i));
    }
    return logs;
  }

  /** A log of so many bytes, its line end not counted. */
  private static String sized(Instant time, int bytes) {
    String start =
        "{\"@timestamp\":\"%s.000Z\",\"type\":\"t\",\"p\":\""
            .formatted(time.toString().substring(0, 19));
    return start + "x".repeat(bytes - start.length() - 2) + "\"}";
  }

  private static long progress(JsonObject operation, String name) {
    JsonObject progress = (JsonObject) operation.member("progress").orElseThrow();
    return ((JsonValue.Num) progress.member(name).orElseThrow()).value().longValueExact();
  }
}
