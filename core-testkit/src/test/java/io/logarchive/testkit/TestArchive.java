package io.logarchive.testkit;

import com.github.luben.zstd.ZstdInputStream;
import io.logarchive.archive.ArchiveStorage;
import io.logarchive.archive.ObjectInfo;
import io.logarchive.archive.Page;
import io.logarchive.format.ObjectName;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** Reads an archive as anybody can, without the product's own reader. */
public final class TestArchive {
  private TestArchive() {}

  /** The names of all objects, in order. */
  public static List<ObjectName> names(ArchiveStorage archive) {
    return keys(archive).stream().map(key -> ObjectName.parse(key).orElseThrow()).toList();
  }

  /** All lines of all objects, in order of the objects' names. */
  public static List<String> lines(ArchiveStorage archive) {
    return keys(archive).stream().flatMap(key -> lines(archive, key).stream()).toList();
  }

  /** The lines of one object. */
  public static List<String> lines(ArchiveStorage archive, String key) {
    String text = new String(inflated(archive, key), StandardCharsets.UTF_8);
    if (!text.endsWith("\n")) {
      throw new IllegalStateException("The last line of " + key + " has no end");
    }
    return List.of(text.substring(0, text.length() - 1).split("\n", -1));
  }

  /** The inflated bytes of one object. */
  public static byte[] inflated(ArchiveStorage archive, String key) {
    byte[] stored = archive.get(key, 0, Integer.MAX_VALUE);
    try (InputStream in = open(key, new ByteArrayInputStream(stored))) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static InputStream open(String key, InputStream stored) throws IOException {
    if (key.endsWith(".zst")) {
      return new ZstdInputStream(stored).setContinuous(false);
    }
    return key.endsWith(".gz") ? new GZIPInputStream(stored) : stored;
  }

  private static List<String> keys(ArchiveStorage archive) {
    List<String> keys = new ArrayList<>();
    @Nullable String next = null;
    do {
      Page page = archive.list("dt=", next);
      page.objects().stream().map(ObjectInfo::key).forEach(keys::add);
      next = page.next();
    } while (next != null);
    return keys;
  }
}
