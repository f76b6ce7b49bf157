package io.logarchive.testkit;

import io.logarchive.account.Uid;
import io.logarchive.fault.ServiceException;
import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import io.logarchive.restore.RestoreSink;
import io.logarchive.restore.RestoredAccounts;
import io.logarchive.restore.RestoredLog;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Restored accounts in memory. A search knows {@code match_all} with {@code size} only. */
public final class InMemoryRestoredAccounts implements RestoredAccounts {
  private static final int DEFAULT_SIZE = 10;

  private record Line(String text, boolean isObject) {}

  private record Account(Instant createdAt, Map<String, Line> logs) {}

  private final InstantSource clock;
  private final Map<Uid, Account> accounts = new LinkedHashMap<>();

  public InMemoryRestoredAccounts(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public synchronized void create(Uid restoreUid, long expectedBytes) {
    accounts.putIfAbsent(restoreUid, new Account(clock.instant(), new TreeMap<>()));
  }

  @Override
  public RestoreSink sink(Uid restoreUid) {
    return logs -> write(restoreUid, logs);
  }

  @Override
  public synchronized long refresh(Uid restoreUid) {
    return logs("Refresh", restoreUid).size();
  }

  @Override
  public synchronized void delete(Uid restoreUid) {
    accounts.remove(restoreUid);
  }

  @Override
  public synchronized Map<Uid, Instant> list() {
    Map<Uid, Instant> list = new LinkedHashMap<>();
    accounts.forEach((uid, account) -> list.put(uid, account.createdAt()));
    return list;
  }

  @Override
  public synchronized JsonObject search(List<Uid> restoreUids, JsonObject body) {
    int size = size(body);
    List<JsonObject> hits = new ArrayList<>();
    for (Uid uid : restoreUids) {
      for (Map.Entry<String, Line> log : logs("Search", uid).entrySet()) {
        hits.add(
            JsonObject.builder()
                .put("_index", uid.value())
                .put("_id", log.getKey())
                .put("_source", source(log.getValue()))
                .build());
      }
    }
    return JsonObject.builder()
        .put(
            "hits",
            JsonObject.builder()
                .put(
                    "total",
                    JsonObject.builder().put("value", hits.size()).put("relation", "eq").build())
                .put("hits", hits.subList(0, Math.min(size, hits.size())))
                .build())
        .build();
  }

  /** The raw lines of an account, in order of their ids. */
  public synchronized List<String> lines(Uid restoreUid) {
    return logs("Lines", restoreUid).values().stream().map(Line::text).toList();
  }

  private synchronized int write(Uid restoreUid, List<RestoredLog> logs) {
    Map<String, Line> account = logs("Bulk", restoreUid);
    int rawOnly = 0;
    for (RestoredLog log : logs) {
      String text = new String(log.bytes(), log.from(), log.length(), StandardCharsets.UTF_8);
      account.put(log.id(), new Line(text, log.isObject()));
      rawOnly += log.isObject() ? 0 : 1;
    }
    return rawOnly;
  }

  private Map<String, Line> logs(String operation, Uid uid) {
    Account account = accounts.get(uid);
    if (account == null) {
      throw new ServiceException.NotFound(operation, "NoSuchAccount", null, null);
    }
    return account.logs();
  }

  private static int size(JsonObject body) {
    boolean everything =
        body.member("query")
            .map(
                query ->
                    query instanceof JsonObject object && object.member("match_all").isPresent())
            .orElse(true);
    if (!everything) {
      throw new ServiceException.Denied("Search", "OnlyMatchAll", null, null);
    }
    return body.member("size")
        .map(size -> ((JsonValue.Num) size).value().intValueExact())
        .orElse(DEFAULT_SIZE);
  }

  private static JsonObject source(Line line) {
    return line.isObject()
        ? Json.object(line.text().getBytes(StandardCharsets.UTF_8))
        : JsonObject.builder().put("raw", line.text()).build();
  }
}
