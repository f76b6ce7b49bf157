package io.logarchive.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logarchive.json.InvalidFieldException;
import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SearchBodyTest {
  private static final Set<String> QUERIES =
      Set.of(
          "bool",
          "match_all",
          "match",
          "match_phrase",
          "term",
          "terms",
          "range",
          "exists",
          "prefix",
          "wildcard",
          "ids",
          "simple_query_string");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'bool':{'must':[{'match_all':{}}],'filter':{'exists':{'field':'a'}},'should':[],"
            + "'must_not':[{'ids':{'values':['1']}}],'minimum_should_match':'75%','boost':2}}",
        "{'bool':{'minimum_should_match':-1}}",
        "{'match_all':{'boost':1.5}}",
        "{'match':{'message':'out of memory'}}",
        "{'match':{'message':{'query':'out of memory','operator':'and','fuzziness':'AUTO',"
            + "'minimum_should_match':2,'zero_terms_query':'all','lenient':true,'boost':1}}}",
        "{'match':{'message':{'query':5,'fuzziness':1}}}",
        "{'match_phrase':{'_text':'out of memory'}}",
        "{'match_phrase':{'_text':{'query':'out memory','slop':1,'zero_terms_query':'none'}}}",
        "{'term':{'status':500}}",
        "{'term':{'cached':true}}",
        "{'term':{'id.orig_h':{'value':'10.0.0.1','case_insensitive':true,'boost':1}}}",
        "{'terms':{'_path':['dns','conn',1,false],'boost':2}}",
        "{'range':{'@timestamp':{'gte':'now-1d','lt':'2026-11-22||/d',"
            + "'format':'strict_date_optional_time','time_zone':'+01:00'}}}",
        "{'range':{'status':{'gt':499,'lte':599}}}",
        "{'exists':{'field':'_conflict'}}",
        "{'prefix':{'path':'/cart'}}",
        "{'prefix':{'path':{'value':'/cart','case_insensitive':true}}}",
        "{'wildcard':{'path':'/c*t?'}}",
        "{'wildcard':{'path':{'value':'/c*t','boost':2}}}",
        "{'ids':{'values':['a','b']}}",
        "{'simple_query_string':{'query':'(a | b) + c*','fields':['message^2','type'],"
            + "'default_operator':'and','flags':'ALL','lenient':true,'minimum_should_match':1}}"
      })
  void anAllowedQueryGoesToTheEngineAsItCame(String query) {
    assertThat(rebuilt("{'query':" + query + "}").members().get("query")).isEqualTo(json(query));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'terms':{'field':'service','size':1000,'order':{'_count':'asc'},'min_doc_count':2,"
            + "'missing':'none','include':['a','b'],'exclude':['c']}}",
        "{'terms':{'field':'service','order':[{'most>it':'desc'},{'_key':'asc'}]}}",
        "{'date_histogram':{'field':'@timestamp','calendar_interval':'1d','time_zone':'UTC',"
            + "'offset':'+6h','format':'yyyy','min_doc_count':1,'keyed':true,"
            + "'hard_bounds':{'min':'2026-11-22','max':5},'order':{'_key':'asc'}}}",
        "{'date_histogram':{'field':'@timestamp','fixed_interval':'30s','min_doc_count':7}}",
        "{'histogram':{'field':'took','interval':0.5,'offset':0.1,'min_doc_count':1,'missing':0}}",
        "{'min':{'field':'took'}}",
        "{'max':{'field':'took','missing':0}}",
        "{'avg':{'field':'took'}}",
        "{'sum':{'field':'took'}}",
        "{'cardinality':{'field':'user','precision_threshold':3000}}",
        "{'value_count':{'field':'user'}}",
        "{'filter':{'term':{'type':'shop'}},'aggs':{'it':{'avg':{'field':'took'}}}}",
        "{'filters':{'filters':{'bad':{'range':{'status':{'gte':500}}},'all':{'match_all':{}}},"
            + "'other_bucket':true,'other_bucket_key':'rest'}}",
        "{'filters':{'filters':[{'match_all':{}}]},"
            + "'aggs':{'types':{'terms':{'field':'type','size':500}}}}"
      })
  void anAllowedAggregationGoesToTheEngineAsItCame(String aggregation) {
    String aggs = "{'a name':" + aggregation + "}";
    assertThat(rebuilt("{'aggs':" + aggs + "}").members().get("aggs")).isEqualTo(json(aggs));
    assertThat(rebuilt("{'aggregations':" + aggs + "}").members().get("aggregations"))
        .isEqualTo(json(aggs));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'sort':'status'",
        "'sort':['_score',{'@timestamp':'desc'},{'took':{'order':'asc','mode':'max',"
            + "'missing':'_last','unmapped_type':'double'}},{'_doc':{'order':'desc'}}]",
        "'size':10000",
        "'size':0,'from':10000",
        "'search_after':['2026-11-22T17:00:00.000Z',5,null,1.5,true]",
        "'track_total_hits':true",
        "'track_total_hits':12345",
        "'_source':false"
      })
  void anAllowedMemberGoesToTheEngineAsItCame(String members) {
    JsonObject asked = json("{" + members + "}");
    assertThat(rebuilt("{" + members + "}").members()).containsAllEntriesOf(asked.members());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{} | {'includes':[],'excludes':['_raw','_text','_tiebreak']}",
        "{'_source':true} | {'includes':[],'excludes':['_raw','_text','_tiebreak']}",
        "{'_source':null} | {'includes':[],'excludes':['_raw','_text','_tiebreak']}",
        "{'_source':'*'} | {'includes':['*'],'excludes':['_raw','_text','_tiebreak']}",
        "{'_source':['a','b.*']} | {'includes':['a','b.*'],'excludes':['_raw','_text','_tiebreak']}",
        "{'_source':'_raw'} | {'includes':['_raw'],'excludes':['_text','_tiebreak']}",
        "{'_source':['*','_raw']} | {'includes':['*','_raw'],'excludes':['_text','_tiebreak']}",
        "{'_source':{'includes':['_text'],'excludes':'a'}}"
            + " | {'includes':['_text'],'excludes':['a','_raw','_tiebreak']}",
        "{'_source':{'excludes':['_raw']}} | {'includes':[],'excludes':['_raw','_text','_tiebreak']}",
        "{'fields':['_raw']} | {'includes':[],'excludes':['_text','_tiebreak']}",
        "{'fields':'a*','_source':true} | {'includes':[],'excludes':['_raw','_text','_tiebreak']}",
        "{'fields':['a*',{'field':'_text'}],'_source':false}"
            + " | {'includes':['a*','_text'],'excludes':['_raw','_tiebreak']}",
        "{'fields':[],'_source':'a'} | {'includes':['a'],'excludes':['_raw','_text','_tiebreak']}"
      })
  void whatRepeatsTheLogIsLeftOutUnlessItIsNamed(String body, String source) {
    assertThat(rebuilt(body).members().get("_source")).isEqualTo(json(source));
  }

  @Test
  void fieldsAreForUsAndNotForTheEngine() {
    assertThat(rebuilt("{'fields':['a']}").members()).doesNotContainKey("fields");
  }

  @Test
  void aggregationsMayBeAHundredInAll() {
    String metric = "'%s':{'max':{'field':'a'}}";
    String metrics =
        IntStream.range(0, 99).mapToObj(metric::formatted).collect(Collectors.joining(","));
    String aggs = "{'aggs':{'t':{'terms':{'field':'a'},'aggs':{" + metrics + "%s}}}}";
    assertThat(rebuilt(aggs.formatted("")).members()).containsKey("aggs");
    refused(
        aggs.formatted("," + metric.formatted("more")), "aggs may hold 100 aggregations in all");
  }

  @Test
  void aHighlightIsAlwaysPlain() {
    String highlight =
        "{'fields':{'_text':{'type':'plain','fragment_size':50}},'pre_tags':['<b>'],"
            + "'post_tags':'</b>','number_of_fragments':2,'require_field_match':false,"
            + "'order':'score','encoder':'html','no_match_size':0";
    assertThat(rebuilt("{'highlight':" + highlight + "}}").members().get("highlight"))
        .isEqualTo(json(highlight + ",'type':'plain'}"));
  }

  @Test
  void everySearchEndsAfterTenSeconds() {
    assertThat(rebuilt("{}").members().get("timeout")).isEqualTo(new JsonValue.Text("10s"));
    refused("{'timeout':'1h'}", "timeout is not allowed; allowed are query, aggs");
  }

  @Test
  void histogramsLeaveOutEmptyBuckets() {
    assertThat(rebuilt("{'aggs':{'h':{'histogram':{'field':'a','interval':1}}}}").members())
        .containsEntry(
            "aggs", json("{'h':{'histogram':{'field':'a','interval':1,'min_doc_count':1}}}"));
    refused(
        "{'aggs':{'h':{'histogram':{'field':'a','interval':1,'min_doc_count':0}}}}",
        "aggs.h.histogram.min_doc_count must be a whole number from 1");
  }

  @Test
  void accountIdsAreForUsAndNotForTheEngine() {
    SearchBody body = SearchBody.of(json("{'accountIds':[7,5,7],'size':1}"));
    assertThat(body.accountIds()).isEqualTo(Optional.of(Set.of(5, 7)));
    assertThat(body.json().members()).doesNotContainKey("accountIds");
    assertThat(SearchBody.of(json("{}")).accountIds()).isEmpty();
    assertThat(SearchBody.of(json("{'accountIds':null}")).accountIds()).isEmpty();
    refused("{'accountIds':[]}", "accountIds must hold an id");
    refused("{'accountIds':['5']}", "accountIds must hold 32-bit whole numbers only");
    refused("{'accountIds':5}", "accountIds must be an array");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        // What would run code, leave the accounts, or cost too much.
        "{'query':{'script_score':{}}} | query.script_score is not allowed; allowed are bool,",
        "{'query':{'query_string':{'query':'a'}}} | query.query_string is not allowed",
        "{'query':{'regexp':{'a':'b'}}} | query.regexp is not allowed",
        "{'query':{'fuzzy':{'a':'b'}}} | query.fuzzy is not allowed",
        "{'query':{'more_like_this':{}}} | query.more_like_this is not allowed",
        "{'query':{'wrapper':{'query':'e30='}}} | query.wrapper is not allowed",
        "{'query':{'percolate':{}}} | query.percolate is not allowed",
        "{'query':{'has_child':{}}} | query.has_child is not allowed",
        "{'query':{'bool':{'must':[{'match_all':{}},{'script':{}}]}}}"
            + " | query.bool.must[1].script is not allowed; allowed are bool, match_all",
        "{'query':{'terms':{'a':{'index':'other','id':'1','path':'b'}}}}"
            + " | query.terms.a must be an array, not an object",
        "{'query':{'wildcard':{'a':{'value':'b','rewrite':'scoring_boolean'}}}}"
            + " | query.wildcard.a.rewrite is not allowed; allowed are boost, value",
        "{'query':{'match':{'a':{'query':'b','analyzer':'c'}}}} | query.match.a.analyzer is not",
        "{'query':{'bool':{'_name':'x'}}} | query.bool._name is not allowed",
        "{'script_fields':{}} | script_fields is not allowed; allowed are query, aggs",
        "{'runtime_mappings':{}} | runtime_mappings is not allowed",
        "{'derived':{}} | derived is not allowed",
        "{'docvalue_fields':['a']} | docvalue_fields is not allowed",
        "{'fields':[{'field':'a','format':'x'}]} | fields[0].format is not allowed",
        "{'fields':['a'],'_source':['a']} | _source may be true or false only beside fields",
        "{'stored_fields':['a']} | stored_fields is not allowed",
        "{'rescore':{}} | rescore is not allowed",
        "{'collapse':{}} | collapse is not allowed",
        "{'suggest':{}} | suggest is not allowed",
        "{'pit':{}} | pit is not allowed",
        "{'profile':true} | profile is not allowed",
        "{'explain':true} | explain is not allowed",
        "{'indices_boost':[]} | indices_boost is not allowed",
        "{'ext':{}} | ext is not allowed",
        "{'search_pipeline':{}} | search_pipeline is not allowed",
        "{'aggs':{'a':{'scripted_metric':{}}}}"
            + " | aggs.a.scripted_metric is not allowed; allowed are terms, date_histogram",
        "{'aggs':{'a':{'top_hits':{}}}} | aggs.a.top_hits is not allowed",
        "{'aggs':{'a':{'global':{}}}} | aggs.a.global is not allowed",
        "{'aggs':{'a':{'composite':{}}}} | aggs.a.composite is not allowed",
        "{'aggs':{'a':{'significant_text':{}}}} | aggs.a.significant_text is not allowed",
        "{'aggs':{'a':{'sum':{'field':'b','script':{}}}}} | aggs.a.sum.script is not allowed",
        "{'aggs':{'a':{'terms':{'field':'b','include':'.*'}}}}"
            + " | aggs.a.terms.include must be an array, not a string",
        "{'aggs':{'a':{'sum':{'field':'b'},'meta':{}}}} | aggs.a.meta is not allowed",
        "{'aggs':{'a':{'sum':{'field':'b'},'aggs':{}}}} | aggs.a.aggs is not allowed beside sum",
        "{'sort':{'_script':{'type':'number'}}} | sort._script.type is not allowed",
        "{'sort':{'a':{'nested':{}}}} | sort.a.nested is not allowed",
        "{'highlight':{'fields':{'a':{'highlight_query':{}}}}}"
            + " | highlight.fields.a.highlight_query is not allowed",
        "{'highlight':{'fields':{'a':{'type':'unified'}}}}"
            + " | highlight.fields.a.type must be one of plain",
        // The engine's own fields.
        "{'query':{'term':{'_index':'a'}}} | query.term._index must be a field of the logs",
        "{'query':{'exists':{'field':'_id'}}} | query.exists.field must be a field of the logs",
        "{'query':{'exists':{'field':'*'}}} | query.exists.field must name one field",
        "{'query':{'simple_query_string':{'query':'a','fields':['_index^2']}}}"
            + " | query.simple_query_string.fields[0] must be a field of the logs",
        "{'query':{'simple_query_string':{'query':'a','fields':['*']}}}"
            + " | query.simple_query_string.fields[0] must name one field",
        "{'aggs':{'a':{'terms':{'field':'_index'}}}} | aggs.a.terms.field must be a field of",
        "{'aggs':{'a':{'cardinality':{'field':'_id'}}}} | aggs.a.cardinality.field must be a",
        "{'sort':['_id']} | sort[0] must be a field of the logs, which _id is not",
        "{'sort':[{'_routing':'asc'}]} | sort[0]._routing must be a field of the logs",
        "{'fields':['_index']} | fields[0] must be a field of the logs",
        "{'_source':['_seq_no']} | _source[0] must be a field of the logs",
        "{'highlight':{'fields':{'_id':{}}}} | highlight.fields._id must be a field of the logs",
        // Sizes.
        "{'size':10001} | size must be a whole number from 0 to 10000",
        "{'size':-1} | size must be a whole number from 0 to 10000",
        "{'size':1e999999999999} | size must be a whole number from 0 to 10000",
        "{'size':1.5} | size must be a whole number from 0 to 10000",
        "{'size':'10'} | size must be a whole number from 0 to 10000",
        "{'from':9991} | from and size may be 10000 together",
        "{'from':9000,'size':1001} | from and size may be 10000 together",
        "{'aggs':{'a':{'terms':{'field':'b','size':1001}}}}"
            + " | aggs.a.terms.size must be a whole number from 1 to 1000",
        "{'aggs':{'a':{'terms':{'field':'b','size':101},"
            + "'aggs':{'c':{'terms':{'field':'d'}}}}}}"
            + " | aggs.a.aggs.c.terms could make 1010 buckets; at most 1000",
        "{'query':{'term':{'a':1e400}}} | query.term.a is too large a number",
        "{'aggs':{'a':{'terms':{'field':'b','size':600}},'c':{'terms':{'field':'d','size':401}}}}"
            + " | aggs could make 1001 buckets; at most 1000 are allowed",
        "{'aggs':{'a':{'terms':{'field':'b','size':50},"
            + "'aggs':{'c':{'terms':{'field':'d'}},'e':{'terms':{'field':'f','size':11}}}}}}"
            + " | aggs could make 1050 buckets; at most 1000 are allowed",
        "{'from':1,'search_after':[5],'sort':'a'} | from must be 0 beside search_after",
        // What is no sense.
        "{'query':{}} | query must hold one query, not 0",
        "{'query':{'match_all':{},'term':{'a':1}}} | query must hold one query, not 2",
        "{'query':[]} | query must be an object, not an array",
        "{'query':{'term':{}}} | query.term must name one field, not 0",
        "{'query':{'term':{'a':1,'b':2}}} | query.term must name one field, not 2",
        "{'query':{'term':{'a':null}}} | query.term.a must be a string, a number or a boolean",
        "{'query':{'term':{'a':{}}}} | query.term.a.value is required",
        "{'query':{'match':{'a':['b']}}} | query.match.a must be a string, a number or a bool",
        "{'query':{'exists':{}}} | query.exists.field is required",
        "{'query':{'exists':{'field':5}}} | query.exists.field must be the name of a field",
        "{'query':{'ids':{'values':'a'}}} | query.ids.values must be an array",
        "{'aggs':{'a':{}}} | aggs.a must hold one aggregation, not 0",
        "{'aggs':{'a':{'min':{'field':'b'},'max':{'field':'b'}}}} | aggs.a must hold one aggreg",
        "{'aggs':{'a>b':{'min':{'field':'b'}}}} | aggs.a>b must have a name",
        "{'aggs':{},'aggregations':{}} | aggregations is the same as aggs",
        "{'aggs':{'a':{'terms':{'field':'b','order':{'c':'up'}}}}}"
            + " | aggs.a.terms.order.c must be one of asc, desc",
        "{'highlight':{}} | highlight.fields is required",
        "{'search_after':5} | search_after must be an array",
        "{'search_after':[{}]} | search_after[0] must be a string, a number or a boolean",
        "{'track_total_hits':0} | track_total_hits must be a whole number from 1"
      })
  void allElseIsRefusedByItsPath(String body, String message) {
    refused(body, message);
  }

  @Test
  void queriesMayBeEightDeep() {
    assertThat(rebuilt("{'query':" + deep(8) + "}").members()).containsKey("query");
    refused(
        "{'query':" + deep(9) + "}",
        "query" + ".bool.must".repeat(8) + " is nested deeper than 8 levels");
  }

  @Test
  void aggregationsAndTheQueriesInThemMayBeEightDeep() {
    assertThat(rebuilt("{'aggs':" + deepAggregations(8, "'min':{'field':'b'}") + "}").members())
        .containsKey("aggs");
    refused(
        "{'aggs':" + deepAggregations(9, "'min':{'field':'b'}") + "}",
        "aggs.a" + ".aggs.a".repeat(7) + ".filter is nested deeper than 8 levels");
    refused(
        "{'aggs':" + deepAggregations(7, "'filter':" + deep(2)) + "}",
        "aggs.a" + ".aggs.a".repeat(6) + ".filter.bool.must is nested deeper than 8 levels");
  }

  @Test
  void patternsAreShort() {
    String longest = "*a".repeat(128);
    for (String kind : List.of("prefix", "wildcard")) {
      String query = "{'query':{'" + kind + "':{'a':'%s'}}}";
      assertThat(rebuilt(query.formatted(longest)).members()).containsKey("query");
      refused(query.formatted(longest + "b"), "query." + kind + ".a may have 256 characters");
    }
  }

  @Test
  void listsAreBounded() {
    String many = "1,".repeat(10_000);
    assertThat(rebuilt("{'query':{'terms':{'a':[" + many.substring(0, 19_999) + "]}}}").members())
        .containsKey("query");
    refused("{'query':{'terms':{'a':[" + many + "1]}}}", "query.terms.a may have 10000 values");
    refused("{'sort':[" + "'a',".repeat(100) + "'a']}", "sort may have 100 values");
  }

  @Test
  void aMessageShowsNoMoreThanTheStartOfALongName() {
    assertThatThrownBy(() -> rebuilt("{'" + "a".repeat(40_000) + "':1}"))
        .isInstanceOf(InvalidFieldException.class)
        .message()
        .hasSizeLessThan(400);
  }

  @Property(tries = 500)
  void everyAllowedQueryGoesToTheEngineAsItCame(@ForAll("queries") JsonObject query) {
    assertThat(SearchBody.of(JsonObject.builder().put("query", query).build()).json().members())
        .containsEntry("query", query);
  }

  @Property(tries = 500)
  void whateverComesEitherIsRefusedByItsPathOrHoldsAllowedQueriesOnly(
      @ForAll("wild") JsonObject query) {
    JsonObject rebuilt;
    try {
      rebuilt = SearchBody.of(JsonObject.builder().put("query", query).build()).json();
    } catch (InvalidFieldException e) {
      assertThat(e).hasMessageStartingWith("query");
      return;
    }
    assertThat(QUERIES).containsAll(kinds(rebuilt.member("query").orElseThrow()));
  }

  @Provide
  Arbitrary<JsonObject> queries() {
    return Arbitraries.recursive(
        SearchBodyTest::leaf,
        inner ->
            Combinators.combine(
                    inner.list().ofMinSize(0).ofMaxSize(3),
                    Arbitraries.of("must", "filter", "should", "must_not"))
                .as(
                    (queries, clause) ->
                        kind("bool", JsonObject.builder().put(clause, queries).build())),
        0,
        7);
  }

  /** Queries in which anything may stand where a query belongs. */
  @Provide
  Arbitrary<JsonObject> wild() {
    Arbitrary<JsonObject> unknown =
        Arbitraries.of("script", "regexp", "nested", "", "must", "query", "_index")
            .flatMap(name -> leaf().map(query -> kind(name, query)));
    return Arbitraries.recursive(
        () -> Arbitraries.frequencyOf(Tuple.of(9, leaf()), Tuple.of(1, unknown)),
        inner ->
            Combinators.combine(inner.list().ofMaxSize(3), Arbitraries.of("must", "filter", "x"))
                .as(
                    (queries, clause) ->
                        kind("bool", JsonObject.builder().put(clause, queries).build())),
        0,
        10);
  }

  private static Arbitrary<JsonObject> leaf() {
    Arbitrary<String> field =
        Arbitraries.strings().ofMinLength(1).ofMaxLength(20).alpha().map(name -> "f." + name);
    Arbitrary<JsonValue> value =
        Arbitraries.oneOf(
            Arbitraries.strings().ofMaxLength(30).map(JsonValue.Text::new),
            Arbitraries.longs().map(number -> new JsonValue.Num(Long.toString(number))),
            Arbitraries.doubles().map(number -> new JsonValue.Num(Double.toString(number))),
            Arbitraries.of(true, false).map(JsonValue.Bool::new));
    return Arbitraries.oneOf(
        Combinators.combine(Arbitraries.of("match", "match_phrase", "term"), field, value)
            .as((kind, name, asked) -> kind(kind, kind(name, asked))),
        Combinators.combine(
                Arbitraries.of("prefix", "wildcard"), field, Arbitraries.strings().ofMaxLength(256))
            .as((kind, name, asked) -> kind(kind, kind(name, new JsonValue.Text(asked)))),
        Combinators.combine(field, value.list().ofMaxSize(20))
            .as((name, values) -> kind("terms", kind(name, new JsonValue.Array(values)))),
        Combinators.combine(field, Arbitraries.of("gt", "gte", "lt", "lte"), value)
            .as((name, end, asked) -> kind("range", kind(name, kind(end, asked)))),
        field.map(name -> kind("exists", kind("field", new JsonValue.Text(name)))),
        Arbitraries.just(kind("match_all", JsonObject.EMPTY)));
  }

  private static List<String> kinds(JsonValue query) {
    List<String> kinds = new ArrayList<>();
    ((JsonObject) query)
        .members()
        .forEach(
            (kind, body) -> {
              kinds.add(kind);
              if (kind.equals("bool")) {
                for (JsonValue clauses : ((JsonObject) body).members().values()) {
                  ((JsonValue.Array) clauses).values().forEach(each -> kinds.addAll(kinds(each)));
                }
              }
            });
    return kinds;
  }

  private static JsonObject kind(String name, JsonValue body) {
    return new JsonObject(Map.of(name, body));
  }

  private static String deep(int levels) {
    return "{'bool':{'must':".repeat(levels - 1) + "{'match_all':{}}" + "}}".repeat(levels - 1);
  }

  private static String deepAggregations(int levels, String innermost) {
    return "{'a':{'filter':{'match_all':{}},'aggs':".repeat(levels - 1)
        + "{'a':{"
        + innermost
        + "}}"
        + "}}".repeat(levels - 1);
  }

  private static void refused(String body, String message) {
    assertThatThrownBy(() -> rebuilt(body))
        .isInstanceOf(InvalidFieldException.class)
        .hasMessageStartingWith(message);
  }

  private static JsonObject rebuilt(String body) {
    return SearchBody.of(json(body)).json();
  }

  private static JsonObject json(String text) {
    return Json.object(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }
}
