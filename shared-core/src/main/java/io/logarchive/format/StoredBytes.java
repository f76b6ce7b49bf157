package io.logarchive.format;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Arrays;

/** An object's stored bytes from the current block on, read no further than asked for. */
final class StoredBytes {
  private final InputStream in;
  private byte[] bytes = new byte[64 << 10];
  private int start;
  private int end;
  private long offset;

  StoredBytes(InputStream in, long offset) {
    this.in = in;
    this.offset = offset;
  }

  /** The place in the object of the byte with index 0. */
  long offset() {
    return offset;
  }

  byte[] array() {
    return bytes;
  }

  int arrayOffset() {
    return start;
  }

  /** How many bytes are here already. */
  int available() {
    return end - start;
  }

  int at(int index) {
    return bytes[start + index] & 0xff;
  }

  /** The value of four bytes, least significant first. */
  int int32At(int index) {
    return at(index) | at(index + 1) << 8 | at(index + 2) << 16 | at(index + 3) << 24;
  }

  /** Reads until there are {@code count} bytes; false if the object ends before. */
  boolean has(int count) throws IOException {
    if (end - start >= count) {
      return true;
    }
    if (bytes.length - start < count) {
      byte[] room = count <= bytes.length ? bytes : new byte[Math.max(2 * bytes.length, count)];
      System.arraycopy(bytes, start, room, 0, end - start);
      bytes = room;
      end -= start;
      start = 0;
    }
    while (end - start < count) {
      int read = in.read(bytes, end, bytes.length - end);
      if (read < 0) {
        return false;
      }
      end += read;
    }
    return true;
  }

  void advance(int count) {
    start += count;
    offset += count;
  }

  /** The bytes from here to the object's end, which are then no longer here. */
  InputStream rest() {
    InputStream here = new ByteArrayInputStream(Arrays.copyOfRange(bytes, start, end));
    start = end;
    return new SequenceInputStream(here, in);
  }
}
