package io.logarchive.local;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import io.logarchive.archive.ArchiveStorage;
import io.logarchive.archive.ObjectInfo;
import io.logarchive.archive.Page;
import io.logarchive.format.ObjectName;
import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The demo's steps against a deployment, with their counts and times. */
final class DemoRun {
  private static final Duration LONGEST_RESTORE = Duration.ofHours(24);
  private static final Duration PATIENCE = Duration.ofMinutes(30);
  private static final long POLL_MILLIS = 500;
  private static final int HITS_SHOWN = 3;
  private static final int HIT_WIDTH = 160;
  private static final int MAX_OBJECT = 256 << 20;

  private record Window(Instant start, Instant end) {}

  private record Archived(int objects, long lines, long storedBytes, NavigableSet<Instant> hours) {}

  private record Restored(long logs, long conflicting, long found) {}

  private final LocalDeployment deployment;
  private final DemoArchive archive;
  private final LocalWiring machine;
  private final PrintWriter out;
  private final Progress progress;
  private final Map<String, Long> byType = new TreeMap<>();
  private Instant stepStarted;
  private int step;

  DemoRun(LocalDeployment deployment, DemoArchive archive, LocalWiring machine, PrintWriter out) {
    this.deployment = deployment;
    this.archive = archive;
    this.machine = machine;
    this.out = out;
    this.progress = new Progress(out, machine.clock(), Boolean.getBoolean("logarchive.terminal"));
    this.stepStarted = machine.clock().instant();
  }

  /** Whether every number agrees. */
  boolean run(String what, String type, Shipper.Lines lines)
      throws IOException, InterruptedException {
    out.printf("Log Archive, with %s%n%n", what);
    Duration up = Duration.ofMillis(ManagementFactory.getRuntimeMXBean().getUptime());
    line(up, "the service is up, in this process, at " + deployment.uri());
    try (ServiceClient client = new ServiceClient(deployment.uri(), deployment.octets())) {
      ServiceClient.AccountTokens account =
          client.createAccount(deployment.secrets().adminToken().value(), "demo", 100);
      done("made an account: id " + account.accountId());
      archive.setUp(client, account.apiToken());
      done("set up its archive in " + archive.name());

      Shipper.Shipped sent =
          new Shipper(client, account.shippingToken(), type, progress).ship(lines);
      done(
          "sent %s logs (%s) in %d bodies to %s?token=…"
              .formatted(
                  Text.count(sent.taken()),
                  Text.megabytes(sent.rawBytes()),
                  sent.bodies(),
                  deployment.octets()));
      if (sent.refused() > 0) {
        note(Text.count(sent.refused()) + " lines were refused: they are no logs");
      }
      Archived archived = archived();
      done(
          "found %s logs in %d objects of the archive, %s stored"
              .formatted(
                  Text.count(archived.lines()),
                  archived.objects(),
                  Text.megabytes(archived.storedBytes())));
      return restoreAndCompare(client, account.apiToken(), sent, archived);
    }
  }

  private boolean restoreAndCompare(
      ServiceClient client, String token, Shipper.Shipped sent, Archived archived)
      throws IOException, InterruptedException {
    long restored = 0;
    long conflicting = 0;
    long found = 0;
    List<Window> windows = windows(archived.hours());
    for (int i = 0; i < windows.size(); i++) {
      Window window = windows.get(i);
      long id =
          ServiceClient.number(
              client.startRestore(
                  token,
                  "demo from " + window.start(),
                  window.start().getEpochSecond(),
                  window.end().getEpochSecond()),
              "id");
      Restored result = restored(client, token, id, window);
      restored += result.logs();
      conflicting += result.conflicting();
      found += result.found();
      if (i == windows.size() - 1) {
        showHits(client, token, id);
      }
      // An account may have five at once; logs may need more.
      client.removeRestore(token, id);
    }
    showTypes(found);
    DemoNumbers numbers = new DemoNumbers(sent.taken(), archived.lines(), restored, found);
    Duration all = Duration.ofMillis(ManagementFactory.getRuntimeMXBean().getUptime());
    out.printf("%n%s; %s in all%n", numbers, Text.seconds(all));
    if (conflicting > 0) {
      out.printf(
          "%s logs did not fit the fields of others; they are kept as raw lines, none is lost%n",
          Text.count(conflicting));
    }
    out.println(
        """

        Next: ./logarchive up                       keeps the service running, with curl lines to try
              ./logarchive demo FILE                the same with your own logs
              README.md                             how to read the archive without Log Archive""");
    out.flush();
    return numbers.agree();
  }

  /**
   * Reads the archive as its owner can, without the product's reader: list, fetch, inflate, count.
   */
  private Archived archived() throws IOException {
    ArchiveStorage storage = archive.open();
    int objects = 0;
    long lines = 0;
    long stored = 0;
    NavigableSet<Instant> hours = new TreeSet<>();
    @Nullable String next = null;
    do {
      Page page = storage.list("dt=", next);
      for (ObjectInfo object : page.objects()) {
        objects++;
        stored += object.size();
        lines += countLines(storage.get(object.key(), 0, MAX_OBJECT));
        ObjectName.parse(object.key())
            .map(name -> Instant.ofEpochMilli(name.min()).truncatedTo(ChronoUnit.HOURS))
            .ifPresent(hours::add);
        progress.show("     " + objects + " objects");
      }
      next = page.next();
    } while (next != null);
    progress.clear();
    return new Archived(objects, lines, stored, hours);
  }

  private static long countLines(byte[] zstd) throws IOException {
    long lines = 0;
    byte[] part = new byte[64 << 10];
    try (InputStream in = new ZstdInputStreamNoFinalizer(new ByteArrayInputStream(zstd))) {
      for (int length = in.read(part); length >= 0; length = in.read(part)) {
        for (int i = 0; i < length; i++) {
          lines += part[i] == '\n' ? 1 : 0;
        }
      }
    }
    return lines;
  }

  private static List<Window> windows(NavigableSet<Instant> hours) {
    List<Window> windows = new ArrayList<>();
    Instant end = Instant.MIN;
    for (Instant hour : hours) {
      if (!hour.isBefore(end)) {
        end = hour.plus(LONGEST_RESTORE);
        windows.add(new Window(hour, end));
      }
    }
    return windows;
  }

  private Restored restored(ServiceClient client, String token, long id, Window window)
      throws IOException, InterruptedException {
    Instant giveUp = machine.clock().instant().plus(PATIENCE);
    long seenWhileFilling = 0;
    int searches = 0;
    JsonObject operation = client.restore(token, id);
    while (ServiceClient.text(operation, "status").equals("IN_PROGRESS")) {
      if (machine.clock().instant().isAfter(giveUp)) {
        throw new IOException("The restore " + id + " does not end");
      }
      long searchable = total(client.search(token, search(id, 0)));
      if (searchable > 0) {
        seenWhileFilling = searchable;
        searches++;
      }
      progress.show(
          "     %s logs indexed, %s found by a search now"
              .formatted(Text.count(logsRestored(operation)), Text.count(searchable)));
      Thread.sleep(POLL_MILLIS);
      operation = client.restore(token, id);
    }
    progress.clear();
    if (!ServiceClient.text(operation, "status").equals("ACTIVE")) {
      throw new IOException("The restore " + id + " ended as " + Json.text(operation));
    }
    JsonObject everything = client.search(token, search(id, 0));
    long found = total(everything);
    addTypes(everything);
    long logs = logsRestored(operation);
    done(
        "restored %s logs of %s to %s and found %s"
            .formatted(Text.count(logs), window.start(), window.end(), Text.count(found)));
    if (searches > 0) {
      note(
          "searched %d times while it filled, the last time %s logs were there"
              .formatted(searches, Text.count(seenWhileFilling)));
    }
    JsonObject done = ServiceClient.object(operation, "progress");
    return new Restored(logs, ServiceClient.number(done, "logsConflicting"), found);
  }

  private void showHits(ServiceClient client, String token, long id)
      throws IOException, InterruptedException {
    JsonObject reply = client.search(token, search(id, HITS_SHOWN));
    out.printf("%nThe newest of them:%n");
    if (ServiceClient.object(reply, "hits").member("hits").orElse(null)
        instanceof JsonValue.Array hits) {
      for (JsonValue hit : hits.values()) {
        String text = Json.text(ServiceClient.object((JsonObject) hit, "_source"));
        out.println(
            "  " + (text.length() > HIT_WIDTH ? text.substring(0, HIT_WIDTH) + " …" : text));
      }
    }
  }

  private void showTypes(long found) {
    out.printf("%nBy type:%n");
    byType.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder()))
        .forEach(type -> out.printf("  %10s  %s%n", Text.count(type.getValue()), type.getKey()));
    long others = found - byType.values().stream().mapToLong(Long::longValue).sum();
    if (others > 0) {
      out.printf("  %10s  of rarer types, or kept as raw lines%n", Text.count(others));
    }
  }

  private void addTypes(JsonObject reply) {
    JsonObject types = ServiceClient.object(ServiceClient.object(reply, "aggregations"), "types");
    if (types.member("buckets").orElse(null) instanceof JsonValue.Array buckets) {
      for (JsonValue bucket : buckets.values()) {
        JsonObject one = (JsonObject) bucket;
        byType.merge(
            ServiceClient.text(one, "key"), ServiceClient.number(one, "doc_count"), Long::sum);
      }
    }
  }

  private static JsonObject search(long id, int size) {
    JsonObject terms = JsonObject.builder().put("field", "type").put("size", 50).build();
    return JsonObject.builder()
        .put("accountIds", List.of(new JsonValue.Num(Long.toString(id))))
        .put("size", size)
        .put("track_total_hits", true)
        .put("sort", List.of(JsonObject.builder().put("@timestamp", "desc").build()))
        .put(
            "aggs",
            JsonObject.builder()
                .put("types", JsonObject.builder().put("terms", terms).build())
                .build())
        .build();
  }

  private static long total(JsonObject reply) {
    return ServiceClient.number(
        ServiceClient.object(ServiceClient.object(reply, "hits"), "total"), "value");
  }

  private static long logsRestored(JsonObject operation) {
    return ServiceClient.number(ServiceClient.object(operation, "progress"), "logsRestored");
  }

  private void done(String what) {
    Instant now = machine.clock().instant();
    line(Duration.between(stepStarted, now), what);
    stepStarted = now;
  }

  private void line(Duration took, String what) {
    step++;
    out.printf("%2d  %7s  %s%n", step, Text.seconds(took), what);
    out.flush();
  }

  private void note(String what) {
    out.printf("             %s%n", what);
    out.flush();
  }
}
