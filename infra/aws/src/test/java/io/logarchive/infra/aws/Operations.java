package io.logarchive.infra.aws;

import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** What each function asked of AWS, as {@link OperationRecorder} printed it into its log. */
final class Operations {
  private final Map<String, TreeSet<String>> byHandler = new TreeMap<>();

  void read(String log) {
    log.lines()
        .filter(line -> line.contains(OperationRecorder.START))
        .map(line -> line.substring(line.indexOf(OperationRecorder.START)))
        .map(line -> line.substring(OperationRecorder.START.length()).strip())
        .forEach(this::add);
  }

  private void add(String json) {
    String handler = Reply.text(object(json), "handler");
    byHandler
        .computeIfAbsent(handler.substring(handler.lastIndexOf('.') + 1), name -> new TreeSet<>())
        .add(json);
  }

  /** Each operation once, by the simple names of the handlers' classes. */
  JsonObject json() {
    JsonObject.Builder all = JsonObject.builder();
    byHandler.forEach(
        (handler, operations) ->
            all.put(handler, operations.stream().map(Operations::object).toList()));
    return all.build();
  }

  private static JsonObject object(String json) {
    return Json.object(json.getBytes(StandardCharsets.UTF_8));
  }
}
