package io.logarchive.opensearch;

import static org.assertj.core.api.Assertions.assertThat;

import io.logarchive.account.Caller;
import io.logarchive.account.Uid;
import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import io.logarchive.restore.Restore;
import io.logarchive.restore.RestoreStore;
import io.logarchive.restore.RestoredLog;
import io.logarchive.search.SearchBody;
import io.logarchive.search.SearchRestoredAccounts;
import io.logarchive.search.SearchRestoredAccounts.Outcome;
import io.logarchive.testkit.InMemoryAuditLog;
import io.logarchive.testkit.InMemoryIds;
import io.logarchive.testkit.InMemoryRestoreStore;
import io.logarchive.testkit.Samples;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Everything the allow-list lets through, asked of an engine. */
@ExtendWith(OpenSearchNode.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SearchTest {
  private static final Instant START = Instant.parse("2026-11-22T17:00:00Z");
  private static final int LOGS = 1_200;

  /** So many logs of one millisecond. */
  private static final int AT_ONCE = 100;

  private final OpenSearchRestoredAccounts accounts;
  private final InMemoryRestoreStore store =
      new InMemoryRestoreStore(new InMemoryIds(), new InMemoryAuditLog(100), 100);
  private final SearchRestoredAccounts search;
  private final Caller caller = Caller.deploymentFor(Samples.id());
  private final Restore shop;

  SearchTest(OpenSearchConfig config) {
    this.accounts = new OpenSearchRestoredAccounts(config);
    this.search = new SearchRestoredAccounts(store, accounts);
    this.shop = Samples.restore(Samples.id(), caller.accountId(), START);
  }

  @BeforeAll
  void fill() {
    start(shop);
    write(shop, IntStream.range(0, LOGS).mapToObj(SearchTest::log).toList());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '~',
      value = {
        "1200 ; {'match_all':{'boost':2}}",
        "400 ; {'match':{'service':'cart'}}",
        "1 ; {'match':{'_text':{'query':'Order 17 failed','operator':'and'}}}",
        "1200 ; {'match':{'_text':{'query':'ordre','fuzziness':'AUTO','boost':2}}}",
        "1200 ; {'match':{'_text':{'query':'order nothing else','minimum_should_match':1,"
            + "'zero_terms_query':'none','lenient':true}}}",
        "1 ; {'match_phrase':{'_text':'order 17 failed'}}",
        "1200 ; {'match_phrase':{'_text':{'query':'order failed because','slop':1}}} ",
        "400 ; {'term':{'service':'pay'}}",
        "400 ; {'term':{'service':{'value':'PAY','case_insensitive':true,'boost':1}}}",
        "1200 ; {'term':{'cached':true}}",
        "300 ; {'term':{'status':500}}",
        "800 ; {'terms':{'service':['pay','ship','none'],'boost':1}}",
        "300 ; {'range':{'status':{'gt':404,'lte':500}}}",
        "100 ; {'range':{'@timestamp':{'gte':'2026-11-22T17:00:00.001Z',"
            + "'lt':'2026-11-22T17:00:00.002Z','format':'strict_date_optional_time',"
            + "'time_zone':'+00:00','boost':1}}}",
        "1200 ; {'exists':{'field':'path.of.file'}}",
        "0 ; {'exists':{'field':'path'}}",
        "400 ; {'prefix':{'service':'sh'}}",
        "400 ; {'prefix':{'service':{'value':'SH','case_insensitive':true}}}",
        "400 ; {'wildcard':{'service':'*a?t'}}",
        "400 ; {'wildcard':{'service':{'value':'C*T','case_insensitive':true,'boost':1}}}",
        "2 ; {'ids':{'values':['00000000000000000000000000000000',"
            + "'00000000000000000000000000000011','none']}}",
        "1 ; {'simple_query_string':{'query':'order +17 +fail*','default_operator':'and',"
            + "'flags':'ALL'}}",
        "1 ; {'simple_query_string':{'query':'order 17 fail*','minimum_should_match':3}}",
        "800 ; {'simple_query_string':{'query':'pay | cart','fields':['service^2','type'],"
            + "'lenient':true}}",
        "100 ; {'bool':{'must':[{'term':{'service':'cart'}}],'filter':{'term':{'status':500}}}}",
        "900 ; {'bool':{'must_not':{'term':{'status':500}}}}",
        "600 ; {'bool':{'should':[{'term':{'service':'cart'}},{'term':{'status':500}}],"
            + "'minimum_should_match':1,'boost':2}}"
      })
  void anAllowedQueryFinds(int logs, String query) {
    assertThat(total(found("{'size':0,'track_total_hits':true,'query':" + query + "}")))
        .isEqualTo(logs);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'min':{'field':'took'}} | {'value':0.0}",
        "{'max':{'field':'took','missing':5000}} | {'value':599.5}",
        "{'sum':{'field':'took'}} | {'value':359700.0}",
        "{'avg':{'field':'took'}} | {'value':299.75}",
        "{'value_count':{'field':'service'}} | {'value':1200}",
        "{'cardinality':{'field':'service','precision_threshold':100}} | {'value':3}",
        "{'filter':{'term':{'service':'cart'}},'aggs':{'m':{'max':{'field':'took'}}}}"
            + " | {'doc_count':400,'m':{'value':598.5}}",
        "{'filters':{'filters':{'bad':{'term':{'status':500}}},'other_bucket':true,"
            + "'other_bucket_key':'rest'}}"
            + " | {'buckets':{'bad':{'doc_count':300},'rest':{'doc_count':900}}}",
        "{'filters':{'filters':[{'match_all':{}}]}} | {'buckets':[{'doc_count':1200}]}",
        "{'terms':{'field':'service','size':1000,'order':[{'_count':'asc'},{'_key':'desc'}],"
            + "'min_doc_count':2,'missing':'none','include':['pay','cart'],'exclude':['x']}}"
            + " | {'doc_count_error_upper_bound':0,'sum_other_doc_count':0,'buckets':["
            + "{'key':'pay','doc_count':400},{'key':'cart','doc_count':400}]}",
        "{'terms':{'field':'service','size':1,'order':{'m':'desc'}},"
            + "'aggs':{'m':{'max':{'field':'took'}}}}"
            + " | {'doc_count_error_upper_bound':0,'sum_other_doc_count':800,'buckets':["
            + "{'key':'ship','doc_count':400,'m':{'value':599.5}}]}",
        "{'histogram':{'field':'took','interval':300,'offset':1,'order':{'_key':'desc'},"
            + "'missing':0,'hard_bounds':{'min':0,'max':600}}}"
            + " | {'buckets':[{'key':301.0,'doc_count':598},{'key':1.0,'doc_count':600}]}",
        "{'date_histogram':{'field':'@timestamp','fixed_interval':'5ms','time_zone':'UTC',"
            + "'format':'epoch_millis','keyed':true,"
            + "'hard_bounds':{'min':1795366800000,'max':'1795366800010'}}}"
            + " | {'buckets':{"
            + "'1795366800000':{'key_as_string':'1795366800000','key':1795366800000,"
            + "'doc_count':500},"
            + "'1795366800005':{'key_as_string':'1795366800005','key':1795366800005,"
            + "'doc_count':500}}}",
        "{'date_histogram':{'field':'@timestamp','calendar_interval':'1d','offset':'+1h'}}"
            + " | {'buckets':[{'key_as_string':'2026-11-22T01:00:00.000Z','key':1795309200000,"
            + "'doc_count':1200}]}"
      })
  void anAllowedAggregationCounts(String aggregation, String result) {
    JsonObject reply = found("{'size':0,'aggs':{'a':" + aggregation + "}}");
    assertThat(inner(reply, "aggregations").members().get("a")).isEqualTo(json(result));
  }

  @Test
  void theLineComesOnlyIfItIsNamed() {
    String query = "'query':{'ids':{'values':['00000000000000000000000000000011']}}";
    JsonObject usual = hits(found("{" + query + "}")).getFirst();
    assertThat(inner(usual, "_source").members())
        .containsOnlyKeys("@timestamp", "service", "status", "took", "cached", "path", "message");
    assertThat(usual.members()).containsEntry("_index", text(shop.request().accountName()));
    assertThat(usual.members())
        .containsEntry("_accountId", new JsonValue.Num(Integer.toString(shop.id())));

    JsonObject asked = hits(found("{" + query + ",'_source':['_raw']}")).getFirst();
    assertThat(inner(asked, "_source")).isEqualTo(raw(17));

    JsonObject field =
        hits(found("{" + query + ",'_source':false,'fields':['_raw','t*']}")).getFirst();
    assertThat(field.members()).doesNotContainKey("_source");
    assertThat(inner(field, "fields"))
        .isEqualTo(
            JsonObject.builder()
                .put("_raw", List.of(raw(17).member("_raw").orElseThrow()))
                .put("took", List.of(new JsonValue.Num("8.5")))
                .build());
  }

  @Test
  void fieldsByPatternTellNothingOfTheEngine() {
    String reply = Json.text(found("{'_source':false,'fields':['*','_*'],'size':100}"));
    assertThat(reply).contains("\"service\"").doesNotContain(shop.uid().value(), "_seq_no");
  }

  @Test
  void aFieldAndOneThatItsNameBeginsAreToldApart() {
    Caller other = Caller.deploymentFor(Samples.id());
    Restore flat = Samples.restore(Samples.id(), other.accountId(), START);
    start(flat);
    write(
        flat,
        List.of(
            line(0, "{\"id\":\"x\"}"),
            line(1, "{\"id.host\":\"h\",\"id.port\":53}"),
            line(2, "{\"id\":{\"host\":\"g\",\"port\":54}}")));
    String body = "{'_source':false,'fields':%s}";
    assertThat(values(found(other, body.formatted("['id.host']"))))
        .containsExactlyInAnyOrder(json("{'id.host':['h']}"), json("{'id.host':['g']}"));
    assertThat(values(found(other, body.formatted("['id*']"))))
        .containsExactlyInAnyOrder(
            json("{'id':['x']}"),
            json("{'id.host':['h'],'id.port':[53]}"),
            json("{'id.host':['g'],'id.port':[54]}"));
  }

  private static List<JsonObject> values(JsonObject reply) {
    return hits(reply).stream()
        .filter(hit -> hit.members().containsKey("fields"))
        .map(hit -> inner(hit, "fields"))
        .toList();
  }

  @Test
  void sortedSearchesPageThroughAllLogsOnce() {
    for (String first : List.of("{'@timestamp':'desc'}", "'@timestamp'", "'status'")) {
      List<String> ids = new ArrayList<>();
      String after = "";
      List<JsonObject> page;
      do {
        page =
            hits(
                found(
                    "{'size':70,'_source':false,'sort':[" + first + ",'_tiebreak']" + after + "}"));
        page.forEach(hit -> ids.add(Json.text(hit.member("_id").orElseThrow())));
        if (!page.isEmpty()) {
          after = ",'search_after':" + Json.text(page.getLast().member("sort").orElseThrow());
        }
      } while (!page.isEmpty());
      assertThat(ids).hasSize(LOGS).doesNotHaveDuplicates();
    }
  }

  @Test
  void allKindsOfSortingAreTaken() {
    String sort =
        "[{'took':{'order':'desc','mode':'max','missing':'_last'}},"
            + "{'none':{'order':'asc','unmapped_type':'keyword'}},"
            + "{'@timestamp':'desc'},'_score',{'_doc':'asc'}]";
    assertThat(hits(found("{'size':1,'from':1,'sort':" + sort + "}")).getFirst().members())
        .containsEntry("_id", text(id(LOGS - 2)));
  }

  @Test
  void aHighlightMarksWhatWasFound() {
    JsonObject hit =
        hits(found(
                "{'query':{'match_phrase':{'_text':'order 17'}},'highlight':{'type':'plain',"
                    + "'pre_tags':['['],'post_tags':[']'],'order':'score','encoder':'default',"
                    + "'fields':{'_text':{'fragment_size':50,'number_of_fragments':1,"
                    + "'no_match_size':0,'require_field_match':true}}}}"))
            .getFirst();
    assertThat(Json.text(hit.member("highlight").orElseThrow())).contains("[order] [17] failed");
  }

  @Test
  void aReplyIsCutAtFourMegabytes() {
    Caller other = Caller.deploymentFor(Samples.id());
    Restore large = Samples.restore(Samples.id(), other.accountId(), START);
    start(large);
    String filler = "ä".repeat(100_000);
    write(
        large,
        IntStream.range(0, 30)
            .mapToObj(i -> line(i, "{\"n\":%d,\"filler\":\"%s\"}".formatted(i, filler)))
            .toList());
    JsonObject reply = found(other, "{'size':100,'sort':'n','track_total_hits':true}");
    assertThat(reply.bytes()).hasSizeBetween(3_600_000, 4_000_000);
    assertThat(reply.members()).containsEntry("truncated", new JsonValue.Bool(true));
    assertThat(total(reply)).isEqualTo(30);
    assertThat(hits(reply)).hasSize(19);
    assertThat(hits(found(other, "{'size':100,'_source':'n'}"))).hasSize(30);
  }

  @Test
  void anAccountThatHasNoIndexYetIsEmpty() {
    Caller other = Caller.deploymentFor(Samples.id());
    Restore notBegun = Samples.restore(Samples.id(), other.accountId(), START);
    assertThat(
            store.create(
                notBegun,
                Samples.with(store.slots(other.accountId()), notBegun),
                Samples.started(notBegun)))
        .isEqualTo(RestoreStore.Created.YES);
    JsonObject reply =
        found(other, "{'sort':'n','aggs':{'a':{'max':{'field':'n'}}},'track_total_hits':true}");
    assertThat(hits(reply)).isEmpty();
    assertThat(total(reply)).isZero();
  }

  @Test
  void whatTheEngineRefusesIsToldWithoutItsNames() {
    assertThat(refused("{'sort':'no_such_field'}")).contains("no_such_field");
    assertThat(refused("{'sort':'_text'}")).doesNotContain(shop.uid().value(), "logarchive-");
    assertThat(refused("{'query':{'range':{'@timestamp':{'gte':'noon'}}}}")).contains("noon");
    assertThat(refused("{'aggs':{'a':{'terms':{'field':'b','order':{'c':'asc'}}}}}")).isNotBlank();
  }

  @Test
  void tooManyClausesAreRefused() {
    String words =
        IntStream.range(36, 36 * 36)
            .mapToObj(number -> Integer.toString(number, 36))
            .collect(Collectors.joining(" "));
    String match = "{'match':{'_text':'" + words + "'}}";
    int half = words.length() / 2;
    String first = "{'match':{'_text':'" + words.substring(0, half) + "'}}";
    String second = "{'match':{'_text':'" + words.substring(half) + "'}}";
    List<String> queries =
        List.of(
            match,
            "{'simple_query_string':{'query':'" + words + "','fields':['_text']}}",
            "{'bool':{'should':[" + first + "," + second + "]}}",
            "{'bool':{'should':[" + match + "," + first + "]}}");
    for (String query : queries) {
      assertThat(refused("{'query':" + query + "}")).containsIgnoringCase("clause");
      assertThat(refused("{'size':0,'aggs':{'a':{'filter':" + query + "}}}"))
          .containsIgnoringCase("clause");
    }
  }

  @Test
  void placesThatNoSortLeadsToAreRefused() {
    assertThat(refused("{'search_after':[5]}")).isNotBlank();
    assertThat(refused("{'search_after':[5,6],'sort':'took'}")).contains("search_after");
    assertThat(refused("{'search_after':['x'],'sort':'took'}")).contains("took");
    assertThat(hits(found("{'search_after':[598.5],'from':0,'sort':'took','size':5}"))).hasSize(2);
  }

  @Test
  void tooManyBucketsAreRefusedByUsOrTheEngine() {
    Caller other = Caller.deploymentFor(Samples.id());
    Restore spread = Samples.restore(Samples.id(), other.accountId(), START);
    start(spread);
    // The first and the last are as far apart as real logs' times can be wrong.
    write(
        spread,
        IntStream.range(0, 1_001)
            .mapToObj(i -> new At(i, i == 0 ? 0 : START.toEpochMilli() + i * 1_000L))
            .map(at -> line(at.number(), at.time(), "{\"n\":" + at.number() + "}"))
            .toList());
    String histogram =
        "{'size':0,'aggs':{'a':{'date_histogram':{'field':'@timestamp','fixed_interval':'%s'}}}}";
    assertThat(refused(other, histogram.formatted("1s"))).contains("make 1001 buckets");
    JsonObject reply = found(other, histogram.formatted("1m"));
    assertThat(Json.text(inner(reply, "aggregations"))).contains("\"key\":0,\"doc_count\":1");
  }

  private record At(int number, long time) {}

  private void start(Restore restore) {
    assertThat(
            store.create(
                restore,
                Samples.with(store.slots(restore.accountId()), restore),
                Samples.started(restore)))
        .isEqualTo(RestoreStore.Created.YES);
    accounts.create(restore.uid(), 1_000_000);
    assertThat(store.update(Samples.planned(restore))).isTrue();
  }

  private void write(Restore restore, List<RestoredLog> logs) {
    Uid uid = restore.uid();
    assertThat(accounts.sink(uid).write(logs)).isZero();
    assertThat(accounts.refresh(uid)).isEqualTo(logs.size());
  }

  private static RestoredLog log(int number) {
    return line(number, START.toEpochMilli() + number / AT_ONCE, json(raw(number)));
  }

  private static JsonObject raw(int number) {
    String line =
        "{\"service\":\"%s\",\"status\":%d,\"took\":%s,\"cached\":true,\"path\":{\"of\":{\"file\":\"/x\"}},"
                .formatted(
                    List.of("cart", "pay", "ship").get(number % 3),
                    List.of(200, 200, 404, 500).get(number / 3 % 4),
                    number * 0.5)
            + "\"message\":\"order %d failed because\"}".formatted(number);
    return JsonObject.builder().put("_raw", line).build();
  }

  private static String json(JsonObject raw) {
    return ((JsonValue.Text) raw.member("_raw").orElseThrow()).value();
  }

  private static RestoredLog line(int number, String line) {
    return line(number, START.toEpochMilli(), line);
  }

  private static RestoredLog line(int number, long time, String line) {
    byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
    return new RestoredLog(id(number), bytes, 0, bytes.length, time, -1, -1, true);
  }

  private static String id(int number) {
    return String.format(Locale.ROOT, "%032x", number);
  }

  private JsonObject found(String body) {
    return found(caller, body);
  }

  private JsonObject found(Caller who, String body) {
    Outcome outcome = search.run(who, SearchBody.of(json(body)));
    assertThat(outcome).isInstanceOf(Outcome.Found.class);
    JsonObject reply = ((Outcome.Found) outcome).reply();
    assertThat(inner(reply, "_shards").members()).containsEntry("failed", new JsonValue.Num("0"));
    return reply;
  }

  private String refused(String body) {
    return refused(caller, body);
  }

  private String refused(Caller who, String body) {
    Outcome outcome = search.run(who, SearchBody.of(json(body)));
    assertThat(outcome).isInstanceOf(Outcome.Refused.class);
    return ((Outcome.Refused) outcome).reason();
  }

  private static int total(JsonObject reply) {
    JsonObject total = inner(inner(reply, "hits"), "total");
    return ((JsonValue.Num) total.member("value").orElseThrow()).value().intValueExact();
  }

  private static List<JsonObject> hits(JsonObject reply) {
    List<JsonObject> hits = new ArrayList<>();
    for (JsonValue hit :
        ((JsonValue.Array) inner(reply, "hits").member("hits").orElseThrow()).values()) {
      hits.add((JsonObject) hit);
    }
    return hits;
  }

  private static JsonObject inner(JsonObject object, String name) {
    return (JsonObject) object.member(name).orElseThrow();
  }

  private static JsonValue text(String text) {
    return new JsonValue.Text(text);
  }

  private static JsonObject json(String text) {
    return Json.object(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }
}
