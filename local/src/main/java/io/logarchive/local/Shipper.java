package io.logarchive.local;

import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** Sends lines in gzip bodies, several at once, and sends again what was not taken. */
final class Shipper {
  private static final int BODY_BYTES = 4 << 20;
  private static final int AT_ONCE = 4;
  private static final int TRIES = 10;

  /**
   * What became of the lines.
   *
   * @param taken the service answered that they are durable
   * @param refused they are no logs: not a JSON object, or too long
   */
  record Shipped(long taken, long refused, long rawBytes, int bodies) {
    static final Shipped NOTHING = new Shipped(0, 0, 0, 0);

    Shipped plus(Shipped other) {
      return new Shipped(
          taken + other.taken,
          refused + other.refused,
          rawBytes + other.rawBytes,
          bodies + other.bodies);
    }
  }

  /** Where lines come from. */
  @FunctionalInterface
  interface Lines {
    /** The next line, with its line end; null at the end. */
    byte @Nullable [] next() throws IOException;
  }

  private final ServiceClient client;
  private final String token;
  private final String type;
  private final Progress progress;

  Shipper(ServiceClient client, String token, String type, Progress progress) {
    this.client = client;
    this.token = token;
    this.type = type;
    this.progress = progress;
  }

  Shipped ship(Lines lines) throws IOException, InterruptedException {
    Semaphore free = new Semaphore(AT_ONCE);
    List<Future<Shipped>> bodies = new ArrayList<>();
    long read = 0;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Body body = new Body();
      for (byte[] line = lines.next(); line != null; line = lines.next()) {
        body.add(line);
        read++;
        if (body.bytes.size() >= BODY_BYTES) {
          bodies.add(send(threads, free, body));
          body = new Body();
          progress.show("     " + Text.count(read) + " lines");
        }
      }
      if (body.lines > 0) {
        bodies.add(send(threads, free, body));
      }
      Shipped all = Shipped.NOTHING;
      for (Future<Shipped> each : bodies) {
        all = all.plus(each.get());
      }
      return all;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException cause
          ? cause
          : new IOException("Sending failed: " + e.getCause(), e);
    } finally {
      progress.clear();
    }
  }

  private Future<Shipped> send(ExecutorService threads, Semaphore free, Body body)
      throws InterruptedException {
    free.acquire();
    return threads.submit(
        () -> {
          try {
            return send(body);
          } finally {
            free.release();
          }
        });
  }

  private Shipped send(Body body) throws IOException, InterruptedException {
    byte[] gzip = body.gzip();
    for (int attempt = 1; ; attempt++) {
      ServiceClient.Answer answer = client.ship(token, type, gzip);
      switch (answer.status()) {
        case 200 -> {
          return new Shipped(body.lines, 0, body.bytes.size(), 1);
        }
        case 400 -> {
          JsonObject counts = Json.object(answer.body());
          if (counts.member("successfulLines").isEmpty()) {
            throw new Refused("Sending logs", answer);
          }
          long taken = ServiceClient.number(counts, "successfulLines");
          return new Shipped(taken, body.lines - taken, body.bytes.size(), 1);
        }
        case 429, 503 -> {
          if (attempt == TRIES) {
            throw new Refused("Sending logs", answer);
          }
          Thread.sleep(200L * attempt);
        }
        default -> throw new Refused("Sending logs", answer);
      }
    }
  }

  private static final class Body {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(BODY_BYTES + (64 << 10));
    private long lines;

    void add(byte[] line) {
      bytes.writeBytes(line);
      lines++;
    }

    byte[] gzip() throws IOException {
      ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.size() / 4);
      try (GZIPOutputStream gzip = new GZIPOutputStream(out, 64 << 10)) {
        bytes.writeTo(gzip);
      }
      return out.toByteArray();
    }
  }
}
