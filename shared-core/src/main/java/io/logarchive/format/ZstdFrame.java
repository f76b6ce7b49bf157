package io.logarchive.format;

import java.io.IOException;

/**
 * What a zstd frame's headers say (RFC 8878), found without inflating it.
 *
 * @param length its stored bytes, from magic to checksum
 * @param window the bytes that a decoder has to keep
 * @param contentSize the inflated bytes, or {@link #UNKNOWN}
 */
record ZstdFrame(int length, long window, long contentSize) {
  static final long UNKNOWN = -1;

  static final int BLOCK_HEADER = 3;

  private static final int MAGIC = 0xfd2fb528;
  private static final int SKIPPABLE_MAGIC = 0x184d2a50;
  private static final int RESERVED = 1 << 3;
  private static final int CHECKSUM = 1 << 2;
  private static final int SINGLE_SEGMENT = 1 << 5;
  private static final int RLE = 1;
  private static final int MAX_INNER_BLOCK = 128 << 10;

  static boolean isMagic(int firstFour) {
    return firstFour == MAGIC;
  }

  static boolean isSkippableMagic(int firstFour) {
    return (firstFour & ~0xf) == SKIPPABLE_MAGIC;
  }

  /** The bytes before the first block, by the byte behind the magic. */
  static int headerLength(int descriptor) {
    int window = (descriptor & SINGLE_SEGMENT) != 0 ? 0 : 1;
    int dictionary = (1 << (descriptor & 3)) >> 1;
    return 5 + window + dictionary + sizeBytes(descriptor);
  }

  private static int sizeBytes(int descriptor) {
    int flag = descriptor >> 6;
    return flag == 0 ? (descriptor & SINGLE_SEGMENT) >> 5 : 1 << flag;
  }

  /** Reads the headers of the frame that starts at index 0. */
  static ZstdFrame read(StoredBytes stored, int maxLength)
      throws IOException, DamagedBlockException {
    need(stored, 6);
    int descriptor = stored.at(4);
    if ((descriptor & RESERVED) != 0) {
      throw new DamagedBlockException("the frame's header is not valid", 5);
    }
    boolean single = (descriptor & SINGLE_SEGMENT) != 0;
    int sizeBytes = sizeBytes(descriptor);
    int at = headerLength(descriptor);
    need(stored, at);
    long contentSize = sizeBytes == 0 ? UNKNOWN : contentSize(stored, at - sizeBytes, sizeBytes);
    long window = single ? contentSize : window(stored.at(5));
    boolean last = false;
    while (!last) {
      need(stored, at + BLOCK_HEADER);
      int header = stored.at(at) | stored.at(at + 1) << 8 | stored.at(at + 2) << 16;
      last = (header & 1) != 0;
      int type = header >> 1 & 3;
      int size = header >> 3;
      if (type == 3 || size > MAX_INNER_BLOCK) {
        throw new DamagedBlockException("the frame's structure is broken", at);
      }
      at += BLOCK_HEADER + (type == RLE ? 1 : size);
      if (at > maxLength) {
        throw new DamagedBlockException("the frame has over " + maxLength + " stored bytes", at);
      }
    }
    at += (descriptor & CHECKSUM) == 0 ? 0 : 4;
    need(stored, at);
    return new ZstdFrame(at, window, contentSize);
  }

  private static void need(StoredBytes stored, int count)
      throws IOException, DamagedBlockException {
    if (!stored.has(count)) {
      throw new DamagedBlockException("the object ends within the frame", stored.available());
    }
  }

  private static long contentSize(StoredBytes stored, int at, int count) {
    long size = 0;
    for (int i = count - 1; i >= 0; i--) {
      size = size << 8 | stored.at(at + i);
    }
    if (count == 2) {
      size += 256;
    }
    return size < 0 ? Long.MAX_VALUE : size;
  }

  private static long window(int descriptor) {
    long base = 1L << (10 + (descriptor >> 3));
    return base + base / 8 * (descriptor & 7);
  }
}
