package io.logarchive.functions.azure;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.StringValue;
import com.google.protobuf.Timestamp;
import com.microsoft.durabletask.OrchestrationRunner;
import com.microsoft.durabletask.OrchestratorFunction;
import com.microsoft.durabletask.implementation.protobuf.OrchestratorService.ExecutionStartedEvent;
import com.microsoft.durabletask.implementation.protobuf.OrchestratorService.HistoryEvent;
import com.microsoft.durabletask.implementation.protobuf.OrchestratorService.OrchestratorAction;
import com.microsoft.durabletask.implementation.protobuf.OrchestratorService.OrchestratorRequest;
import com.microsoft.durabletask.implementation.protobuf.OrchestratorService.OrchestratorResponse;
import com.microsoft.durabletask.implementation.protobuf.OrchestratorService.OrchestratorStartedEvent;
import com.microsoft.durabletask.implementation.protobuf.OrchestratorService.SubOrchestrationInstanceCompletedEvent;
import com.microsoft.durabletask.implementation.protobuf.OrchestratorService.SubOrchestrationInstanceCreatedEvent;
import com.microsoft.durabletask.implementation.protobuf.OrchestratorService.TaskCompletedEvent;
import com.microsoft.durabletask.implementation.protobuf.OrchestratorService.TaskFailedEvent;
import com.microsoft.durabletask.implementation.protobuf.OrchestratorService.TaskFailureDetails;
import com.microsoft.durabletask.implementation.protobuf.OrchestratorService.TaskScheduledEvent;
import com.microsoft.durabletask.implementation.protobuf.OrchestratorService.TimerCreatedEvent;
import com.microsoft.durabletask.implementation.protobuf.OrchestratorService.TimerFiredEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Plays the backend of Durable Functions for one orchestration: keeps its history, and lets what it
 * waits for end in an order that a seed says. Time passes by timers alone.
 */
final class DurableBackend {
  private static final Instant BEGIN = Instant.parse("2026-11-22T17:00:00Z");

  /** What a task gave: a text, or nothing where it threw. */
  interface Tasks extends BiFunction<String, String, @Nullable String> {}

  private final OrchestratorFunction<String> orchestrator;
  private final Tasks activities;
  private final Tasks parts;
  private final Random random;
  private final List<HistoryEvent> history = new ArrayList<>();
  private final List<OrchestratorAction> waiting = new ArrayList<>();
  private final List<Duration> pauses = new ArrayList<>();
  private Instant now = BEGIN;
  private int most;

  DurableBackend(
      OrchestratorFunction<String> orchestrator, Tasks activities, Tasks parts, long seed) {
    this.orchestrator = orchestrator;
    this.activities = activities;
    this.parts = parts;
    this.random = new Random(seed);
  }

  /** What it gave in the end. */
  String run(String input) {
    List<HistoryEvent> news = new ArrayList<>();
    news.add(
        HistoryEvent.newBuilder()
            .setExecutionStarted(
                ExecutionStartedEvent.newBuilder().setName("*").setInput(text(input)))
            .build());
    while (true) {
      news.addFirst(
          HistoryEvent.newBuilder()
              .setTimestamp(timestamp(now))
              .setOrchestratorStarted(OrchestratorStartedEvent.getDefaultInstance())
              .build());
      OrchestratorResponse decided = decide(orchestrator, history, news);
      history.addAll(news);
      news.clear();
      for (OrchestratorAction action : decided.getActionsList()) {
        if (action.hasCompleteOrchestration()) {
          String result = action.getCompleteOrchestration().getResult().getValue();
          return result.substring(1, result.length() - 1);
        }
        history.add(scheduled(action));
        waiting.add(action);
      }
      most = Math.max(most, waiting.size());
      OrchestratorAction next = waiting.remove(random.nextInt(waiting.size()));
      news.add(ended(next));
    }
  }

  /** The events so far, to decide by them again. */
  List<HistoryEvent> history() {
    return List.copyOf(history);
  }

  /** The longest list of what it waited for at once. */
  int most() {
    return most;
  }

  List<Duration> pauses() {
    return List.copyOf(pauses);
  }

  static OrchestratorResponse decide(
      OrchestratorFunction<String> orchestrator, List<HistoryEvent> past, List<HistoryEvent> news) {
    byte[] reply =
        OrchestrationRunner.loadAndRun(
            OrchestratorRequest.newBuilder()
                .setInstanceId("1000001-1")
                .addAllPastEvents(past)
                .addAllNewEvents(news)
                .build()
                .toByteArray(),
            orchestrator);
    try {
      return OrchestratorResponse.parseFrom(reply);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }

  /** How a history tells what was decided. */
  static HistoryEvent scheduled(OrchestratorAction action) {
    HistoryEvent.Builder event = HistoryEvent.newBuilder().setEventId(action.getId());
    if (action.hasScheduleTask()) {
      return event
          .setTaskScheduled(
              TaskScheduledEvent.newBuilder()
                  .setName(action.getScheduleTask().getName())
                  .setInput(action.getScheduleTask().getInput()))
          .build();
    }
    if (action.hasCreateSubOrchestration()) {
      return event
          .setSubOrchestrationInstanceCreated(
              SubOrchestrationInstanceCreatedEvent.newBuilder()
                  .setName(action.getCreateSubOrchestration().getName())
                  .setInput(action.getCreateSubOrchestration().getInput())
                  .setInstanceId(action.getCreateSubOrchestration().getInstanceId()))
          .build();
    }
    return event
        .setTimerCreated(
            TimerCreatedEvent.newBuilder().setFireAt(action.getCreateTimer().getFireAt()))
        .build();
  }

  private HistoryEvent ended(OrchestratorAction action) {
    HistoryEvent.Builder event = HistoryEvent.newBuilder().setEventId(-1);
    if (action.hasScheduleTask()) {
      String result =
          activities.apply(
              action.getScheduleTask().getName(), input(action.getScheduleTask().getInput()));
      return result == null
          ? event
              .setTaskFailed(
                  TaskFailedEvent.newBuilder()
                      .setTaskScheduledId(action.getId())
                      .setFailureDetails(
                          TaskFailureDetails.newBuilder()
                              .setErrorType("java.lang.NoClassDefFoundError")
                              .setErrorMessage("x/Y")))
              .build()
          : event
              .setTaskCompleted(
                  TaskCompletedEvent.newBuilder()
                      .setTaskScheduledId(action.getId())
                      .setResult(text(result)))
              .build();
    }
    if (action.hasCreateSubOrchestration()) {
      String result =
          parts.apply(
              action.getCreateSubOrchestration().getName(),
              input(action.getCreateSubOrchestration().getInput()));
      return event
          .setSubOrchestrationInstanceCompleted(
              SubOrchestrationInstanceCompletedEvent.newBuilder()
                  .setTaskScheduledId(action.getId())
                  .setResult(text(String.valueOf(result))))
          .build();
    }
    Timestamp fireAt = action.getCreateTimer().getFireAt();
    Instant fires = Instant.ofEpochSecond(fireAt.getSeconds(), fireAt.getNanos());
    pauses.add(Duration.between(now, fires));
    // A timer never fires early, and never on the dot.
    if (!fires.isBefore(now)) {
      now = fires.plusMillis(1);
    }
    return event
        .setTimerFired(TimerFiredEvent.newBuilder().setTimerId(action.getId()).setFireAt(fireAt))
        .build();
  }

  private static String input(StringValue json) {
    return json.getValue().substring(1, json.getValue().length() - 1);
  }

  private static StringValue text(String text) {
    return StringValue.of("\"" + text + "\"");
  }

  private static Timestamp timestamp(Instant instant) {
    return Timestamp.newBuilder()
        .setSeconds(instant.getEpochSecond())
        .setNanos(instant.getNano())
        .build();
  }
}
