package io.logarchive.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.logarchive.json.Fields;
import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import io.logarchive.testkit.DurableSidecar;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A restore by the functions of Azure's package, each worker a process of its own: over tables and
 * blobs of Azurite, an OpenSearch, and a Durable Task backend.
 */
class DurableProcessIT {
  private static final Logger LOG = LoggerFactory.getLogger(DurableProcessIT.class);
  private static final int LOGS = 9_000;
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Path PACKAGE =
      Path.of("..", "functions-azure", "target", "functions-azure.zip");

  private final Path folder;
  private final AtomicInteger started = new AtomicInteger();

  DurableProcessIT(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void aWorkerThatIsKilledInTheMiddleOfASliceIsFollowedByAnotherAndTheCountIsTheSame()
      throws Exception {
    Azurite.assumeInstalled();
    if (!DurableSidecar.isInstalled()) {
      LOG.warn("Skipped: no worker is killed in a restore; {} install", DurableSidecar.SCRIPT);
    }
    assumeTrue(DurableSidecar.isInstalled(), DurableSidecar.SCRIPT + " install was not run");
    Path unpacked = ColdStart.unpack(PACKAGE, folder.resolve("package"));
    LocalSecrets secrets = LocalSecrets.keptIn(folder, new SecureRandom());
    try (Engines engines = Engines.start(Cloud.AZURE, folder.resolve("engines"), secrets.s3Key());
        DurableSidecar sidecar = DurableSidecar.start();
        AzureProcesses azure =
            AzureProcesses.start(
                engines,
                secrets,
                folder,
                Azurite.INSTALLATION,
                sidecar.port(),
                Map.of("RESTORE_BULK_LOGS", "50", "CONTROL_REQUESTS_PER_MINUTE", "100000"));
        FunctionProcess front =
            azure.start(
                "Front",
                unpacked,
                folder.resolve("front.log"),
                List.of("--enable-native-access=ALL-UNNAMED"))) {
      FunctionCalls calls = azure.calls("killed", LOGS, started::get);
      for (String function : List.of("Accounts", "ArchiveSettings", "Ingest", "Restore")) {
        Reply reply = front.invoke(calls.call(function, 0)).reply();
        if (function.equals("Restore")) {
          started.set(number(Json.object(reply.body()), "id"));
        }
        calls.answered(function, reply);
      }

      int atDeath;
      try (ChildJvm worker = azure.startDurableWorker(unpacked, folder.resolve("worker-1.log"))) {
        awaitOperation(front, calls, worker, operation -> restored(operation) > 0);
        worker.kill();
        JsonObject operation = operation(front, calls);
        assertThat(Json.text(operation)).contains("\"status\":\"IN_PROGRESS\"");
        atDeath = restored(operation);
        assertThat(atDeath).isBetween(1, LOGS - 1);
      }
      try (ChildJvm worker = azure.startDurableWorker(unpacked, folder.resolve("worker-2.log"))) {
        JsonObject ended =
            awaitOperation(
                front,
                calls,
                worker,
                operation -> !Json.text(operation).contains("\"status\":\"IN_PROGRESS\""));

        assertThat(Json.text(ended)).contains("\"status\":\"ACTIVE\"");
        assertThat(restored(ended)).isEqualTo(LOGS);
      }
      Reply found = front.invoke(calls.call("Search", 0)).reply();
      assertThat(new String(found.body(), UTF_8))
          .contains("\"total\":{\"value\":" + LOGS + ",\"relation\":\"eq\"}");
    }
  }

  /** What a restore has come to. */
  private interface State {
    boolean isReached(JsonObject operation);
  }

  private JsonObject awaitOperation(
      FunctionProcess front, FunctionCalls calls, ChildJvm worker, State state)
      throws IOException, InterruptedException {
    Instant giveUp = Instant.now().plus(PATIENCE);
    JsonObject operation = operation(front, calls);
    while (!state.isReached(operation)) {
      assertThat(Instant.now()).as(worker.printed()).isBefore(giveUp);
      assertThat(worker.isAlive()).as(worker.printed()).isTrue();
      Thread.sleep(20);
      operation = operation(front, calls);
    }
    return operation;
  }

  private JsonObject operation(FunctionProcess front, FunctionCalls calls)
      throws IOException, InterruptedException {
    Reply reply = front.invoke(calls.operation(started.get())).reply();
    assertThat(reply.status()).as(new String(reply.body(), UTF_8)).isEqualTo(200);
    return Json.object(reply.body());
  }

  private static int restored(JsonObject operation) {
    return number(Fields.of(operation).requiredObject("progress").object(), "logsRestored");
  }

  private static int number(JsonObject object, String member) {
    return Fields.of(object).integer(member, 0, Integer.MAX_VALUE).orElseThrow();
  }
}
