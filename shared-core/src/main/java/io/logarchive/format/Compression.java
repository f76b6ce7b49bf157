package io.logarchive.format;

/** How an object's blocks are stored. The names are those of the setting {@code compression}. */
public enum Compression {
  ZSTD(".json.zst"),
  GZIP(".json.gz"),
  NONE(".json");

  private final String suffix;

  Compression(String suffix) {
    this.suffix = suffix;
  }

  /** The end of the object's name, with its first dot. */
  public String suffix() {
    return suffix;
  }
}
