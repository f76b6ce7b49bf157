package io.logarchive.functions.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import com.microsoft.durabletask.implementation.protobuf.OrchestratorService.HistoryEvent;
import io.logarchive.fault.ServiceException;
import io.logarchive.functions.azure.StepText.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The workflow against a backend that lets its tasks end in any order. */
class RestoreOrchestrationTest {
  private static final String UNAVAILABLE =
      "io.logarchive.fault.ServiceException$Unavailable/GetBlob: ServerBusy";

  private static final String RESTORE = "RestoreWorkflow";
  private static final String PART = "RestoreSlices";

  private final List<String> called = new ArrayList<>();
  private final List<Duration> pauses = new ArrayList<>();

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 100, 101, 950})
  void everySliceIsCountedAndRestoredOnce(int slices) {
    String ended =
        restore(
            (name, input) -> name.equals("PlanRestore") ? "PLANNED/" + slices + "/true" : "DONE",
            slices);

    assertThat(ended).isEqualTo("DONE");
    assertThat(of("CountSlice")).isEqualTo(numbered(slices));
    assertThat(of("RestoreSlice")).isEqualTo(numbered(slices));
    assertThat(called.getFirst()).isEqualTo("PlanRestore 7/");
    assertThat(called).containsOnlyOnce("CutRestore 7/");
    assertThat(called.getLast()).isEqualTo("FinishRestore 7/");
    assertThat(called.indexOf("CutRestore 7/")).isEqualTo(slices + 1);
  }

  @Test
  void whatNeedNotBeCountedIsNot() {
    assertThat(restore((name, input) -> name.equals("PlanRestore") ? "PLANNED/3/false" : "DONE", 1))
        .isEqualTo("DONE");
    assertThat(called).hasSize(5).noneMatch(call -> call.startsWith("C"));
  }

  @Test
  void noMoreIsUnderWayThanAllowed() {
    DurableBackend whole =
        new DurableBackend(
            RestoreOrchestration::restore,
            (name, input) -> name.equals("PlanRestore") ? "PLANNED/950/false" : "DONE",
            (name, input) -> "DONE",
            1);
    DurableBackend part =
        new DurableBackend(
            RestoreOrchestration::part, (name, input) -> "DONE", (name, input) -> "", 1);

    assertThat(whole.run("7/1")).isEqualTo("DONE");
    assertThat(part.run("RestoreSlice/7/100/200")).isEqualTo("DONE");

    assertThat(whole.most()).isEqualTo(RestoreOrchestration.PARTS_AT_ONCE);
    assertThat(part.most()).isEqualTo(RestoreOrchestration.SLICES_AT_ONCE);
  }

  @Test
  void aSliceThatIsNotDoneIsCalledAgain() {
    AtomicInteger calls = new AtomicInteger();

    String ended =
        restore(
            (name, input) ->
                switch (name) {
                  case "PlanRestore" -> "PLANNED/2/false";
                  case "RestoreSlice" ->
                      input.equals("7/1") && calls.incrementAndGet() < 4 ? "CONTINUE" : "DONE";
                  default -> "DONE";
                },
            2);

    assertThat(ended).isEqualTo("DONE");
    assertThat(called).filteredOn(call -> call.equals("RestoreSlice 7/1")).hasSize(4);
    assertThat(called).filteredOn(call -> call.equals("RestoreSlice 7/0")).hasSize(1);
    assertThat(pauses).containsOnly(Duration.ofSeconds(5)).hasSize(3);
  }

  @Test
  void whatMayPassIsTriedAgainEachTimeLaterAndThenFailsTheRestore() {
    List<String> failures = new ArrayList<>();
    DurableBackend backend =
        new DurableBackend(
            RestoreOrchestration::restore,
            (name, input) -> {
              called.add(name + " " + input);
              if (name.equals("FailRestore")) {
                failures.add(input);
                return "DONE";
              }
              return "RETRY/" + UNAVAILABLE;
            },
            (name, input) -> "DONE",
            1);

    assertThat(backend.run("7/1")).isEqualTo("DONE");

    assertThat(called).filteredOn(call -> call.startsWith("PlanRestore")).hasSize(9);
    assertThat(backend.pauses())
        .containsExactly(
            IntStream.of(5, 10, 20, 40, 80, 120, 120, 120)
                .mapToObj(Duration::ofSeconds)
                .toArray(Duration[]::new));
    assertThat(failures).containsExactly("7/" + UNAVAILABLE);
  }

  @Test
  void whatWorksInTheEndIsNoFailure() {
    AtomicInteger calls = new AtomicInteger();

    String ended =
        restore(
            (name, input) ->
                switch (name) {
                  case "PlanRestore" -> "PLANNED/1/false";
                  case "RestoreSlice" ->
                      calls.incrementAndGet() < 9 ? "RETRY/" + UNAVAILABLE : "DONE";
                  default -> "DONE";
                },
            3);

    assertThat(ended).isEqualTo("DONE");
    assertThat(called).noneMatch(call -> call.startsWith("FailRestore"));
  }

  @ParameterizedTest
  @CsvSource({"PlanRestore", "CountSlice", "CutRestore", "RestoreSlice", "FinishRestore"})
  void whatFailsForGoodFailsTheRestoreAtOnce(String failing) {
    String denied = "io.logarchive.fault.ServiceException$Denied/GetBlob: x/y";

    String ended =
        restore(
            (name, input) ->
                name.equals(failing)
                    ? "FAILED/" + denied
                    : name.equals("PlanRestore") ? "PLANNED/1/true" : "DONE",
            4);

    assertThat(ended).isEqualTo("DONE");
    assertThat(called.getLast()).isEqualTo("FailRestore 7/" + denied);
    assertThat(called).filteredOn(call -> call.startsWith(failing)).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"PlanRestore", "CutRestore", "RestoreSlice"})
  void aRestoreThatHasEndedIsLeftAlone(String ending) {
    String ended =
        restore(
            (name, input) ->
                name.equals(ending)
                    ? "ENDED"
                    : name.equals("PlanRestore") ? "PLANNED/1/true" : "DONE",
            5);

    assertThat(ended).isEqualTo("ENDED");
    assertThat(called).noneMatch(call -> call.startsWith("F"));
  }

  @Test
  void aStepThatThrowsIsTriedAgainAndInTheEndTheRestoreFails() {
    AtomicInteger lost = new AtomicInteger();
    assertThat(
            restore(
                (name, input) ->
                    switch (name) {
                      case "PlanRestore" -> "PLANNED/1/false";
                      case "RestoreSlice" -> lost.incrementAndGet() < 3 ? null : "DONE";
                      default -> "DONE";
                    },
                6))
        .isEqualTo("DONE");
    assertThat(called).filteredOn(call -> call.startsWith("RestoreSlice")).hasSize(3);
    called.clear();

    restore(
        (name, input) ->
            switch (name) {
              case "PlanRestore" -> null;
              default -> "DONE";
            },
        7);
    assertThat(called).filteredOn(call -> call.startsWith("PlanRestore")).hasSize(9);
    assertThat(called.getLast()).isEqualTo("FailRestore 7/java.lang.NoClassDefFoundError/x/Y");
  }

  @Test
  void theSameHistoryGivesTheSameDecisionsAThousandTimes() {
    Map<String, List<HistoryEvent>> histories = histories();

    for (int i = 0; i < 1_000; i++) {
      String name = i % 2 == 0 ? RESTORE : PART;
      List<HistoryEvent> history = Objects.requireNonNull(histories.get(name));
      assertThat(history).hasSizeGreaterThan(150);
      assertDecidesAsRecorded(name, history, turnBefore(history, i * 7 % history.size()));
    }
  }

  /**
   * A change to the code that decides otherwise by the same history would stop the restores that
   * run while it is deployed: then the orchestrations need other names. If that is so, the files go
   * away with it, and this test writes new ones.
   */
  @Test
  void theHistoriesOfEarlierVersionsGiveTheDecisionsOfThen() throws IOException {
    for (String name : List.of(RESTORE, PART)) {
      Path file = Path.of("src", "test", "resources", "histories", name + ".bin");
      if (!Files.exists(file)) {
        Files.createDirectories(file.resolveSibling(""));
        try (OutputStream out = Files.newOutputStream(file)) {
          for (HistoryEvent event : Objects.requireNonNull(histories().get(name))) {
            event.writeDelimitedTo(out);
          }
        }
        fail(file + " was not there, and is now: look at why, and keep it");
      }
      List<HistoryEvent> history = new ArrayList<>();
      try (InputStream in = Files.newInputStream(file)) {
        for (HistoryEvent event = HistoryEvent.parseDelimitedFrom(in);
            event != null;
            event = HistoryEvent.parseDelimitedFrom(in)) {
          history.add(event);
        }
      }
      assertThat(history).hasSizeGreaterThan(150);
      for (int turn = 0; turn < history.size(); turn = nextTurn(history, turn)) {
        assertDecidesAsRecorded(name, history, turn);
      }
    }
  }

  /** Of a restore with many parts, and of one part of it, with what may come between. */
  private static Map<String, List<HistoryEvent>> histories() {
    AtomicInteger calls = new AtomicInteger();
    DurableBackend whole =
        new DurableBackend(
            RestoreOrchestration::restore,
            (name, input) ->
                calls.incrementAndGet() == 1
                    ? "RETRY/" + UNAVAILABLE
                    : name.equals("PlanRestore") ? "PLANNED/3000/true" : "DONE",
            (name, input) -> "DONE",
            9);
    assertThat(whole.run("7/1")).isEqualTo("DONE");
    DurableBackend part =
        new DurableBackend(
            RestoreOrchestration::part,
            (name, input) ->
                switch (calls.incrementAndGet() % 4) {
                  case 0 -> "RETRY/" + UNAVAILABLE;
                  case 1 -> "CONTINUE";
                  default -> "DONE";
                },
            (name, input) -> "",
            8);
    assertThat(part.run("RestoreSlice/7/0/40")).isEqualTo("DONE");
    return Map.of(RESTORE, whole.history(), PART, part.history());
  }

  private static void assertDecidesAsRecorded(String name, List<HistoryEvent> history, int turn) {
    int decided = decided(history, turn);
    assertThat(
            DurableBackend.decide(
                    name.equals(RESTORE)
                        ? RestoreOrchestration::restore
                        : RestoreOrchestration::part,
                    history.subList(0, turn),
                    history.subList(turn, decided))
                .getActionsList()
                .stream()
                .filter(action -> !action.hasCompleteOrchestration())
                .map(DurableBackend::scheduled)
                .toList())
        .as("%s, turn at %s", name, turn)
        .isEqualTo(history.subList(decided, nextTurn(history, turn)));
  }

  @Test
  void textsAreNoJson() {
    assertThat(StepText.of(1, true)).isEqualTo("1/true");
    assertThat(Outcome.parse("PLANNED/3/true").more()).isEqualTo("3/true");
    assertThat(Outcome.of(new ServiceException.OutcomeUnknown("Put", "Lost", null, null)).text())
        .isEqualTo("RETRY/io.logarchive.fault.ServiceException$OutcomeUnknown/Put: Lost");
    assertThat(Outcome.of(new IllegalStateException()).text())
        .isEqualTo("FAILED/java.lang.IllegalStateException/null");
    assertThatThrownBy(() -> StepText.words("7", 2)).hasMessage("Not 2 words: 7");
  }

  /** Events of one turn begin with that it started. */
  private static int turnBefore(List<HistoryEvent> history, int at) {
    int turn = at;
    while (!history.get(turn).hasOrchestratorStarted()) {
      turn--;
    }
    return turn;
  }

  private static int nextTurn(List<HistoryEvent> history, int turn) {
    int next = turn + 1;
    while (next < history.size() && !history.get(next).hasOrchestratorStarted()) {
      next++;
    }
    return next;
  }

  /** What was decided in a turn stands behind the turn's own events. */
  private static int decided(List<HistoryEvent> history, int turn) {
    int decided = turn;
    while (decided < nextTurn(history, turn) && !isDecision(history.get(decided))) {
      decided++;
    }
    return decided;
  }

  private static boolean isDecision(HistoryEvent event) {
    return event.hasTaskScheduled()
        || event.hasTimerCreated()
        || event.hasSubOrchestrationInstanceCreated();
  }

  private String restore(DurableBackend.Tasks activities, long seed) {
    DurableBackend.Tasks recorded =
        (name, input) -> {
          called.add(name + " " + input);
          @Nullable String result = activities.apply(name, input);
          return result;
        };
    return new DurableBackend(
            RestoreOrchestration::restore,
            recorded,
            (name, input) -> part(recorded, input, seed),
            seed)
        .run("7/1");
  }

  private String part(DurableBackend.Tasks recorded, String input, long seed) {
    DurableBackend part =
        new DurableBackend(
            RestoreOrchestration::part, recorded, (n, i) -> "", seed + input.hashCode());
    String ended = part.run(input);
    pauses.addAll(part.pauses());
    return ended;
  }

  private Set<Integer> of(String step) {
    Set<Integer> slices = new TreeSet<>();
    for (String call : called) {
      if (call.startsWith(step + " ")) {
        assertThat(slices.add(Integer.parseInt(call.substring(call.indexOf('/') + 1)))).isTrue();
      }
    }
    return slices;
  }

  private static Set<Integer> numbered(int count) {
    Set<Integer> numbers = new TreeSet<>();
    Collections.addAll(numbers, IntStream.range(0, count).boxed().toArray(Integer[]::new));
    return numbers;
  }
}
