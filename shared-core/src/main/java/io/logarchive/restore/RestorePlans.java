package io.logarchive.restore;

import io.logarchive.account.Uid;
import io.logarchive.archive.ArchiveStorage;
import io.logarchive.archive.Content;
import io.logarchive.fault.AtOnce;
import io.logarchive.fault.ServiceException;
import io.logarchive.format.ObjectName;
import io.logarchive.format.Sha256;
import io.logarchive.json.Fields;
import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/**
 * Restores' plans, as objects in the deployment's own storage: {@code <uid>/plan.json}, which names
 * the one plan that counts, and {@code <uid>/<plan>/slice-<n>.json} and {@code …/count-<n>.json};
 * {@code …/items.json} lists the slices as the workflow's steps take them. A plan's id derives from
 * its slices, so two planners that listed the archive at different moments write different objects,
 * and the first to write {@code plan.json} decides.
 */
public final class RestorePlans {
  private static final int MAX_BYTES = 16 << 20;
  private static final int PLAN_ID_BYTES = 12;

  /** How many of its objects, of which a plan may have 10,000, are written or read at once. */
  private static final int AT_ONCE = 32;

  private final ArchiveStorage storage;

  /**
   * @param storage the deployment's own
   */
  public RestorePlans(ArchiveStorage storage) {
    this.storage = storage;
  }

  /**
   * What counting found: for each minute since 1970, in order, the raw bytes of the logs that
   * match.
   */
  record Counts(Map<Long, Long> bytesByMinute) {
    Counts {
      bytesByMinute = new TreeMap<>(bytesByMinute);
    }
  }

  Optional<PlanSummary> find(Uid restore) {
    return read(restore + "/plan.json").map(RestorePlans::summary);
  }

  /** Writes the plan, unless there is one: then that is returned, and it counts. */
  PlanSummary write(Restore restore, List<Slice> slices, Plan plan) {
    Uid uid = restore.uid();
    MessageDigest sha256 = Sha256.digest();
    List<byte[]> written = slices.stream().map(RestorePlans::json).toList();
    written.forEach(sha256::update);
    String id = HexFormat.of().formatHex(sha256.digest(), 0, PLAN_ID_BYTES);
    AtOnce.forEach(
        "PutObject",
        AT_ONCE,
        IntStream.range(0, written.size()).boxed().toList(),
        slice ->
            storage.putIfAbsent(
                sliceKey(uid, id, slice), Content.of(written.get(slice), Content.JSON)));
    storage.putIfAbsent(
        itemsKey(uid, id), Content.of(items(restore.id(), slices.size()), Content.JSON));
    PlanSummary summary =
        new PlanSummary(
            id,
            slices.size(),
            plan.objects().size(),
            plan.storedBytes(),
            plan.lowerBytes(),
            plan.upperBytes(),
            plan.skippedNames());
    storage.putIfAbsent(uid + "/plan.json", Content.of(json(summary).bytes(), Content.JSON));
    return find(uid).orElseThrow(() -> gone("plan.json"));
  }

  Slice slice(Uid restore, PlanSummary plan, int slice) {
    String key = sliceKey(restore, plan.id(), slice);
    List<PlannedObject> objects = new ArrayList<>();
    for (JsonValue value : read(key).orElseThrow(() -> gone(key)).array("objects").orElseThrow()) {
      Fields object = Fields.of((JsonObject) value);
      ObjectName name = ObjectName.parse(object.requiredText("key")).orElseThrow();
      objects.add(new PlannedObject(object.requiredText("place"), name, whole(object, "stored")));
    }
    return new Slice(objects);
  }

  void writeCounts(Uid restore, PlanSummary plan, int slice, Counts counts) {
    JsonObject.Builder minutes = JsonObject.builder();
    counts.bytesByMinute().forEach((minute, bytes) -> minutes.put(Long.toString(minute), bytes));
    storage.putIfAbsent(
        countKey(restore, plan.id(), slice),
        Content.of(
            JsonObject.builder().put("bytesByMinute", minutes.build()).build().bytes(),
            Content.JSON));
  }

  private Counts counts(Uid restore, PlanSummary plan, int slice) {
    String key = countKey(restore, plan.id(), slice);
    Fields minutes = read(key).orElseThrow(() -> gone(key)).requiredObject("bytesByMinute");
    Map<Long, Long> bytesByMinute = new TreeMap<>();
    for (String minute : minutes.object().members().keySet()) {
      bytesByMinute.put(Long.parseLong(minute), whole(minutes, minute));
    }
    return new Counts(bytesByMinute);
  }

  /** What counting found in the whole plan. */
  Counts counts(Uid restore, PlanSummary plan) {
    Map<Long, Long> bytesByMinute = new ConcurrentHashMap<>();
    AtOnce.forEach(
        "GetObject",
        AT_ONCE,
        IntStream.range(0, plan.slices()).boxed().toList(),
        slice ->
            counts(restore, plan, slice)
                .bytesByMinute()
                .forEach((minute, bytes) -> bytesByMinute.merge(minute, bytes, Long::sum)));
    return new Counts(bytesByMinute);
  }

  private Optional<Fields> read(String key) {
    try {
      return Optional.of(Fields.of(Json.object(storage.get(key, 0, MAX_BYTES))));
    } catch (ServiceException.NotFound e) {
      return Optional.empty();
    }
  }

  private static byte[] json(Slice slice) {
    List<JsonObject> objects =
        slice.objects().stream()
            .map(
                object ->
                    JsonObject.builder()
                        .put("place", object.place())
                        .put("key", object.name().path())
                        .put("stored", object.storedBytes())
                        .build())
            .toList();
    return JsonObject.builder().put("objects", objects).build().bytes();
  }

  private static byte[] items(int restoreId, int slices) {
    return Json.text(
            new JsonValue.Array(
                IntStream.range(0, slices)
                    .<JsonValue>mapToObj(
                        slice ->
                            JsonObject.builder()
                                .put("restoreId", restoreId)
                                .put("slice", slice)
                                .build())
                    .toList()))
        .getBytes(StandardCharsets.UTF_8);
  }

  private static JsonObject json(PlanSummary plan) {
    return JsonObject.builder()
        .put("id", plan.id())
        .put("slices", plan.slices())
        .put("objects", plan.objects())
        .put("storedBytes", plan.storedBytes())
        .put("lowerBytes", plan.lowerBytes())
        .put("upperBytes", plan.upperBytes())
        .put("skippedNames", plan.skippedNames())
        .build();
  }

  private static PlanSummary summary(Fields plan) {
    return new PlanSummary(
        plan.requiredText("id"),
        (int) whole(plan, "slices"),
        whole(plan, "objects"),
        whole(plan, "storedBytes"),
        whole(plan, "lowerBytes"),
        whole(plan, "upperBytes"),
        whole(plan, "skippedNames"));
  }

  private static long whole(Fields fields, String name) {
    return fields.number(name).orElseThrow().value().longValueExact();
  }

  static String itemsKey(Uid restore, String plan) {
    return restore + "/" + plan + "/items.json";
  }

  private static String sliceKey(Uid restore, String plan, int slice) {
    return restore + "/" + plan + "/slice-" + slice + ".json";
  }

  private static String countKey(Uid restore, String plan, int slice) {
    return restore + "/" + plan + "/count-" + slice + ".json";
  }

  private static IllegalStateException gone(String key) {
    return new IllegalStateException("A restore's plan lost its object " + key);
  }
}
