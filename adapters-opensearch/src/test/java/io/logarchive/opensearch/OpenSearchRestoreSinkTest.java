package io.logarchive.opensearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.logarchive.fault.ServiceException;
import io.logarchive.restore.RestoreSink;
import io.logarchive.restore.RestoredLog;
import io.logarchive.testkit.StubServer;
import io.logarchive.testkit.StubServer.Reply;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the sink makes of the answers that OpenSearch documents for bulks. */
class OpenSearchRestoreSinkTest {
  private static final int TRIES = 4;
  private static final Patience BRIEF =
      new Patience(
          Duration.ofSeconds(10),
          Duration.ofSeconds(10),
          Duration.ofSeconds(10),
          TRIES,
          Duration.ofMillis(1),
          Duration.ofMillis(4));
  private static final String WRITTEN = "{\"index\":{\"status\":201}}";

  /** A document as it was sent: its number, and the reason if it is without its fields. */
  private record Sent(int number, String conflict) {
    static Sent of(int number) {
      return new Sent(number, "");
    }
  }

  /** The bulks that came, in order. */
  private final List<List<Sent>> bulks = new CopyOnWriteArrayList<>();

  @Test
  void itemsThatAreTurnedAwayAreSentAgainAlone() {
    int conflicts =
        write(
            5,
            (bulk, sent) ->
                bulk == 1 && sent.number() % 2 == 1
                    ? refused(429, "rejected_execution_exception")
                    : bulk == 2 && sent.number() == 3
                        ? refused(503, "unavailable_shards_exception")
                        : WRITTEN);
    assertThat(conflicts).isZero();
    assertThat(bulks)
        .containsExactly(
            List.of(Sent.of(0), Sent.of(1), Sent.of(2), Sent.of(3), Sent.of(4)),
            List.of(Sent.of(1), Sent.of(3)),
            List.of(Sent.of(3)));
  }

  @Test
  void itemsThatAreAlwaysTurnedAwayMakeItUnavailable() {
    ServiceException failure =
        failure(
            3,
            (bulk, sent) ->
                sent.number() == 1 ? refused(429, "circuit_breaking_exception") : WRITTEN);
    assertThat(failure).isInstanceOf(ServiceException.Unavailable.class);
    assertThat(failure.operation()).isEqualTo("Bulk");
    assertThat(failure.code()).isEqualTo("circuit_breaking_exception");
    assertThat(bulks).hasSize(TRIES);
    assertThat(bulks.subList(1, TRIES)).containsOnly(List.of(Sent.of(1)));
  }

  @Test
  void anItemThatIsRefusedForItsContentIsSentAgainWithoutItsFields() {
    int conflicts =
        write(
            3,
            (bulk, sent) ->
                sent.number() == 1 && sent.conflict().isEmpty()
                    ? refused(400, "mapper_parsing_exception")
                    : WRITTEN);
    assertThat(conflicts).isEqualTo(1);
    assertThat(bulks)
        .containsExactly(
            List.of(Sent.of(0), Sent.of(1), Sent.of(2)),
            List.of(new Sent(1, "mapper_parsing_exception")));
  }

  @Test
  void anItemThatLostARaceForAFieldIsFirstSentAgainAsItIs() {
    int conflicts =
        write(
            2,
            (bulk, sent) ->
                bulk == 1 && sent.number() == 0
                    ? refused(400, "illegal_argument_exception")
                    : WRITTEN);
    assertThat(conflicts).isZero();
    assertThat(bulks).containsExactly(List.of(Sent.of(0), Sent.of(1)), List.of(Sent.of(0)));
  }

  @Test
  void anItemThatIsRefusedTwiceIsWrittenWithoutItsFields() {
    int conflicts =
        write(
            1,
            (bulk, sent) ->
                sent.conflict().isEmpty() ? refused(400, "illegal_argument_exception") : WRITTEN);
    assertThat(conflicts).isEqualTo(1);
    assertThat(bulks)
        .containsExactly(
            List.of(Sent.of(0)),
            List.of(Sent.of(0)),
            List.of(new Sent(0, "illegal_argument_exception")));
  }

  @Test
  void anItemThatAloneBreaksTheEngineIsWrittenWithoutItsFieldsAtTheLastTry() {
    int conflicts =
        write(
            2,
            (bulk, sent) ->
                sent.number() == 1 && sent.conflict().isEmpty()
                    ? refused(500, "null_pointer_exception")
                    : WRITTEN);
    assertThat(conflicts).isEqualTo(1);
    assertThat(bulks)
        .containsExactly(
            List.of(Sent.of(0), Sent.of(1)),
            List.of(Sent.of(1)),
            List.of(Sent.of(1)),
            List.of(new Sent(1, "null_pointer_exception")));
  }

  @Test
  void aNodeThatRestartsCostsNoLogItsFields() {
    int conflicts =
        write(
            3,
            (bulk, sent) ->
                bulk < TRIES - 1 && (bulk > 1 || sent.number() > 0)
                    ? refused(500, "node_closed_exception")
                    : WRITTEN);
    assertThat(conflicts).isZero();
    List<Sent> again = List.of(Sent.of(1), Sent.of(2));
    assertThat(bulks).containsExactly(List.of(Sent.of(0), Sent.of(1), Sent.of(2)), again, again);
  }

  @Test
  void anEngineThatTakesNothingIsUnavailableAndMakesNoLogRaw() {
    ServiceException failure = failure(3, (bulk, sent) -> refused(500, "already_closed_exception"));
    assertThat(failure).isInstanceOf(ServiceException.Unavailable.class);
    assertThat(failure.code()).isEqualTo("already_closed_exception");
    assertThat(bulks).hasSize(TRIES).containsOnly(List.of(Sent.of(0), Sent.of(1), Sent.of(2)));
  }

  @Test
  void aRawLineThatIsNotTakenEitherMakesItUnavailable() {
    ServiceException failure =
        failure(
            2,
            (bulk, sent) ->
                sent.number() == 1 ? refused(500, "already_closed_exception") : WRITTEN);
    assertThat(failure).isInstanceOf(ServiceException.Unavailable.class);
    assertThat(bulks).hasSize(TRIES);
  }

  @Test
  void anItemThatIsTurnedAwayKeepsTheReasonItHasNoFieldsFor() {
    int conflicts =
        write(
            1,
            (bulk, sent) ->
                switch (bulk) {
                  case 1 -> refused(400, "mapper_parsing_exception");
                  case 2 -> refused(429, "rejected_execution_exception");
                  default -> WRITTEN;
                });
    assertThat(conflicts).isEqualTo(1);
    Sent raw = new Sent(0, "mapper_parsing_exception");
    assertThat(bulks).containsExactly(List.of(Sent.of(0)), List.of(raw), List.of(raw));
  }

  @Test
  void aRefusalOfWhatCannotBeRefusedForItsContentIsAFailure() {
    ServiceException failure = failure(1, (bulk, sent) -> refused(400, "index_closed_exception"));
    assertThat(failure).isInstanceOf(ServiceException.Denied.class);
    assertThat(failure.code()).isEqualTo("index_closed_exception");
  }

  @Test
  void aBlockedIndexIsNoMatterOfContent() {
    ServiceException failure = failure(2, (bulk, sent) -> refused(403, "cluster_block_exception"));
    assertThat(failure).isInstanceOf(ServiceException.Denied.class);
    assertThat(failure.code()).isEqualTo("cluster_block_exception");
    assertThat(bulks).hasSize(1);
  }

  @Test
  void anIndexThatIsGoneIsNotFound() {
    ServiceException failure =
        failure(2, (bulk, sent) -> refused(404, "index_not_found_exception"));
    assertThat(failure).isInstanceOf(ServiceException.NotFound.class);
    assertThat(failure.code()).isEqualTo("index_not_found_exception");
    assertThat(bulks).hasSize(1);
  }

  @Test
  void aBulkThatIsTooLargeIsSentInHalves() {
    Reply tooLarge = Reply.Whole.of(413, "");
    try (StubServer server =
        new StubServer(
            request -> {
              List<Sent> bulk = documents(request.text());
              bulks.add(bulk);
              return bulk.size() > 2 ? tooLarge : answer(bulk, (number, sent) -> WRITTEN);
            })) {
      assertThat(sink(server).write(logs(5))).isZero();
    }
    assertThat(bulks)
        .containsExactly(
            List.of(Sent.of(0), Sent.of(1), Sent.of(2), Sent.of(3), Sent.of(4)),
            List.of(Sent.of(0), Sent.of(1)),
            List.of(Sent.of(2), Sent.of(3), Sent.of(4)),
            List.of(Sent.of(2)),
            List.of(Sent.of(3), Sent.of(4)));
  }

  @Test
  void aBulkThatIsTurnedAwayWholeIsSentAgainWhole() {
    try (StubServer server =
        new StubServer(
            request -> {
              List<Sent> bulk = documents(request.text());
              bulks.add(bulk);
              return bulks.size() < TRIES
                  ? Reply.Whole.of(
                      429, "{\"error\":{\"type\":\"rejected_execution_exception\"},\"status\":429}")
                  : answer(bulk, (number, sent) -> WRITTEN);
            })) {
      assertThat(sink(server).write(logs(2))).isZero();
    }
    assertThat(bulks).hasSize(TRIES).containsOnly(List.of(Sent.of(0), Sent.of(1)));
  }

  @Test
  void anAnswerThatIsNotAboutEachItemLeavesTheOutcomeUnknown() {
    for (String answer : List.of("{\"items\":[]}", "{}", "[]", "", "<html>")) {
      try (StubServer server = new StubServer(request -> Reply.Whole.of(200, answer))) {
        assertThat(failure(server, 1))
            .as(answer)
            .isInstanceOf(ServiceException.OutcomeUnknown.class);
      }
    }
  }

  @Test
  void everyRequestGoesThroughTheWriteAliasAndRequiresIt() {
    write(1, (bulk, sent) -> WRITTEN);
    try (StubServer server =
        new StubServer(request -> answer(documents(request.text()), (number, sent) -> WRITTEN))) {
      sink(server).write(logs(1));
      assertThat(server.requests().getFirst().target())
          .startsWith("/alias/_bulk?")
          .contains("require_alias=true");
    }
  }

  @Test
  void muchIsSentInSeveralBulksOfAboutTheSameSize() {
    byte[] line = ("{\"a\":\"" + "x".repeat(100_000) + "\"}").getBytes(StandardCharsets.UTF_8);
    List<RestoredLog> logs =
        IntStream.range(0, 100).mapToObj(number -> Lines.log(number, line)).toList();
    try (StubServer server =
        new StubServer(
            request -> {
              bulks.add(documents(request.text()));
              assertThat(request.body().length).isLessThan(9_000_000);
              return answer(bulks.getLast(), (number, sent) -> WRITTEN);
            })) {
      assertThat(sink(server).write(logs)).isZero();
      assertThat(server.requests()).hasSize(4);
    }
    assertThat(bulks).allSatisfy(bulk -> assertThat(bulk).hasSize(25));
    assertThat(bulks.stream().flatMap(List::stream).map(Sent::number))
        .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 100).boxed().toList());
  }

  @Test
  void aFailureOfOneBulkIsAFailureOfAll() {
    byte[] line = ("{\"a\":\"" + "x".repeat(1_000_000) + "\"}").getBytes(StandardCharsets.UTF_8);
    List<RestoredLog> logs =
        IntStream.range(0, 10).mapToObj(number -> Lines.log(number, line)).toList();
    try (StubServer server =
        new StubServer(
            request -> {
              List<Sent> bulk = documents(request.text());
              return answer(
                  bulk,
                  (number, sent) ->
                      sent.number() == 9 ? refused(404, "index_not_found_exception") : WRITTEN);
            })) {
      assertThat(catchThrowableOfType(ServiceException.class, () -> sink(server).write(logs)))
          .isInstanceOf(ServiceException.NotFound.class);
    }
  }

  /** Writes so many logs to a server that answers for each by the number of the bulk, from 1 on. */
  private int write(int logs, BiFunction<Integer, Sent, String> service) {
    try (StubServer server = server(service)) {
      return sink(server).write(logs(logs));
    }
  }

  private ServiceException failure(int logs, BiFunction<Integer, Sent, String> service) {
    try (StubServer server = server(service)) {
      return failure(server, logs);
    }
  }

  private static ServiceException failure(StubServer server, int logs) {
    ServiceException failure =
        catchThrowableOfType(ServiceException.class, () -> sink(server).write(logs(logs)));
    assertThat(failure).isNotNull();
    return failure;
  }

  private StubServer server(BiFunction<Integer, Sent, String> service) {
    return new StubServer(
        request -> {
          List<Sent> bulk = documents(request.text());
          bulks.add(bulk);
          return answer(bulk, (number, sent) -> service.apply(bulks.size(), sent));
        });
  }

  private static Reply answer(List<Sent> bulk, BiFunction<Integer, Sent, String> service) {
    List<String> items = bulk.stream().map(sent -> service.apply(sent.number(), sent)).toList();
    boolean errors = items.stream().anyMatch(item -> !item.equals(WRITTEN));
    return Reply.Whole.of(
        200, "{\"errors\":" + errors + ",\"items\":[" + String.join(",", items) + "]}");
  }

  private static String refused(int status, String type) {
    return "{\"index\":{\"status\":%d,\"error\":{\"type\":\"%s\"}}}".formatted(status, type);
  }

  private static List<Sent> documents(String body) {
    List<String> lines = body.lines().toList();
    List<Sent> sent = new ArrayList<>();
    for (int i = 0; i < lines.size(); i += 2) {
      String id = lines.get(i).replaceAll("\\{\"index\":\\{\"_id\":\"([0-9a-f]{32})\"}}", "$1");
      String document = lines.get(i + 1);
      String conflict =
          document.contains("\"_conflict\":\"")
              ? document.replaceAll(".*\"_conflict\":\"([a-z_]*)\"}", "$1")
              : "";
      sent.add(new Sent(Integer.parseInt(id, 16), conflict));
    }
    return sent;
  }

  private static RestoreSink sink(StubServer server) {
    OpenSearchConfig config = new OpenSearchConfig(server.endpoint(), null, 0, "test");
    return new OpenSearchRestoreSink(new OpenSearchClient(config, BRIEF), "alias");
  }

  private static List<RestoredLog> logs(int count) {
    return IntStream.range(0, count)
        .mapToObj(number -> Lines.log(number, "{\"number\":" + number + "}"))
        .toList();
  }
}
