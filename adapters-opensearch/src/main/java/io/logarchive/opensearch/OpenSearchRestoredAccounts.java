package io.logarchive.opensearch;

import io.logarchive.account.Uid;
import io.logarchive.fault.ServiceException;
import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import io.logarchive.opensearch.OpenSearchClient.Call;
import io.logarchive.opensearch.OpenSearchClient.Reply;
import io.logarchive.restore.RestoreSink;
import io.logarchive.restore.RestoredAccounts;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Restored accounts as indices of OpenSearch, one each, behind a write alias each. */
public final class OpenSearchRestoredAccounts implements RestoredAccounts {
  private static final Set<String> FAULTS_OF_QUERIES =
      Set.of(
          "aggregation_execution_exception",
          "query_shard_exception",
          "too_many_buckets_exception",
          "too_many_clauses",
          "too_many_nested_clauses");
  private static final Set<String> OUT_OF_TIME =
      Set.of(
          "task_cancelled_exception", "timeout_exception", "receive_timeout_transport_exception");

  private final OpenSearchClient client;
  private final int replicas;
  private final String deploymentId;

  public OpenSearchRestoredAccounts(OpenSearchConfig config) {
    this(config, Patience.DEFAULT);
  }

  OpenSearchRestoredAccounts(OpenSearchConfig config, Patience patience) {
    this.client = new OpenSearchClient(config, patience);
    this.replicas = config.replicas();
    this.deploymentId = config.deploymentId();
  }

  @Override
  public void create(Uid restoreUid, long expectedBytes) {
    try {
      client.call(
          Call.changing("CreateIndex", "PUT", "/" + RestoredIndex.name(restoreUid))
              .with(RestoredIndex.definition(restoreUid, expectedBytes, deploymentId)));
    } catch (ServiceException.Denied e) {
      if (!e.code().equals("resource_already_exists_exception")) {
        throw e;
      }
    }
  }

  @Override
  public RestoreSink sink(Uid restoreUid) {
    return new OpenSearchRestoreSink(client, RestoredIndex.writeAlias(restoreUid));
  }

  @Override
  public long refresh(Uid restoreUid) {
    String index = "/" + RestoredIndex.name(restoreUid);
    if (replicas > 0) {
      client.call(
          Call.changing("UpdateSettings", "PUT", index + "/_settings")
              .with(JsonObject.builder().put("index.number_of_replicas", replicas).build()));
    }
    onAllShards("Refresh", client.call(Call.changing("Refresh", "POST", index + "/_refresh")));
    JsonObject counted = client.call(Call.reading("Count", index + "/_count"));
    onAllShards("Count", counted);
    return number(counted, "count");
  }

  @Override
  public void close(Uid restoreUid) {
    JsonObject removal =
        JsonObject.builder()
            .put(
                "remove",
                JsonObject.builder()
                    .put("index", RestoredIndex.name(restoreUid))
                    .put("alias", RestoredIndex.writeAlias(restoreUid))
                    .build())
            .build();
    ifThere(
        Call.changing("RemoveAlias", "POST", "/_aliases")
            .with(JsonObject.builder().put("actions", List.of(removal)).build()));
  }

  @Override
  public void delete(Uid restoreUid) {
    close(restoreUid);
    ifThere(Call.changing("DeleteIndex", "DELETE", "/" + RestoredIndex.name(restoreUid)));
  }

  private void ifThere(Call call) {
    try {
      client.call(call);
    } catch (ServiceException.NotFound e) {
      // Removed before: what was asked for.
    }
  }

  @Override
  public Map<Uid, Instant> list() {
    JsonObject indices =
        client.call(
            Call.reading(
                "ListIndices",
                "/"
                    + RestoredIndex.all()
                    + "?expand_wildcards=all"
                    + "&filter_path=*.settings.index.creation_date,*.mappings._meta"));
    Map<Uid, Instant> list = new LinkedHashMap<>();
    indices
        .members()
        .forEach(
            (name, index) ->
                RestoredIndex.uid(name)
                    .filter(uid -> RestoredIndex.isOf(deploymentId, index))
                    .ifPresent(uid -> list.put(uid, createdAt(index))));
    return list;
  }

  private static Instant createdAt(JsonValue index) {
    if (index instanceof JsonObject object
        && object.members().get("settings") instanceof JsonObject settings
        && settings.members().get("index") instanceof JsonObject inner
        && inner.members().get("creation_date") instanceof JsonValue.Text millis) {
      return Instant.ofEpochMilli(Long.parseLong(millis.value()));
    }
    throw new ServiceException.Unavailable("ListIndices", "MalformedReply", null, null);
  }

  @Override
  public SearchOutcome search(List<Uid> restoreUids, JsonObject body, int mostHitBytes) {
    String indices = restoreUids.stream().map(RestoredIndex::name).collect(Collectors.joining(","));
    Call call =
        new Call(
            "Search",
            "POST",
            "/"
                + indices
                + "/_search?ignore_unavailable=true&allow_no_indices=true&expand_wildcards=none"
                + "&cancel_after_time_interval=12s",
            BodyPublishers.ofByteArray(body.bytes()),
            false);
    try {
      Reply reply = exchange(call, mostHitBytes);
      Optional<String> refusal = refusal(reply);
      return refusal.isPresent()
          ? new SearchOutcome.Refused(refusal.get())
          : found(OpenSearchClient.succeeded(call, reply));
    } catch (ServiceException.Denied e) {
      if (e.code().equals(OpenSearchClient.REPLY_TOO_LONG)) {
        return new SearchOutcome.Refused("the aggregations are too large: ask for fewer buckets");
      }
      throw e;
    }
  }

  /** Asks again at once, once: a connection that was closed while it was idle shows by failing. */
  private Reply exchange(Call call, int mostHitBytes) {
    try {
      return client.exchange(call, client.patience().search(), mostHitBytes);
    } catch (ServiceException.Unavailable e) {
      if (!(e.getCause() instanceof IOException)) {
        throw e;
      }
      return client.exchange(call, client.patience().search(), mostHitBytes);
    }
  }

  /** Why the engine does not take the query, if it does not. */
  private static Optional<String> refusal(Reply reply) {
    if (!(reply.body().members().get("error") instanceof JsonObject error)) {
      return Optional.empty();
    }
    JsonObject first =
        error.members().get("root_cause") instanceof JsonValue.Array causes
                && causes.values().stream().findFirst().orElse(error) instanceof JsonObject root
            ? root
            : error;
    // For some it says 500 or 503, as if another time would be better.
    Optional<JsonObject> ofTheQuery =
        cause(error, FAULTS_OF_QUERIES).or(() -> cause(first, FAULTS_OF_QUERIES));
    return ofTheQuery
        .or(() -> reply.status() == 400 ? Optional.of(first) : Optional.empty())
        .map(OpenSearchRestoredAccounts::reason);
  }

  private static String reason(JsonObject error) {
    return error.members().get("reason") instanceof JsonValue.Text reason
        ? RestoredIndex.withUids(reason.value())
        : "no reason given";
  }

  private static SearchOutcome found(Reply reply) {
    Map<String, JsonValue> members = new LinkedHashMap<>(reply.body().members());
    boolean outOfTime = isOutOfTime(reply.body());
    if (outOfTime) {
      members.put("timed_out", new JsonValue.Bool(true));
    }
    members.computeIfPresent("hits", (name, hits) -> withUids(hits, "hits", "_index"));
    members.computeIfPresent("_shards", (name, shards) -> withUids(shards, "failures", "index"));
    return new SearchOutcome.Found(new JsonObject(members), reply.cut() || outOfTime);
  }

  /** A shard that was stopped is a failed one to the engine, and its own time limit not reached. */
  private static boolean isOutOfTime(JsonObject reply) {
    return reply.members().get("_shards") instanceof JsonObject shards
        && shards.members().get("failures") instanceof JsonValue.Array failures
        && failures.values().stream()
            .anyMatch(
                each ->
                    each instanceof JsonObject failure
                        && failure.members().get("reason") instanceof JsonObject reason
                        && cause(reason, OUT_OF_TIME).isPresent());
  }

  /** The error of one of the types, among an error and what caused it. */
  private static Optional<JsonObject> cause(JsonObject error, Set<String> types) {
    if (error.members().get("type") instanceof JsonValue.Text type
        && types.contains(type.value())) {
      return Optional.of(error);
    }
    return error.members().get("caused_by") instanceof JsonObject cause
        ? cause(cause, types)
        : Optional.empty();
  }

  /** The object with the restores' uids where the objects in one of its arrays name an index. */
  private static JsonValue withUids(JsonValue object, String array, String name) {
    if (!(object instanceof JsonObject outer
        && outer.members().get(array) instanceof JsonValue.Array inner)) {
      return object;
    }
    Map<String, JsonValue> members = new LinkedHashMap<>(outer.members());
    members.put(
        array,
        new JsonValue.Array(inner.values().stream().map(each -> withUid(each, name)).toList()));
    return new JsonObject(members);
  }

  private static JsonValue withUid(JsonValue each, String name) {
    if (!(each instanceof JsonObject object
        && object.members().get(name) instanceof JsonValue.Text index)) {
      return each;
    }
    Map<String, JsonValue> members = new LinkedHashMap<>(object.members());
    RestoredIndex.uid(index.value())
        .ifPresent(uid -> members.put(name, new JsonValue.Text(uid.value())));
    return new JsonObject(members);
  }

  private static void onAllShards(String operation, JsonObject reply) {
    if (reply.members().get("_shards") instanceof JsonObject shards
        && number(shards, "failed") > 0) {
      throw new ServiceException.Unavailable(operation, "ShardsFailed", null, null);
    }
  }

  private static long number(JsonObject object, String name) {
    if (object.members().get(name) instanceof JsonValue.Num number) {
      return number.value().longValue();
    }
    throw new ServiceException.Unavailable("Reply", "MalformedReply", null, null);
  }
}
