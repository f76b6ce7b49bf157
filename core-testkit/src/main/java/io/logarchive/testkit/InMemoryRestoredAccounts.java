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
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Restored accounts in memory. A search knows {@code match_all} with {@code size} only. */
public final class InMemoryRestoredAccounts implements RestoredAccounts {
  private static final int DEFAULT_SIZE = 10;

  private record Line(String text, boolean isObject) {}

  private record Account(Instant createdAt, Map<String, Line> logs) {}

  private final InstantSource clock;
  private final Map<Uid, Account> accounts = new LinkedHashMap<>();
  private final Set<Uid> closed = new HashSet<>();

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
  public synchronized void close(Uid restoreUid) {
    closed.add(restoreUid);
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
  public synchronized SearchOutcome search(
      List<Uid> restoreUids, JsonObject body, int mostHitBytes) {
    List<JsonObject> all = new ArrayList<>();
    for (Uid uid : restoreUids) {
      if (accounts.containsKey(uid)) {
        logs("Search", uid).forEach((id, line) -> all.add(hit(uid, id, line)));
      }
    }
    if (!isForEverything(body)) {
      return new SearchOutcome.Refused("only match_all is known here");
    }
    List<JsonObject> asked = all.subList(0, Math.min(size(body), all.size()));
    List<JsonObject> hits = new ArrayList<>();
    int bytes = 0;
    for (JsonObject hit : asked) {
      bytes += hit.bytes().length;
      if (bytes <= mostHitBytes) {
        hits.add(hit);
      }
    }
    JsonObject total = JsonObject.builder().put("value", all.size()).put("relation", "eq").build();
    return new SearchOutcome.Found(
        JsonObject.builder()
            .put("hits", JsonObject.builder().put("total", total).put("hits", hits).build())
            .build(),
        hits.size() < asked.size());
  }

  /** The raw lines of an account, in order of their ids. */
  public synchronized List<String> lines(Uid restoreUid) {
    return logs("Lines", restoreUid).values().stream().map(Line::text).toList();
  }

  private synchronized int write(Uid restoreUid, List<RestoredLog> logs) {
    if (closed.contains(restoreUid)) {
      throw new ServiceException.NotFound("Bulk", "Closed", null, null);
    }
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

  private static boolean isForEverything(JsonObject body) {
    return body.member("query")
        .map(query -> query instanceof JsonObject object && object.member("match_all").isPresent())
        .orElse(true);
  }

  private static int size(JsonObject body) {
    return body.member("size")
        .map(size -> ((JsonValue.Num) size).value().intValueExact())
        .orElse(DEFAULT_SIZE);
  }

  private static JsonObject hit(Uid uid, String id, Line line) {
    JsonObject.Builder source = JsonObject.builder().put("_raw", line.text());
    if (line.isObject()) {
      Json.object(line.text().getBytes(StandardCharsets.UTF_8)).members().forEach(source::put);
    }
    return JsonObject.builder()
        .put("_index", uid.value())
        .put("_id", id)
        .put("_source", source.build())
        .build();
  }
}
