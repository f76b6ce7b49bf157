package io.logarchive.format;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Compresses blocks. Owns native memory and buffers, so one is kept and lent to one {@link
 * BlockWriter} after another, or to several at a time. Not safe for concurrent use.
 */
public abstract class BlockCompressor implements AutoCloseable {
  BlockCompressor() {}

  /** A compressor that the caller closes. */
  public static BlockCompressor of(Compression compression) {
    return switch (compression) {
      case ZSTD -> new ZstdFrames();
      case GZIP -> new GzipMembers();
      case NONE -> new PlainBytes();
    };
  }

  /** One block that holds {@code [from, to)}, whatever size it comes to. */
  abstract byte[] compress(byte[] raw, int from, int to);

  /**
   * The same lines in other bytes, for the {@code n}-th copy of a block: documents are named by the
   * bytes of their block, so that equal blocks of one object would be restored as one.
   */
  abstract byte[] copy(byte[] stored, int n);

  @Override
  public abstract void close();

  /** Frames of level 3 with content size and checksum. */
  private static final class ZstdFrames extends BlockCompressor {
    private static final int LEVEL = 3;

    private final ZstdCompressCtx context =
        new ZstdCompressCtx().setLevel(LEVEL).setChecksum(true).setContentSize(true);
    private byte[] target = {};

    @Override
    byte[] compress(byte[] raw, int from, int to) {
      int bound = (int) Zstd.compressBound(to - from);
      if (target.length < bound) {
        target = new byte[bound];
      }
      int length = context.compressByteArray(target, 0, target.length, raw, from, to - from);
      return Arrays.copyOf(target, length);
    }

    /** With {@code n} empty blocks before the first. */
    @Override
    byte[] copy(byte[] stored, int n) {
      int header = ZstdFrame.headerLength(stored[4] & 0xff);
      int empty = n * ZstdFrame.BLOCK_HEADER;
      byte[] copy = new byte[stored.length + empty];
      System.arraycopy(stored, 0, copy, 0, header);
      System.arraycopy(stored, header, copy, header + empty, stored.length - header);
      return copy;
    }

    @Override
    public void close() {
      context.close();
    }
  }

  /** Members of level 6 that name neither a time nor a system: the same lines, the same bytes. */
  private static final class GzipMembers extends BlockCompressor {
    private static final int LEVEL = 6;
    private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};
    private static final int TIME = 4;
    private static final int TRAILER = 8;

    private final Deflater deflater = new Deflater(LEVEL, true);
    private final CRC32 crc = new CRC32();
    private byte[] target = HEADER;

    @Override
    byte[] compress(byte[] raw, int from, int to) {
      deflater.reset();
      deflater.setInput(raw, from, to - from);
      deflater.finish();
      int length = HEADER.length;
      while (!deflater.finished()) {
        if (target.length - length < 64 + TRAILER) {
          target = Arrays.copyOf(target, Math.max(2 * target.length, (to - from) / 4 + 256));
        }
        length += deflater.deflate(target, length, target.length - length - TRAILER);
      }
      crc.reset();
      crc.update(raw, from, to - from);
      writeLittleEndian((int) crc.getValue(), target, length);
      writeLittleEndian(to - from, target, length + 4);
      return Arrays.copyOf(target, length + TRAILER);
    }

    /** With {@code n} for its time. */
    @Override
    byte[] copy(byte[] stored, int n) {
      byte[] copy = stored.clone();
      writeLittleEndian(n, copy, TIME);
      return copy;
    }

    private static void writeLittleEndian(int value, byte[] bytes, int at) {
      for (int i = 0; i < 4; i++) {
        bytes[at + i] = (byte) (value >>> (8 * i));
      }
    }

    @Override
    public void close() {
      deflater.end();
    }
  }

  private static final class PlainBytes extends BlockCompressor {
    @Override
    byte[] compress(byte[] raw, int from, int to) {
      return Arrays.copyOfRange(raw, from, to);
    }

    /** Documents of uncompressed objects are named by the object's name. */
    @Override
    byte[] copy(byte[] stored, int n) {
      return stored;
    }

    @Override
    public void close() {}
  }
}
