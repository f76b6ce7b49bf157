package io.logarchive.ingest;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** Inflates a gzip body, never to more than a limit. */
final class Inflate {
  private static final int CHUNK = 1 << 20;

  /** What comes of it. */
  sealed interface Outcome {
    record Inflated(byte[] bytes) implements Outcome {}

    record TooLarge() implements Outcome {}

    record NotGzip() implements Outcome {}
  }

  private Inflate() {}

  static Outcome gzip(byte[] body, int most) {
    List<byte[]> chunks = new ArrayList<>();
    int total = 0;
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(body), 64 << 10)) {
      while (true) {
        byte[] chunk = in.readNBytes(CHUNK);
        if (chunk.length == 0) {
          return new Outcome.Inflated(join(chunks, total));
        }
        if (chunk.length > most - total) {
          return new Outcome.TooLarge();
        }
        total += chunk.length;
        chunks.add(chunk);
      }
    } catch (IOException e) {
      return new Outcome.NotGzip();
    }
  }

  private static byte[] join(List<byte[]> chunks, int total) {
    byte[] all = new byte[total];
    int at = 0;
    for (byte[] chunk : chunks) {
      System.arraycopy(chunk, 0, all, at, chunk.length);
      at += chunk.length;
    }
    return all;
  }
}
