package io.logarchive.functions;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Percent-decoding as browsers and servers do it: a percent sign without two hex digits behind it
 * stands for itself, so that whatever a client sends gets an answer.
 */
public final class UrlDecoding {
  private UrlDecoding() {}

  /** A plus is a plus here. */
  public static String path(String encoded) {
    return decode(encoded);
  }

  /** The first value of each name; a plus is a space. */
  public static Map<String, String> query(String encoded) {
    Map<String, String> query = new LinkedHashMap<>();
    for (String parameter : encoded.replace('+', ' ').split("&", -1)) {
      if (!parameter.isEmpty()) {
        int equals = parameter.indexOf('=');
        String name = equals < 0 ? parameter : parameter.substring(0, equals);
        String value = equals < 0 ? "" : parameter.substring(equals + 1);
        query.putIfAbsent(decode(name), decode(value));
      }
    }
    return query;
  }

  private static String decode(String encoded) {
    if (encoded.indexOf('%') < 0) {
      return encoded;
    }
    byte[] bytes = encoded.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream decoded = new ByteArrayOutputStream(bytes.length);
    int at = 0;
    while (at < bytes.length) {
      int octet = bytes[at] == '%' ? octet(bytes, at) : -1;
      decoded.write(octet < 0 ? bytes[at] : octet);
      at += octet < 0 ? 1 : 3;
    }
    return decoded.toString(StandardCharsets.UTF_8);
  }

  private static int octet(byte[] bytes, int at) {
    if (at + 2 >= bytes.length) {
      return -1;
    }
    int high = Character.digit(bytes[at + 1], 16);
    int low = Character.digit(bytes[at + 2], 16);
    return high < 0 || low < 0 ? -1 : high << 4 | low;
  }
}
