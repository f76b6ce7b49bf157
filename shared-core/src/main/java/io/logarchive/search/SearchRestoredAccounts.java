package io.logarchive.search;

import static java.util.Objects.requireNonNull;

import io.logarchive.account.Caller;
import io.logarchive.account.Uid;
import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import io.logarchive.restore.Restore;
import io.logarchive.restore.RestoreSlots;
import io.logarchive.restore.RestoreStore;
import io.logarchive.restore.RestoredAccounts;
import io.logarchive.restore.RestoredAccounts.SearchOutcome;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Searches the restored accounts of one account, those that are still being filled included. A
 * reply has at most {@link #MOST_REPLY_BYTES}: hits behind them are left out, and it says so.
 */
public final class SearchRestoredAccounts {
  static final int MOST_REPLY_BYTES = 4_000_000;

  private static final JsonValue.Bool YES = new JsonValue.Bool(true);
  private static final int LONGEST_REASON = 1_000;

  /** What is passed on of the engine's reply, besides hits and shards. */
  private static final List<String> KEPT = List.of("took", "timed_out", "aggregations");

  private static final JsonObject NOTHING =
      Json.object(
          """
          {"took":0,"timed_out":false,
           "_shards":{"total":0,"successful":0,"skipped":0,"failed":0},
           "hits":{"total":{"value":0,"relation":"eq"},"max_score":null,"hits":[]}}
          """
              .getBytes(StandardCharsets.UTF_8));

  /** What comes of a search. Each is an answer to the caller, none a fault. */
  public sealed interface Outcome {

    /** The reply, in which restored accounts go by their names and ids. */
    record Found(JsonObject reply) implements Outcome {}

    /** One of the ids is not that of a restored account of the caller's. */
    record NoSuchAccount() implements Outcome {}

    /** The search cannot be answered as it is asked. */
    record Refused(String reason) implements Outcome {}
  }

  private final RestoreStore store;
  private final RestoredAccounts restoredAccounts;

  public SearchRestoredAccounts(RestoreStore store, RestoredAccounts restoredAccounts) {
    this.store = store;
    this.restoredAccounts = restoredAccounts;
  }

  public Outcome run(Caller caller, SearchBody body) {
    Map<Integer, Restore> searchable = searchable(caller);
    Set<Integer> asked = body.accountIds().orElse(searchable.keySet());
    if (!searchable.keySet().containsAll(asked)) {
      return new Outcome.NoSuchAccount();
    }
    searchable.keySet().retainAll(asked);
    Map<String, Restore> byUid = new LinkedHashMap<>();
    searchable.values().forEach(restore -> byUid.put(restore.uid().value(), restore));
    List<Uid> uids =
        searchable.values().stream().filter(Restore::hasAccount).map(Restore::uid).toList();
    if (uids.isEmpty()) {
      return new Outcome.Found(NOTHING);
    }
    return switch (restoredAccounts.search(uids, body.json(), MOST_REPLY_BYTES)) {
      case SearchOutcome.Refused refused -> new Outcome.Refused(named(refused.reason(), byUid));
      case SearchOutcome.Found found -> answer(found, body, byUid);
    };
  }

  private Map<Integer, Restore> searchable(Caller caller) {
    Map<Integer, Restore> searchable = new LinkedHashMap<>();
    for (RestoreSlots.Holder holder : store.slots(caller.accountId()).holders()) {
      store
          .find(holder.restoreId())
          .filter(restore -> restore.accountId() == caller.accountId() && restore.searchable())
          .ifPresent(restore -> searchable.put(restore.id(), restore));
    }
    return searchable;
  }

  private static Outcome answer(
      SearchOutcome.Found found, SearchBody body, Map<String, Restore> byUid) {
    JsonObject reply = found.reply();
    int buckets = object(reply, "aggregations").map(Aggregations::buckets).orElse(0);
    if (buckets > Aggregations.MOST_BUCKETS) {
      return new Outcome.Refused(
          "The aggregations make "
              + buckets
              + " buckets; at most "
              + Aggregations.MOST_BUCKETS
              + " are allowed: ask for a shorter range, longer intervals or smaller sizes");
    }
    JsonObject hits = object(reply, "hits").orElse(JsonObject.EMPTY);
    int left = MOST_REPLY_BYTES - reply(reply, hits, List.of(), true, byUid).bytes().length;
    if (left < 0) {
      return new Outcome.Refused(
          "The aggregations alone are more than a reply may have, "
              + MOST_REPLY_BYTES
              + " bytes: ask for fewer buckets");
    }
    List<JsonObject> all = objects(hits, "hits");
    List<JsonValue> fitting = new ArrayList<>();
    for (JsonObject each : all) {
      JsonObject hit = ofAccount(body.shown(each), "_index", byUid);
      left -= hit.bytes().length + 1;
      if (left < 0) {
        break;
      }
      fitting.add(hit);
    }
    boolean truncated = found.cut() || fitting.size() < all.size();
    return new Outcome.Found(reply(reply, hits, fitting, truncated, byUid));
  }

  private static JsonObject reply(
      JsonObject engines,
      JsonObject hits,
      List<JsonValue> fitting,
      boolean truncated,
      Map<String, Restore> byUid) {
    Map<String, JsonValue> members = new LinkedHashMap<>();
    if (truncated) {
      members.put("truncated", YES);
    }
    for (String name : KEPT) {
      engines.member(name).ifPresent(value -> members.put(name, value));
    }
    object(engines, "_shards").ifPresent(shards -> members.put("_shards", shards(shards, byUid)));
    Map<String, JsonValue> inner = new LinkedHashMap<>(hits.members());
    inner.put("hits", new JsonValue.Array(fitting));
    members.put("hits", new JsonObject(inner));
    return new JsonObject(members);
  }

  /** A failing shard is told by its account and reason: its node and index are ours to know. */
  private static JsonObject shards(JsonObject shards, Map<String, Restore> byUid) {
    Map<String, JsonValue> members = new LinkedHashMap<>(shards.members());
    members.remove("failures");
    List<JsonObject> failures = objects(shards, "failures");
    if (!failures.isEmpty()) {
      members.put(
          "failures",
          new JsonValue.Array(
              failures.stream().<JsonValue>map(failure -> failure(failure, byUid)).toList()));
    }
    return new JsonObject(members);
  }

  private static JsonObject failure(JsonObject failure, Map<String, Restore> byUid) {
    JsonObject.Builder told = JsonObject.builder();
    failure.member("index").ifPresent(index -> told.put("_index", index));
    String reason =
        object(failure, "reason")
            .flatMap(error -> error.member("reason"))
            .map(text -> text instanceof JsonValue.Text known ? known.value() : "")
            .orElse("");
    told.put("reason", named(reason, byUid));
    return ofAccount(told.build(), "_index", byUid);
  }

  /** The object with its account's name in the place of the uid, and its id beside it. */
  private static JsonObject ofAccount(
      JsonObject object, String member, Map<String, Restore> byUid) {
    Map<String, JsonValue> members = new LinkedHashMap<>();
    object
        .members()
        .forEach(
            (name, value) -> {
              if (!name.equals(member)) {
                members.put(name, value);
              } else if (value instanceof JsonValue.Text uid && byUid.containsKey(uid.value())) {
                Restore restore = requireNonNull(byUid.get(uid.value()));
                members.put(name, new JsonValue.Text(restore.request().accountName()));
                members.put("_accountId", new JsonValue.Num(Integer.toString(restore.id())));
              }
            });
    return new JsonObject(members);
  }

  private static String named(String reason, Map<String, Restore> byUid) {
    String named = reason;
    for (Map.Entry<String, Restore> each : byUid.entrySet()) {
      named = named.replace(each.getKey(), each.getValue().request().accountName());
    }
    return named.length() <= LONGEST_REASON ? named : named.substring(0, LONGEST_REASON) + "…";
  }

  private static Optional<JsonObject> object(JsonObject object, String name) {
    return object.members().get(name) instanceof JsonObject inner
        ? Optional.of(inner)
        : Optional.empty();
  }

  private static List<JsonObject> objects(JsonObject object, String name) {
    return object.members().get(name) instanceof JsonValue.Array array
        ? array.values().stream()
            .filter(JsonObject.class::isInstance)
            .map(JsonObject.class::cast)
            .toList()
        : List.of();
  }
}
