package io.logarchive.format;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import io.logarchive.format.Piece.Damage;
import io.logarchive.format.Piece.Raw;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads an object block by block: zstd frames and gzip members of any writer, in any number, known
 * by their first bytes and not by the object's name; or plain lines. No content makes it fail, or
 * hold more than one block's stored bytes and one piece's inflated ones: what cannot be read comes
 * out as {@link Damage}, and the blocks around it are read. Only the stream's own failures are
 * thrown. Not safe for concurrent use; owns native memory and the stream.
 */
public final class BlockReader implements AutoCloseable {
  /** A longer line is damage: the limit for the {@link LogScanner} that goes over the pieces. */
  public static final int MAX_LINE_BYTES = 1_000_000;

  private static final int MAX_WINDOW = 8 << 20;

  private static final int GZIP_HEADER = 10;
  private static final int GZIP_TRAILER = 8;
  private static final int GZIP_RESERVED = 0xe0;
  private static final int GZIP_HEADER_CRC = 1 << 1;
  private static final int GZIP_EXTRA = 1 << 2;
  private static final int GZIP_NAME = 1 << 3;
  private static final int GZIP_COMMENT = 1 << 4;
  private static final int MAX_GZIP_HEADER = 128 << 10;

  /**
   * What is held at once, and how long damage is looked into.
   *
   * @param storedBlock a block with more stored bytes is damage; this format's own are much smaller
   * @param piece a block with more inflated bytes comes in several pieces
   * @param search how much may be tried, and found to be no block, before the rest of an object is
   *     given up
   */
  record Limits(int storedBlock, int piece, long search) {
    static final Limits DEFAULT = new Limits(64 << 20, 8 << 20, 256 << 20);
  }

  private final ObjectName name;
  private final InputStream in;
  private final StoredBytes stored;
  private final Limits limits;
  private final long maxInflated;
  private final ZstdDecompressCtx zstd = new ZstdDecompressCtx();
  private final Inflater inflater = new Inflater(true);
  private final CRC32 crc = new CRC32();
  private final MessageDigest sha256 = Sha256.digest();
  private byte[] raw;
  private long inflated;
  private long skip;
  private boolean sniffed;
  private boolean searching;
  private long searched;
  private boolean ended;
  private @Nullable LargeBlock large;
  private int largeStored;

  /** Reads an object from its start. */
  public BlockReader(ObjectName name, InputStream stored) {
    this(name, BlockPosition.START, stored);
  }

  /**
   * Goes on where an earlier reader of the same object was.
   *
   * @param stored the object's bytes from {@link BlockPosition#storedOffset} to its end
   */
  public BlockReader(ObjectName name, BlockPosition from, InputStream stored) {
    this(name, from, stored, Limits.DEFAULT);
  }

  BlockReader(ObjectName name, BlockPosition from, InputStream stored, Limits limits) {
    this.name = name;
    this.in = stored;
    this.stored = new StoredBytes(stored, from.storedOffset());
    this.limits = limits;
    this.raw = new byte[Math.min(64 << 10, limits.piece)];
    this.maxInflated = name.bytes() + name.bytes() / 10;
    this.inflated = from.inflatedBefore();
    this.skip = from.rawOffset();
    this.sniffed = from.storedOffset() > 0;
  }

  /**
   * The next piece, or empty at the end. A {@link Raw}'s bytes hold until the next call.
   *
   * @throws IOException if the stream fails; the reader is of no more use then
   */
  public Optional<Piece> next() throws IOException {
    while (!ended) {
      Piece piece = large == null ? nextBlock() : nextPiece(large);
      if (piece != null) {
        return Optional.of(piece);
      }
    }
    return Optional.empty();
  }

  @Override
  public void close() throws IOException {
    zstd.close();
    inflater.end();
    if (large != null) {
      large.close();
    }
    in.close();
  }

  private @Nullable Piece nextPiece(LargeBlock block) throws IOException {
    Piece piece = block.next();
    if (piece != null) {
      return piece;
    }
    large = null;
    block.close();
    if (block.isOverLimit()) {
      return tooMuch();
    }
    inflated += block.size();
    stored.advance(largeStored);
    largeStored = 0;
    return null;
  }

  private @Nullable Piece nextBlock() throws IOException {
    if (!sniffed) {
      sniffed = true;
      if (isPlain()) {
        byte[] hash = sha256.digest(name.path().getBytes(StandardCharsets.UTF_8));
        startLarge(stored.rest(), hash);
        return null;
      }
    }
    if (searching) {
      findMagic();
    }
    if (!stored.has(1)) {
      return end();
    }
    try {
      Piece piece = block();
      searching = false;
      return piece;
    } catch (DamagedBlockException damage) {
      return damaged(damage);
    }
  }

  /** Null for what holds no lines, and for what comes in pieces. */
  private @Nullable Piece block() throws IOException, DamagedBlockException {
    if (stored.has(4)) {
      int firstFour = stored.int32At(0);
      if (ZstdFrame.isMagic(firstFour)) {
        return zstdFrame(ZstdFrame.read(stored, limits.storedBlock));
      }
      if (ZstdFrame.isSkippableMagic(firstFour)) {
        skipFrame();
        return null;
      }
      if (isGzipMagic(firstFour)) {
        return gzipMember(gzipHeader());
      }
    }
    throw new DamagedBlockException("no zstd frame and no gzip member starts here", 4);
  }

  /** Reports the block, unless it belongs to what was reported already, and looks for another. */
  private @Nullable Damage damaged(DamagedBlockException damage) throws IOException {
    Damage report = searching ? null : new Damage(stored.offset(), damage.reason);
    if (searching) {
      searched += damage.examined;
      if (searched > limits.search) {
        return end();
      }
    }
    searching = true;
    skip = 0;
    boolean believed = damage.claimedLength > 0 && isBlockOrEndAt(damage.claimedLength);
    stored.advance(believed ? damage.claimedLength : 1);
    return report;
  }

  private @Nullable Damage end() {
    ended = true;
    if (inflated >= name.bytes()) {
      return null;
    }
    return new Damage(
        stored.offset(),
        "of the "
            + name.bytes()
            + " bytes that the object's name tells "
            + inflated
            + " are there");
  }

  private Damage tooMuch() {
    ended = true;
    return new Damage(
        stored.offset(),
        "the object inflates to more than 1.1 times the " + name.bytes() + " bytes of its name");
  }

  // What starts here.

  /** Whether the object holds lines as they are. One whose name denies it has to prove it. */
  private boolean isPlain() throws IOException {
    if (isBlockOrEndAt(0)) {
      return false;
    }
    if (name.compression() == Compression.NONE) {
      return true;
    }
    int lineEnd = 0;
    while (lineEnd <= MAX_LINE_BYTES && stored.has(lineEnd + 1) && stored.at(lineEnd) != '\n') {
      lineEnd++;
    }
    LogScanner line = new LogScanner(MAX_LINE_BYTES);
    line.reset(stored.array(), stored.arrayOffset(), stored.arrayOffset() + lineEnd);
    return line.next() == LogScanner.Kind.LOG;
  }

  private static boolean isGzipMagic(int firstFour) {
    return (firstFour & 0xffffff) == 0x088b1f && (firstFour >>> 24 & GZIP_RESERVED) == 0;
  }

  private boolean isBlockOrEndAt(int index) throws IOException {
    if (!stored.has(index + 4)) {
      return !stored.has(index + 1);
    }
    int four = stored.int32At(index);
    return ZstdFrame.isMagic(four) || ZstdFrame.isSkippableMagic(four) || isGzipMagic(four);
  }

  private void findMagic() throws IOException {
    while (!isBlockOrEndAt(0)) {
      stored.advance(1);
    }
  }

  /**
   * Whether inflating a block that may still turn out to be broken, and to have only itself to
   * blame, is not worth its while.
   */
  private boolean isBomb(long size) {
    return inflated + size > maxInflated + limits.search;
  }

  // Zstandard.

  private @Nullable Piece zstdFrame(ZstdFrame frame) throws IOException, DamagedBlockException {
    int length = frame.length();
    if (frame.window() > MAX_WINDOW) {
      throw new DamagedBlockException(
          "the frame's window of " + frame.window() + " bytes is over the limit of " + MAX_WINDOW,
          length,
          length);
    }
    if (frame.contentSize() < 0 || frame.contentSize() > limits.piece) {
      return zstdStream(length);
    }
    int size = (int) frame.contentSize();
    makeRoom(size);
    try {
      int count =
          zstd.decompressByteArray(raw, 0, size, stored.array(), stored.arrayOffset(), length);
      if (count != size) {
        throw new DamagedBlockException("the frame's size is wrong", length, (long) length + size);
      }
    } catch (ZstdException e) {
      throw new DamagedBlockException(
          "the frame cannot be inflated: " + e.getMessage(), length, (long) length + size);
    }
    return piece(size, length);
  }

  private @Nullable Piece zstdStream(int length) throws IOException, DamagedBlockException {
    long total = 0;
    int held = 0;
    try (InputStream content = zstdContent(length)) {
      int read = content.read(raw, 0, raw.length);
      while (read >= 0) {
        total += read;
        held += read;
        if (isBomb(total)) {
          return tooMuch();
        }
        if (held == raw.length) {
          held = makeRoomBehind(held);
        }
        read = content.read(raw, held, raw.length - held);
      }
    } catch (IOException e) {
      // The bytes are here: only their content can be at fault.
      throw new DamagedBlockException(
          "the frame cannot be inflated: " + e.getMessage(), length, length + total);
    }
    return total == held ? piece(held, length) : largePiece(zstdContent(length), total, length);
  }

  private InputStream zstdContent(int length) throws IOException {
    return new ZstdInputStreamNoFinalizer(
        new ByteArrayInputStream(stored.array(), stored.arrayOffset(), length));
  }

  /** A frame without content of its own. Believed only if another or the end follows it. */
  private void skipFrame() throws IOException, DamagedBlockException {
    long length = 8 + (stored.has(8) ? Integer.toUnsignedLong(stored.int32At(4)) : 0);
    if (length > limits.storedBlock || !stored.has((int) length) || !isBlockOrEndAt((int) length)) {
      throw new DamagedBlockException("the skippable frame has no valid end", stored.available());
    }
    stored.advance((int) length);
  }

  // gzip.

  private int gzipHeader() throws IOException, DamagedBlockException {
    needOfMember(GZIP_HEADER);
    int flags = stored.at(3);
    int at = GZIP_HEADER;
    if ((flags & GZIP_EXTRA) != 0) {
      needOfMember(at + 2);
      at += 2 + (stored.at(at) | stored.at(at + 1) << 8);
    }
    if ((flags & GZIP_NAME) != 0) {
      at = behindText(at);
    }
    if ((flags & GZIP_COMMENT) != 0) {
      at = behindText(at);
    }
    if ((flags & GZIP_HEADER_CRC) != 0) {
      at += 2;
    }
    needOfMember(at);
    return at;
  }

  private int behindText(int from) throws IOException, DamagedBlockException {
    int at = from;
    needOfMember(at + 1);
    while (stored.at(at) != 0) {
      at++;
      needOfMember(at + 1);
    }
    return at + 1;
  }

  private void needOfMember(int count) throws IOException, DamagedBlockException {
    if (count > MAX_GZIP_HEADER) {
      throw new DamagedBlockException("the member's header has no end", count);
    }
    if (!stored.has(count)) {
      throw new DamagedBlockException("the object ends within the member", count);
    }
  }

  private @Nullable Piece gzipMember(int header) throws IOException, DamagedBlockException {
    inflater.reset();
    crc.reset();
    int given = header;
    long total = 0;
    int held = 0;
    while (!inflater.finished()) {
      if (inflater.needsInput()) {
        if (given > limits.storedBlock) {
          throw tooManyStoredBytes(given + total);
        }
        if (!stored.has(given + 1)) {
          throw new DamagedBlockException("the object ends within the member", given + total);
        }
        int more = stored.available() - given;
        inflater.setInput(stored.array(), stored.arrayOffset() + given, more);
        given += more;
      }
      if (held == raw.length) {
        held = makeRoomBehind(held);
      }
      int count = inflate(held, total);
      crc.update(raw, held, count);
      held += count;
      total += count;
      if (isBomb(total)) {
        return tooMuch();
      }
    }
    int end = header + (int) inflater.getBytesRead();
    int length = end + GZIP_TRAILER;
    if (length > limits.storedBlock) {
      throw tooManyStoredBytes(length + total);
    }
    if (!stored.has(length)) {
      throw new DamagedBlockException("the object ends within the member", length + total);
    }
    if (stored.int32At(end) != (int) crc.getValue() || stored.int32At(end + 4) != (int) total) {
      throw new DamagedBlockException("the member's checksum is wrong", length, length + total);
    }
    if (total == held) {
      return piece(held, length);
    }
    inflater.reset();
    InputStream deflated =
        new ByteArrayInputStream(stored.array(), stored.arrayOffset() + header, end - header);
    return largePiece(new InflaterInputStream(deflated, inflater), total, length);
  }

  private DamagedBlockException tooManyStoredBytes(long examined) {
    return new DamagedBlockException(
        "the member has over " + limits.storedBlock + " stored bytes", examined);
  }

  private int inflate(int at, long total) throws DamagedBlockException {
    try {
      int count = inflater.inflate(raw, at, raw.length - at);
      if (count == 0 && inflater.needsDictionary()) {
        throw new DamagedBlockException("the member cannot be inflated", total);
      }
      return count;
    } catch (DataFormatException e) {
      throw new DamagedBlockException(
          "the member cannot be inflated: " + e.getMessage(), inflater.getBytesRead() + total);
    }
  }

  // What was inflated.

  private void makeRoom(int size) {
    if (raw.length < size) {
      raw = new byte[Math.min(Math.max(2 * raw.length, size), limits.piece)];
    }
  }

  /** Where to go on inflating into full room: behind, or from the start if it must not grow. */
  private int makeRoomBehind(int held) {
    if (raw.length == limits.piece) {
      return 0;
    }
    raw = Arrays.copyOf(raw, Math.min(2 * raw.length, limits.piece));
    return held;
  }

  /** The block of {@code length} stored bytes, whole. */
  private @Nullable Piece piece(int size, int length) {
    if (inflated + size > maxInflated) {
      return tooMuch();
    }
    int from = (int) Math.min(skip, size);
    System.arraycopy(raw, from, raw, 0, size - from);
    BlockPosition start = new BlockPosition(stored.offset(), from, inflated);
    byte[] hash = hash(length);
    stored.advance(length);
    inflated += size;
    skip = 0;
    BlockPosition next = new BlockPosition(stored.offset(), 0, inflated);
    return from == size ? null : new Raw(start, next, hash, raw, size - from);
  }

  private @Nullable Piece largePiece(InputStream content, long size, int length) {
    if (inflated + size > maxInflated) {
      return tooMuch();
    }
    startLarge(content, hash(length));
    largeStored = length;
    return null;
  }

  private void startLarge(InputStream content, byte[] hash) {
    BlockPosition start = new BlockPosition(stored.offset(), skip, inflated);
    large = new LargeBlock(content, hash, start, maxInflated - inflated, limits.piece);
    skip = 0;
  }

  private byte[] hash(int length) {
    sha256.update(stored.array(), stored.arrayOffset(), length);
    return sha256.digest();
  }
}
