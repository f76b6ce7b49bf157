package io.logarchive.format;

/** Hex digits among bytes. */
final class Hex {
  private Hex() {}

  /** The digit's value, or -1. */
  static int digit(int c) {
    if (c >= '0' && c <= '9') {
      return c - '0';
    }
    int lower = c | ' ';
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
  }

  /** The value of four digits, negative if one of them is none. */
  static int digits4(byte[] b, int at) {
    return digit(b[at]) << 12 | digit(b[at + 1]) << 8 | digit(b[at + 2]) << 4 | digit(b[at + 3]);
  }
}
