package io.logarchive.archive;

import java.util.List;

/**
 * What an object holds: parts, one behind the other, so that blocks are joined without being
 * copied.
 *
 * @param type the media type, stored with the object
 */
public record Content(List<byte[]> parts, String type) {
  public static final String LOGS = "application/x-ndjson";
  public static final String JSON = "application/json";

  public Content {
    parts = List.copyOf(parts);
  }

  public static Content of(byte[] bytes, String type) {
    return new Content(List.of(bytes), type);
  }

  public long length() {
    return parts.stream().mapToLong(part -> part.length).sum();
  }
}
