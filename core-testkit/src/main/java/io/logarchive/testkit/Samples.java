package io.logarchive.testkit;

import io.logarchive.account.Ids;
import io.logarchive.account.Uid;
import io.logarchive.restore.RestoredLog;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Values for tests. Ids are fresh at every call, so that tests can share one store. */
public final class Samples {
  private static final Ids IDS = new Ids(new SecureRandom());
  private static final Instant START = Instant.parse("2026-11-22T17:00:00Z");

  private Samples() {}

  public static int id() {
    return IDS.id();
  }

  public static Uid uid() {
    return IDS.uid();
  }

  /** Logs of a web shop, numbered {@code from} to {@code to}; the same number is the same log. */
  public static List<RestoredLog> logs(int from, int to) {
    List<RestoredLog> logs = new ArrayList<>();
    for (int number = from; number < to; number++) {
      logs.add(log(number));
    }
    return logs;
  }

  /** A line that is not a JSON object. */
  public static RestoredLog plainLine(int number) {
    byte[] line = ("plain line " + number).getBytes(StandardCharsets.UTF_8);
    return new RestoredLog(
        documentId("b", number),
        line,
        0,
        line.length,
        START.plusMillis(number).toEpochMilli(),
        -1,
        -1,
        false);
  }

  /** It lies between two others in its buffer, as logs do in a block. */
  private static RestoredLog log(int number) {
    Instant time = START.plusMillis(number);
    String before = "{\"before\":true}\n{";
    String timestamp = "\"@timestamp\":\"" + time + "\",";
    String rest =
        "\"type\":\"shop\",\"service\":\"cart\",\"status\":200,\"number\":" + number + "}";
    int from = before.length() - 1;
    int timestampTo = before.length() + timestamp.length();
    byte[] block =
        (before + timestamp + rest + "\n{\"behind\":true}\n").getBytes(StandardCharsets.UTF_8);
    return new RestoredLog(
        documentId("a", number),
        block,
        from,
        timestampTo + rest.length(),
        time.toEpochMilli(),
        before.length(),
        timestampTo,
        true);
  }

  private static String documentId(String start, int number) {
    return start + String.format(Locale.ROOT, "%031x", number);
  }
}
