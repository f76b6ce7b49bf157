package io.logarchive.format;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Collects the lines of one object and makes blocks of them: whole lines, at most {@link
 * Block#MAX_RAW} raw and {@link Block#MAX_STORED} stored bytes each. Where the blocks end depends
 * on the lines alone, so that the same lines make the same object. Not safe for concurrent use.
 */
public final class BlockWriter {
  /** The longest line, without its line end: what fits into a block however badly it compresses. */
  public static final int MAX_LINE_BYTES = (760 << 10) - 1;

  /** So much raw comes to no more than {@link Block#MAX_STORED}, whatever it holds. */
  private static final int ALWAYS_FITS = 760 << 10;

  /** What the copies of a block may add to it. */
  private static final int ROOM_FOR_COPIES = 4 << 10;

  private final BlockCompressor compressor;
  private final Map<ByteBuffer, Integer> occurrences = new HashMap<>();
  private final List<Block> blocks = new ArrayList<>();
  private byte[] raw = new byte[32 << 10];
  private int length;
  private int[] ends = new int[128];
  private long[] times = new long[128];
  private int lines;
  private int target = Block.MAX_RAW;

  public BlockWriter(BlockCompressor compressor) {
    this.compressor = compressor;
  }

  /**
   * Adds the line in {@code [from, to)}, given without its line end.
   *
   * @param time its event time, epoch milliseconds
   */
  public void add(byte[] bytes, int from, int to, long time) {
    reserve((long) to - from);
    append(bytes, from, to);
    endLine(time);
  }

  /**
   * Adds the object in {@code [from, to)} with further members spliced in behind its first brace.
   *
   * @param members such as {@code "type":"http-bulk","n":1}, without a comma before or behind
   */
  public void add(byte[] bytes, int from, int to, byte[] members, long time) {
    if (from >= to || bytes[from] != '{') {
      throw new IllegalArgumentException("members go into an object only");
    }
    reserve((long) to - from + members.length + 1);
    append(bytes, from, from + 1);
    append(members, 0, members.length);
    if (!isEmptyObject(bytes, from + 1)) {
      raw[length++] = ',';
    }
    append(bytes, from + 1, to);
    endLine(time);
  }

  /** The blocks, in the order of their lines; none if there was no line. The writer is done. */
  public List<Block> finish() {
    if (lines > 0) {
      cut();
    }
    return List.copyOf(blocks);
  }

  private void reserve(long lineBytes) {
    if (lineBytes > MAX_LINE_BYTES) {
      throw new IllegalArgumentException(
          "a line of " + lineBytes + " bytes is over the limit of " + MAX_LINE_BYTES);
    }
    int withLineEnd = (int) lineBytes + 1;
    if (length + withLineEnd > target) {
      cut();
    }
    if (length + withLineEnd > raw.length) {
      int size = Math.max(2 * raw.length, length + withLineEnd);
      raw = Arrays.copyOf(raw, Math.min(size, Block.MAX_RAW));
    }
    if (lines == ends.length) {
      ends = Arrays.copyOf(ends, 2 * lines);
      times = Arrays.copyOf(times, 2 * lines);
    }
  }

  private void append(byte[] bytes, int from, int to) {
    System.arraycopy(bytes, from, raw, length, to - from);
    length += to - from;
  }

  private void endLine(long time) {
    raw[length++] = '\n';
    ends[lines] = length;
    times[lines] = time;
    lines++;
  }

  private static boolean isEmptyObject(byte[] bytes, int behindBrace) {
    int at = behindBrace;
    while (bytes[at] == ' ' || bytes[at] == '\t' || bytes[at] == '\r') {
      at++;
    }
    return bytes[at] == '}';
  }

  private void cut() {
    compress(0, lines);
    lines = 0;
    length = 0;
  }

  /** Makes a block of lines {@code [first, last)}, or two or more if it comes out too large. */
  private void compress(int first, int last) {
    int from = first == 0 ? 0 : ends[first - 1];
    int to = ends[last - 1];
    byte[] stored = compressor.compress(raw, from, to);
    // The next block aims at nine tenths of the limit, by what this one came to.
    long fitting = Block.MAX_STORED * 9L / 10 * (to - from) / stored.length;
    target = Math.clamp(fitting, ALWAYS_FITS, Block.MAX_RAW);
    if (stored.length > Block.MAX_STORED - ROOM_FOR_COPIES) {
      int middle = Arrays.binarySearch(ends, first, last, from + (to - from) / 2);
      int half = Math.clamp(middle < 0 ? -middle : middle + 1, first + 1, last - 1);
      compress(first, half);
      compress(half, last);
      return;
    }
    long min = Long.MAX_VALUE;
    long max = Long.MIN_VALUE;
    for (int i = first; i < last; i++) {
      min = Math.min(min, times[i]);
      max = Math.max(max, times[i]);
    }
    Block block = new Block(stored, to - from, last - first, min, max);
    int copy = occurrences.merge(ByteBuffer.wrap(block.sha256()), 1, Integer::sum) - 1;
    if (copy > 0) {
      block = new Block(compressor.copy(stored, copy), to - from, last - first, min, max);
    }
    blocks.add(block);
  }
}
