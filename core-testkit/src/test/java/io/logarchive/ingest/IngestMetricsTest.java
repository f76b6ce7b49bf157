package io.logarchive.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.logarchive.archive.ArchiveStorage;
import io.logarchive.archive.Content;
import io.logarchive.archive.DeploymentSignature;
import io.logarchive.archive.ObjectInfo;
import io.logarchive.fault.ServiceException;
import io.logarchive.http.ApiResponse;
import io.logarchive.json.JsonObject;
import io.logarchive.testkit.ArchiveStorageDecorator;
import io.logarchive.testkit.InMemoryDeployment;
import io.logarchive.testkit.InMemoryDeployment.Customer;
import io.logarchive.testkit.TestArchive;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IngestMetricsTest {
  private static final String LOG =
      "{\"@timestamp\":\"2026-11-22T17:00:00.000Z\",\"type\":\"t\",\"n\":1}";
  private static final String EARLIER = LOG.replace("17:00", "03:00");

  private final FailingPuts puts = new FailingPuts();
  private final AtomicBoolean keyFails = new AtomicBoolean();
  private final InMemoryDeployment deployment =
      new InMemoryDeployment(
          new InMemoryDeployment.Options().archive(puts::around).signature(this::failing));
  private final Customer customer = deployment.archivingCustomer("bucket-1");
  private final String settingsId =
      Integer.toString(deployment.settingsStore.find(customer.id()).orElseThrow().id());

  @BeforeEach
  void countFromHereOn() {
    deployment.counted();
  }

  @Test
  void whatIsArchivedIsCountedAsItLiesInTheArchive() {
    String body = LOG + "\n" + EARLIER + "\n{\"n\":1}\n";
    deployment.send(customer, body);

    Map<String, List<Long>> counted = deployment.counted();
    var names = TestArchive.names(deployment.bucket("bucket-1"));
    assertThat(names).hasSize(3);
    assertThat(counted)
        .containsOnlyKeys(
            "LogsReceived",
            "BytesReceived",
            "LogsUntimed",
            "LogsArchived",
            "BytesArchived",
            "BytesStored",
            "ArchiveTime")
        .containsEntry("LogsReceived", List.of(3L))
        .containsEntry("BytesReceived", List.of((long) body.length()))
        .containsEntry("LogsUntimed", List.of(1L))
        .containsEntry("LogsArchived", List.of(3L))
        .containsEntry(
            "BytesArchived", List.of(names.stream().mapToLong(name -> name.bytes()).sum()))
        .containsEntry("ArchiveTime", List.of(0L));
    long stored =
        names.stream()
            .mapToLong(name -> deployment.bucket("bucket-1").head(name.path()).orElseThrow().size())
            .sum();
    assertThat(counted).containsEntry("BytesStored", List.of(stored));
  }

  @Test
  void badLinesAreCountedByWhatIsWrongWithThem() {
    deployment.send(
        customer,
        String.join(
            "\n", LOG, "not json", "", "[1]", "{\"a\":\"" + "x".repeat(500_000) + "\"}", "{}"));

    assertThat(deployment.counted())
        .containsEntry("LogsReceived", List.of(6L))
        .containsEntry("LogsArchived", List.of(2L))
        .containsEntry("LogsRefused Malformed", List.of(2L))
        .containsEntry("LogsRefused Oversized", List.of(1L))
        .containsEntry("LogsRefused Empty", List.of(1L))
        .doesNotContainKey("RequestsRefused");
  }

  @Test
  void theSameBodyAgainIsNotCountedAsArchivedAgain() {
    deployment.send(customer, LOG);
    deployment.counted();
    deployment.send(customer, LOG);

    assertThat(deployment.counted())
        .containsOnlyKeys("LogsReceived", "BytesReceived", "LogsRepeated", "ArchiveTime")
        .containsEntry("LogsRepeated", List.of(1L));
  }

  @Test
  void whilePausedLogsAreCountedAsThat() {
    Customer paused = deployment.customer("paused");
    deployment.storages.createBucket(
        "bucket-2", InMemoryDeployment.ACCESS_KEY, InMemoryDeployment.SECRET_KEY);
    deployment.createSettings(
        paused,
        InMemoryDeployment.settings("bucket-2")
            .replace("{\"storageType\"", "{\"enabled\":false,\"storageType\""));
    deployment.send(paused, LOG + "\nbad\n" + LOG);

    assertThat(deployment.counted())
        .containsOnlyKeys("LogsReceived", "BytesReceived", "LogsPaused", "LogsRefused Malformed")
        .containsEntry("LogsReceived", List.of(3L))
        .containsEntry("LogsPaused", List.of(2L));
  }

  @Test
  void logsThatTheStorageDoesNotTakeAreDeferredAndItsErrorsNamed() {
    puts.failing = true;
    deployment.send(customer, LOG + "\n" + EARLIER);

    assertThat(deployment.counted())
        .containsOnlyKeys(
            "LogsReceived",
            "BytesReceived",
            "LogsDeferred",
            "StorageErrors " + settingsId,
            "RequestsRefused STORAGE_FAILED")
        .containsEntry("LogsDeferred", List.of(2L))
        .containsEntry("RequestsRefused STORAGE_FAILED", List.of(1L))
        // Two objects at once: the second is not begun if the first has failed by then.
        .hasEntrySatisfying(
            "StorageErrors " + settingsId,
            errors -> assertThat(errors).singleElement().isIn(1L, 2L));
  }

  @Test
  void whenTheDeploymentsOwnKeyFailsLogsAreDeferredAndNoStorageIsBlamed() {
    keyFails.set(true);
    deployment.clock.advance(Duration.ofMinutes(16));
    ApiResponse reply = deployment.send(customer, LOG);

    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.headers()).containsKey("Retry-After");
    assertThat(reply.bodyText()).contains("UNAVAILABLE").doesNotContain("storage", "GenerateMac");
    assertThat(deployment.counted())
        .containsOnlyKeys(
            "LogsReceived", "BytesReceived", "LogsDeferred", "RequestsRefused UNAVAILABLE")
        .containsEntry("LogsDeferred", List.of(1L));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 16})
  void whenTheDeploymentsOwnRoleFailsLogsAreDeferredAndNoStorageIsBlamed(int minutesLater) {
    puts.roleless = true;
    deployment.clock.advance(Duration.ofMinutes(minutesLater));
    ApiResponse reply = deployment.send(customer, LOG);

    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.headers()).containsKey("Retry-After");
    assertThat(reply.bodyText()).contains("UNAVAILABLE").doesNotContain("storage", "AssumeRole");
    assertThat(deployment.counted())
        .containsOnlyKeys(
            "LogsReceived", "BytesReceived", "LogsDeferred", "RequestsRefused UNAVAILABLE")
        .containsEntry("LogsDeferred", List.of(1L));
  }

  @Test
  void aStorageThatRefusesItsProofIsNamed() {
    deployment.clock.advance(Duration.ofMinutes(16));
    puts.hidden = true;
    ApiResponse reply = deployment.send(customer, LOG);

    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.bodyText())
        .contains("STORAGE_FAILED", "The archive's storage answered GetObject: AccessDenied");
    assertThat(deployment.counted()).containsEntry("LogsDeferred", List.of(1L));
  }

  @Test
  void anArchiveThatIsAnothersIsAStorageError() {
    ArchiveStorage bucket = deployment.bucket("bucket-1");
    bucket.put(
        "logzio-verified",
        Content.of(JsonObject.builder().put("deploymentId", "other").build().bytes(), "text/json"));
    deployment.clock.advance(Duration.ofMinutes(16));
    deployment.send(customer, LOG);

    assertThat(deployment.counted())
        .containsEntry("LogsDeferred", List.of(1L))
        .containsEntry("StorageErrors " + settingsId, List.of(1L))
        .containsEntry("RequestsRefused NO_ARCHIVE", List.of(1L));
  }

  @Test
  void refusedRequestsAreCountedByWhy() {
    byte[] log = LOG.getBytes(StandardCharsets.UTF_8);
    Map<String, String> token = Map.of("token", customer.shippingToken());
    deployment.ingest(Map.of(), Map.of(), log, true);
    deployment.ingest(Map.of("token", "la_ship_guessed"), Map.of(), log, true);
    deployment.ingest(token, Map.of(), new byte[0], true);
    deployment.ingest(token, Map.of(), new byte[(10 << 20) + 1], true);
    deployment.ingest(token, Map.of("content-encoding", "br"), log, true);
    deployment.ingest(token, Map.of("content-encoding", "gzip"), log, true);
    deployment.send(deployment.customer("no archive"), log);

    assertThat(deployment.counted())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "RequestsRefused NO_TOKEN", List.of(1L),
                "RequestsRefused INVALID_TOKEN", List.of(1L),
                "RequestsRefused INVALID_REQUEST", List.of(2L),
                "RequestsRefused TOO_LARGE", List.of(1L),
                "RequestsRefused UNSUPPORTED_MEDIA_TYPE", List.of(1L),
                "RequestsRefused NO_ARCHIVE", List.of(1L)));
  }

  private DeploymentSignature failing(DeploymentSignature own) {
    return message -> {
      if (keyFails.get()) {
        throw new ServiceException.Denied("GenerateMac", "DisabledException", "r-4", null);
      }
      return own.sign(message);
    };
  }

  /** Refuses objects of logs, or to be read, while it is told to. */
  private static final class FailingPuts {
    private boolean failing;
    private boolean hidden;
    private boolean roleless;

    private void assumed() {
      if (roleless) {
        throw ServiceException.Unavailable.ofDeployment(
            new ServiceException.Denied("AssumeRole", "AccessDenied", "r-5", null));
      }
    }

    ArchiveStorage around(ArchiveStorage storage) {
      return new ArchiveStorageDecorator(storage) {
        @Override
        public boolean putIfAbsent(String key, Content content) {
          assumed();
          if (failing && key.startsWith("dt=")) {
            throw new ServiceException.Denied("PutObject", "AccessDenied", "r-1", null);
          }
          return super.putIfAbsent(key, content);
        }

        @Override
        public byte[] get(String key, long from, int most) {
          assumed();
          if (hidden) {
            throw new ServiceException.Denied("GetObject", "AccessDenied", "r-2", null);
          }
          return super.get(key, from, most);
        }

        @Override
        public Optional<ObjectInfo> head(String key) {
          assumed();
          if (hidden) {
            throw new ServiceException.Denied("ListBucket", "AccessDenied", "r-3", null);
          }
          return super.head(key);
        }
      };
    }
  }
}
