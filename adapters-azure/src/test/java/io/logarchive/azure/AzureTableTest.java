package io.logarchive.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.core.credential.AzureNamedKeyCredential;
import com.azure.core.http.HttpPipelineCallContext;
import com.azure.core.http.HttpResponse;
import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.core.http.policy.FixedDelayOptions;
import com.azure.core.http.policy.HttpPipelineSyncPolicy;
import com.azure.core.http.policy.RetryOptions;
import com.azure.data.tables.TableClient;
import com.azure.data.tables.TableClientBuilder;
import com.azure.data.tables.models.TableEntity;
import io.logarchive.account.Secret;
import io.logarchive.azure.AzureTable.Change;
import io.logarchive.azure.AzureTable.Delete;
import io.logarchive.azure.AzureTable.DeleteIf;
import io.logarchive.azure.AzureTable.Insert;
import io.logarchive.azure.AzureTable.Put;
import io.logarchive.azure.AzureTable.Replace;
import io.logarchive.azurite.EmbeddedAzurite;
import io.logarchive.azurite.LoopbackTls;
import io.logarchive.fault.ServiceException;
import io.logarchive.stored.Stored;
import io.logarchive.testkit.Samples;
import io.logarchive.testkit.StubServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class AzureTableTest {
  private static final AzureLogin.AccountKey KEY =
      new AzureLogin.AccountKey(Azurite.ACCOUNT, Azurite.KEY);
  private static final Instant NOW = Instant.parse("2026-11-22T17:00:00Z");

  private static EmbeddedAzurite azurite;
  private static AzureClients clients;
  private static LoopbackTls tls;
  private static AzureTable table;

  private final String partition = "test:" + Samples.uid();
  private final Queue<Fault> faults = new ConcurrentLinkedQueue<>();

  /** What becomes of a transaction on its way. */
  private record Fault(Kind kind, @Nullable Runnable then) {
    enum Kind {
      NONE,
      REQUEST_LOST,
      REPLY_LOST
    }
  }

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    tls = LoopbackTls.make(directory);
    azurite = Azurite.start(directory, tls);
    clients = new AzureClients(AzureEndpoints.AZURE, tls::http);
    table = table(KEY, "logarchive");
    table.create();
  }

  @AfterAll
  static void stop() throws Exception {
    if (azurite != null) {
      azurite.close();
    }
  }

  @Test
  void theChangesWhoseConditionsDoNotHoldAreToldAndNoneIsMade() {
    assertThat(table.change(new Insert(row("a", 1)))).isTrue();
    assertThat(table.change(new Insert(row("b", 3)))).isTrue();
    List<Change> changes =
        List.of(
            new Insert(row("a", 1)),
            new Put(row("c", 1)),
            Replace.version(row("b", 4), 4),
            new Delete(key("absent")),
            DeleteIf.version(key("d"), 1));
    assertThat(table.changeAll(changes)).contains(4).doesNotContain(1, 2);
    assertThat(table.changeAll(changes.subList(0, 4))).containsExactly(0, 3);
    assertThat(table.find(key("c"))).isEmpty();
    assertThat(table.find(key("b")).orElseThrow().version()).isEqualTo(3);
    assertThat(
            table.changeAll(
                List.of(
                    new Put(row("c", 1)),
                    Replace.version(row("b", 4), 4),
                    DeleteIf.version(key("a"), 1))))
        .isEmpty();
    assertThat(table.find(key("a"))).isEmpty();
    assertThat(table.find(key("b")).orElseThrow().version()).isEqualTo(4);
  }

  @Test
  void aQueryIsInOrderWithinItsBoundsAndReadsPageAfterPage() {
    IntStream.range(0, 1_100)
        .mapToObj(i -> new Put(row("%04d".formatted(i), i)))
        .collect(Collectors.groupingBy(put -> put.row().values().number("version") / 100))
        .values()
        .forEach(puts -> assertThat(table.changeAll(puts)).isEmpty());
    assertThat(table.query(partition, "0002", "0005", 10))
        .extracting(found -> found.key().row())
        .containsExactly("0003", "0004");
    assertThat(table.query(partition, "", "~", Integer.MAX_VALUE))
        .extracting(TableRow.Found::version)
        .containsExactlyElementsOf(LongStream.range(0, 1_100).boxed().toList());
    assertThat(table.query(partition, "", "~", 1_050)).hasSize(1_050);
  }

  @Test
  void aTransactionWhoseReplyIsLostIsKnownAsItsOwn() {
    AzureTable shaky = shaky(new Fault(Fault.Kind.REPLY_LOST, null));
    List<Change> changes = List.of(new Insert(row("a", 1)), new Put(row("b", 1)));
    assertThat(shaky.changeAll(changes)).isEmpty();
    assertThat(faults).isEmpty();
    assertThat(table.find(key("a"))).isPresent();
  }

  @Test
  void aTransactionThatIsLostOnTheWayIsSentAgain() {
    AzureTable shaky = shaky(new Fault(Fault.Kind.REQUEST_LOST, null));
    assertThat(shaky.change(new Insert(row("a", 1)))).isTrue();
    assertThat(table.find(key("a"))).isPresent();
  }

  /** Somebody else may have changed it after it was done. */
  @Test
  void whatIsNoLongerThereAfterALostReplyIsLeftOpen() {
    table.change(new Insert(row("a", 1)));
    AzureTable shaky =
        shaky(
            new Fault(Fault.Kind.REPLY_LOST, () -> table.change(Replace.version(row("a", 3), 3))));
    assertThatThrownBy(() -> shaky.change(Replace.version(row("a", 2), 2)))
        .isInstanceOf(ServiceException.OutcomeUnknown.class);
    assertThat(table.find(key("a")).orElseThrow().version()).isEqualTo(3);
  }

  /** What was written beside it once and never again, as audit entries are, tells of it. */
  @Test
  void whatIsNoLongerThereAfterALostReplyIsKnownByWhatWasWrittenBesideIt() {
    table.change(new Insert(row("a", 1)));
    AzureTable shaky =
        shaky(
            new Fault(Fault.Kind.REPLY_LOST, () -> table.change(Replace.version(row("a", 3), 3))));
    assertThat(shaky.changeAll(List.of(Replace.version(row("a", 2), 2), new Put(row("entry", 1)))))
        .isEmpty();
  }

  @Test
  void repliesThatKeepBeingLostLeaveTheOutcomeOpen() {
    Fault lost = new Fault(Fault.Kind.REQUEST_LOST, null);
    assertThatThrownBy(() -> shaky(lost, lost, lost).change(new Insert(row("a", 1))))
        .isInstanceOf(ServiceException.OutcomeUnknown.class)
        .hasMessage("SubmitTransaction: ConnectionLost");
    assertThat(faults).isEmpty();
  }

  @Test
  void somebodyElsesWorkIsNotTakenForItsOwn() {
    table.change(new Insert(row("a", 1)));
    assertThat(shaky().change(new Insert(row("a", 1)))).isFalse();
  }

  @Test
  void whatIsOverIsRemovedInBatchesAndWhatIsNotStays() {
    Stream.of("x", "y")
        .forEach(
            part ->
                IntStream.range(0, 3)
                    .forEach(
                        batch ->
                            table.changeAll(
                                IntStream.range(0, 90)
                                    .mapToObj(i -> new Put(expiring(part, batch * 100 + i, NOW)))
                                    .toList())));
    table.change(new Put(expiring("x", 1_000, NOW.plusSeconds(1))));
    table.change(new Put(new TableRow(new TableRow.Key(partition + "x", "never"), value(1), null)));
    TableExpiry expiry = new TableExpiry(table);
    expiry.run(NOW.minusSeconds(1));
    assertThat(rows("x")).hasSize(272);
    expiry.run(NOW);
    expiry.run(NOW);
    assertThat(rows("x")).extracting(found -> found.key().row()).containsExactly("1000", "never");
    assertThat(rows("y")).isEmpty();
    expiry.run(NOW.plusSeconds(1));
    assertThat(rows("x")).extracting(found -> found.key().row()).containsExactly("never");
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.Kind.class,
      names = {"REQUEST_LOST", "REPLY_LOST"})
  void whatIsOverIsRemovedThoughAConnectionIsLost(Fault.Kind kind) {
    IntStream.range(0, 3).forEach(i -> table.change(new Put(expiring("x", i, NOW))));
    new TableExpiry(shaky(new Fault(kind, null))).run(NOW.plusSeconds(1));
    assertThat(rows("x")).isEmpty();
  }

  @Test
  void whatIsWrittenAgainBeforeItIsRemovedStays() {
    IntStream.range(0, 3).forEach(i -> table.change(new Put(expiring("x", i, NOW))));
    AzureTable shaky =
        shaky(
            new Fault(
                Fault.Kind.NONE,
                () -> table.change(new Put(expiring("x", 1, NOW.plusSeconds(9))))));
    new TableExpiry(shaky).run(NOW.plusSeconds(1));
    assertThat(rows("x")).extracting(found -> found.key().row()).containsExactly("0001");
  }

  @Test
  void whatAzureRefusesIsRefusedBeforeItIsSent() {
    AzureTable nowhere =
        new AzureTable(clients, StubServer.nowhere(), "logarchive", KEY, new SecureRandom());
    List<Change> hundredAndOne =
        IntStream.range(0, 101).<Change>mapToObj(i -> new Put(row("r" + i, 1))).toList();
    assertDenied(nowhere, hundredAndOne, "InvalidInput");
    assertDenied(
        nowhere,
        List.of(new Put(row("a", 1)), new Put(expiring("x", 1, NOW))),
        "CommandsInBatchActOnDifferentPartitions");
    assertDenied(
        nowhere, List.of(new Put(row("a", 1)), new Delete(key("a"))), "InvalidDuplicateRow");
    assertDenied(nowhere, List.of(new Put(large("a", 530_000))), "EntityTooLarge");
    assertDenied(
        nowhere,
        IntStream.range(0, 5).<Change>mapToObj(i -> new Put(large("r" + i, 500_000))).toList(),
        "");
    assertDenied(
        nowhere,
        IntStream.range(0, 9).<Change>mapToObj(i -> new Put(large("r" + i, 500_000))).toList(),
        "ContentLengthExceeded");
    for (String row : List.of("a/b", "a\\b", "a#b", "a?b", "a\nb", "a\u0085b")) {
      assertDenied(nowhere, List.of(new Put(row(row, 1))), "OutOfRangeInput");
    }
    assertDenied(nowhere, List.of(new Put(row("k".repeat(513), 1))), "KeyValueTooLarge");
    assertDenied(nowhere, List.of(new Put(row("k".repeat(512), 1))), "");
  }

  @Test
  void propertiesThatAzureRefusesAreRefusedBeforeTheyAreSent() {
    TableEntity many = new TableEntity("p", "r");
    IntStream.range(0, 252).forEach(i -> many.addProperty("p" + i, 1));
    TableLimits.check("Test", List.of(many));
    many.addProperty("one", 1);
    assertThatThrownBy(() -> TableLimits.check("Test", List.of(many)))
        .isInstanceOf(ServiceException.Denied.class)
        .hasMessage("Test: TooManyProperties");
    TableEntity longest = new TableEntity("p", "r").addProperty("p", "t".repeat(32_768));
    TableLimits.check("Test", List.of(longest));
    longest.addProperty("p", "t".repeat(32_769));
    assertThatThrownBy(() -> TableLimits.check("Test", List.of(longest)))
        .isInstanceOf(ServiceException.Denied.class)
        .hasMessage("Test: PropertyValueTooLarge");
  }

  @Test
  void aMissingTableIsDenied() {
    AzureTable missing = table(KEY, "missing");
    for (Consumer<AzureTable> call : calls()) {
      assertThatThrownBy(() -> call.accept(missing))
          .isInstanceOf(ServiceException.Denied.class)
          .hasMessageContaining("TableNotFound");
    }
  }

  @Test
  void aWrongKeyIsDenied() {
    AzureTable wrong =
        table(
            new AzureLogin.AccountKey(Azurite.ACCOUNT, new Secret("cGxhbnRlZC13cm9uZw==")),
            "logarchive");
    for (Consumer<AzureTable> call : calls()) {
      assertThatThrownBy(() -> call.accept(wrong)).isInstanceOf(ServiceException.Denied.class);
    }
  }

  @Test
  void aTableThatCannotBeReachedIsUnavailable() {
    AzureTable nowhere =
        new AzureTable(clients, StubServer.nowhere(), "logarchive", KEY, new SecureRandom());
    for (Consumer<AzureTable> call : calls()) {
      assertThatThrownBy(() -> call.accept(nowhere))
          .isInstanceOf(ServiceException.Unavailable.class)
          .hasMessageEndingWith(": Unreachable");
    }
  }

  @Test
  void theManagedIdentityOpensTheTableToo() {
    try (StubAppService service = new StubAppService()) {
      AzureTable own = table(service.identity(), "logarchive");
      assertThat(own.change(new Insert(row("a", 1)))).isTrue();
      assertThat(own.find(key("a"))).isPresent();
      assertThat(service.requests()).hasSize(1);
    }
  }

  private List<Consumer<AzureTable>> calls() {
    return List.of(
        called -> called.find(key("a")),
        called -> called.query(partition, "", "~", 1),
        called -> called.change(new Insert(row("a", 1))));
  }

  private static void assertDenied(AzureTable nowhere, List<Change> changes, String code) {
    assertThatThrownBy(() -> nowhere.changeAll(changes))
        .hasMessage("SubmitTransaction: " + (code.isEmpty() ? "Unreachable" : code));
  }

  private List<TableRow.Found> rows(String part) {
    return table.query(partition + part, "", "~", 1_000);
  }

  private TableRow.Key key(String row) {
    return new TableRow.Key(partition, row);
  }

  private TableRow row(String row, long version) {
    return TableRow.of(key(row), value(version));
  }

  private TableRow large(String row, int characters) {
    return TableRow.of(key(row), Stored.empty().text("text", "t".repeat(characters)));
  }

  private TableRow expiring(String part, int number, Instant expires) {
    return new TableRow(
        new TableRow.Key(partition + part, "%04d".formatted(number)),
        value(1),
        expires.minusSeconds(1));
  }

  private static Stored value(long version) {
    return Stored.empty().number("version", version);
  }

  private static AzureTable table(AzureLogin login, String name) {
    return new AzureTable(clients, endpoint(), name, login, new SecureRandom());
  }

  /** A table of which these things become of the next transactions. */
  private AzureTable shaky(Fault... next) {
    faults.addAll(List.of(next));
    TableClient client =
        new TableClientBuilder()
            .endpoint(endpoint().toString())
            .tableName("logarchive")
            .credential(new AzureNamedKeyCredential(Azurite.ACCOUNT, Azurite.KEY.value()))
            .httpClient(new JdkHttpClientBuilder(tls.http()).build())
            .retryOptions(new RetryOptions(new FixedDelayOptions(0, Duration.ZERO)))
            .addPolicy(new Faults())
            .buildClient();
    return new AzureTable(new AzureClients.Tables(client, client, () -> {}), new SecureRandom());
  }

  private static URI endpoint() {
    return URI.create(azurite.tables() + "/" + Azurite.ACCOUNT);
  }

  private final class Faults extends HttpPipelineSyncPolicy {
    @Override
    protected void beforeSendingRequest(HttpPipelineCallContext call) {
      Fault fault = isTransaction(call) ? faults.peek() : null;
      if (fault != null && fault.kind() != Fault.Kind.REPLY_LOST) {
        faults.remove();
        if (fault.then() != null) {
          fault.then().run();
        }
        if (fault.kind() == Fault.Kind.REQUEST_LOST) {
          throw lost();
        }
      }
    }

    @Override
    protected HttpResponse afterReceivedResponse(
        HttpPipelineCallContext call, HttpResponse response) {
      Fault fault = isTransaction(call) ? faults.peek() : null;
      if (fault != null && fault.kind() == Fault.Kind.REPLY_LOST) {
        faults.remove();
        if (fault.then() != null) {
          fault.then().run();
        }
        throw lost();
      }
      return response;
    }

    private boolean isTransaction(HttpPipelineCallContext call) {
      return call.getHttpRequest().getUrl().getPath().endsWith("$batch");
    }

    private UncheckedIOException lost() {
      return new UncheckedIOException(new IOException("lost"));
    }
  }
}
