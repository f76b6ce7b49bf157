package io.logarchive.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logarchive.account.AccountStore;
import io.logarchive.account.Uid;
import io.logarchive.archive.ArchiveSettingsStore;
import io.logarchive.audit.AuditEntry;
import io.logarchive.audit.AuditLog;
import io.logarchive.fault.ServiceException;
import io.logarchive.json.JsonObject;
import io.logarchive.limit.RequestWindows;
import io.logarchive.restore.Damage;
import io.logarchive.restore.Position;
import io.logarchive.restore.Restore;
import io.logarchive.restore.RestoreSlots;
import io.logarchive.restore.RestoreStore;
import io.logarchive.restore.SliceProgress;
import io.logarchive.restore.Totals;
import io.logarchive.testkit.AccountStoreContract;
import io.logarchive.testkit.ArchiveSettingsStoreContract;
import io.logarchive.testkit.AuditLogContract;
import io.logarchive.testkit.DeploymentStores;
import io.logarchive.testkit.RequestWindowsContract;
import io.logarchive.testkit.RestoreStoreContract;
import io.logarchive.testkit.Samples;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBRequestHandler;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBServerHandler;

/** The stores on DynamoDB Local, all in one table. */
class DynamoDbStoresTest {
  private static @Nullable Server server;
  private static @Nullable LocalDynamoDBServerHandler dynamoDb;
  private static @Nullable DynamoDbTable table;
  private static @Nullable DynamoDbTable missing;

  private static final InstantSource CLOCK = InstantSource.fixed(RestoreStoreContract.NOW);

  /** About 30 KB as an item. */
  private static final Totals LARGE =
      new Totals(
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          Collections.nCopies(100, new Damage("o".repeat(250), 1, "r".repeat(50))),
          100);

  /** DynamoDB Local's own server class listens on every interface, so this is another. */
  @BeforeAll
  static void start() throws Exception {
    boolean inMemory = true;
    dynamoDb =
        new LocalDynamoDBServerHandler(
            new LocalDynamoDBRequestHandler(0, inMemory, null, true, false), null);
    server = new Server();
    ServerConnector connector = new ServerConnector(server);
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    server.setHandler(new ContextHandler(dynamoDb, "/"));
    server.start();
    AwsClients clients = Clients.at(URI.create("http://127.0.0.1:" + connector.getLocalPort()));
    table = new DynamoDbTable(clients, "logarchive");
    table.create();
    table.create();
    missing = new DynamoDbTable(clients, "no-such-table");
  }

  @AfterAll
  static void stop() throws Exception {
    if (server != null && dynamoDb != null) {
      server.stop();
      dynamoDb.close();
    }
  }

  @Nested
  class Accounts extends Stores implements AccountStoreContract {}

  @Nested
  class Settings extends Stores implements ArchiveSettingsStoreContract {}

  @Nested
  class Restores extends Stores implements RestoreStoreContract {}

  @Nested
  class Audit implements AuditLogContract {
    @Override
    public AuditLog auditLog() {
      return audit();
    }

    @Override
    public void write(AuditEntry entry) {
      assertThat(table().changeAll(List.of(audit().write(entry)))).isEmpty();
    }
  }

  @Nested
  class Windows implements RequestWindowsContract {
    @Override
    public RequestWindows requestWindows() {
      return new DynamoDbRequestWindows(table());
    }
  }

  @Test
  void aWindowMayBeDeletedAnHourAfterItsStart() {
    new DynamoDbRequestWindows(table()).admit("control#1", RequestWindowsContract.MINUTE, 1);
    Attributes item =
        table().find(Keys.window("control#1", RequestWindowsContract.MINUTE)).orElseThrow();
    assertThat(item.number(DynamoDbTable.TTL))
        .isEqualTo(RequestWindowsContract.MINUTE.plusSeconds(3_600).getEpochSecond());
  }

  /** DynamoDB answers a query with 1 MB at the most. */
  @Test
  void aPageOfLargeAuditEntriesHoldsFewerOfThem() {
    AuditLog log = new DynamoDbAuditLog(table(), Duration.ofDays(1), 100);
    int accountId = Samples.id();
    JsonObject large = JsonObject.builder().put("path", "p".repeat(100_000)).build();
    for (int i = 0; i < 15; i++) {
      AuditEntry entry = Samples.auditEntry(AuditEntry.Action.SETTINGS_UPDATE, accountId, i);
      table()
          .put(
              audit()
                  .write(
                      new AuditEntry(
                          entry.at(),
                          entry.unique(),
                          entry.by(),
                          accountId,
                          entry.action(),
                          i,
                          large,
                          large,
                          null)));
    }
    Set<Integer> seen = new HashSet<>();
    @Nullable String before = null;
    do {
      AuditLog.Page page = log.page(accountId, before);
      assertThat(page.entries()).hasSizeBetween(1, 6);
      page.entries().forEach(entry -> assertThat(seen.add(entry.subjectId())).isTrue());
      before = page.next();
    } while (before != null);
    assertThat(seen).hasSize(15);
  }

  /** DynamoDB answers a query with 1 MB at the most. */
  @Test
  void progressOfMoreThanOneAnswerIsAllRead() {
    RestoreStore restores = new DynamoDbRestoreStore(table(), audit(), 10, CLOCK);
    Uid uid = Samples.uid();
    List<SliceProgress> progress =
        IntStream.range(0, 50)
            .mapToObj(slice -> new SliceProgress(slice, Position.START, LARGE))
            .toList();
    progress.forEach(each -> restores.saveProgress(uid, each));
    assertThat(restores.progress(uid)).isEqualTo(progress);
  }

  @Test
  void aHistoryOfMoreThanOneAnswerIsAllRead() {
    RestoreStore restores = new DynamoDbRestoreStore(table(), audit(), 10, CLOCK);
    int accountId = Samples.id();
    for (int i = 1; i <= 50; i++) {
      Restore restore =
          Samples.restore(Samples.id(), accountId, RestoreStoreContract.NOW.plusSeconds(i));
      assertThat(
              restores.create(
                  withTotals(restore),
                  new RestoreSlots(accountId, List.of(), i),
                  Samples.started(restore)))
          .isEqualTo(RestoreStore.Created.YES);
    }
    List<Restore> all = restores.history(accountId, null, 100);
    assertThat(all).hasSize(50);
    assertThat(restores.history(accountId, null, 45)).isEqualTo(all.subList(0, 45));
    assertThat(restores.history(accountId, all.getFirst().id(), 45)).isEqualTo(all.subList(1, 46));
  }

  @Test
  void aMissingTableIsDenied() {
    AccountStore accounts = new DynamoDbAccountStore(Objects.requireNonNull(missing), audit());
    assertThatThrownBy(() -> accounts.find(1))
        .isInstanceOf(ServiceException.Denied.class)
        .hasMessageContaining("ResourceNotFoundException");
    assertThatThrownBy(
            () ->
                accounts.create(Samples.account(7_000_000), List.of(), Samples.changed(7_000_000)))
        .isInstanceOf(ServiceException.Denied.class)
        .hasMessageContaining("ResourceNotFoundException");
  }

  private static Restore withTotals(Restore restore) {
    return new Restore(
        restore.id(),
        restore.uid(),
        restore.accountId(),
        restore.request(),
        restore.status(),
        restore.createdAt(),
        null,
        null,
        null,
        null,
        null,
        LARGE,
        null,
        restore.capBytes(),
        restore.attempt(),
        restore.version());
  }

  private abstract static class Stores implements DeploymentStores {
    @Override
    public AccountStore accountStore() {
      return new DynamoDbAccountStore(table(), audit());
    }

    @Override
    public ArchiveSettingsStore archiveSettingsStore() {
      return new DynamoDbArchiveSettingsStore(table(), audit());
    }

    @Override
    public RestoreStore restoreStore() {
      return new DynamoDbRestoreStore(table(), audit(), RestoreStoreContract.PAGE_SIZE, CLOCK);
    }

    @Override
    public AuditLog auditLog() {
      return audit();
    }
  }

  private static DynamoDbAuditLog audit() {
    return new DynamoDbAuditLog(table(), Duration.ofDays(400), AuditLogContract.PAGE_SIZE);
  }

  private static DynamoDbTable table() {
    if (table == null) {
      throw new IllegalStateException("DynamoDB Local is not up");
    }
    return table;
  }
}
