package io.logarchive.format;

/**
 * Finds the lines in a range of bytes and checks, in the same pass, that each is one JSON object (the
 * grammar of RFC 8259, at most {@value #MAX_DEPTH} levels deep). Bytes of 0x80 and above are taken as
 * they are, valid UTF-8 or not: an archive loses nothing. Notes where the top level's {@code
 * @timestamp} lies and whether there is a {@code type}. Allocates nothing per line. Not safe for
 * concurrent use.
 */
public final class LogScanner {
  /** Objects and arrays nested deeper than this are malformed. */
  public static final int MAX_DEPTH = 512;

  /** What a line is. */
  public enum Kind {
    /** One JSON object. */
    LOG,
    /** Nothing but spaces, tabs and carriage returns. */
    BLANK,
    /** Something else than one JSON object. */
    MALFORMED,
    /** Longer than the limit, whatever is in it. */
    OVERSIZED,
    /** There are no more lines; a last one without a line end has been given. */
    END
  }

  private static final byte[] TIMESTAMP = {'@', 't', 'i', 'm', 'e', 's', 't', 'a', 'm', 'p'};
  private static final byte[] TYPE = {'t', 'y', 'p', 'e'};
  private static final byte[] TRUE = {'t', 'r', 'u', 'e'};
  private static final byte[] FALSE = {'f', 'a', 'l', 's', 'e'};
  private static final byte[] NULL = {'n', 'u', 'l', 'l'};

  private final int maxLineBytes;
  private final boolean[] inObject = new boolean[MAX_DEPTH + 1];
  private byte[] bytes = {};
  private int next;
  private int to;
  private int start;
  private int end;
  private int keyStart;
  private int valueStart;
  private int valueEnd;
  private boolean hasType;

  /**
   * @param maxLineBytes the longest line that is looked into, without its line end and the white
   *     space around it
   */
  public LogScanner(int maxLineBytes) {
    if (maxLineBytes < 2) {
      throw new IllegalArgumentException("no log has at most " + maxLineBytes + " bytes");
    }
    this.maxLineBytes = maxLineBytes;
  }

  /** Whether the whole range is one JSON object, line ends between its tokens allowed. */
  public static boolean isOneObject(byte[] bytes, int from, int to) {
    int start = from;
    while (start < to && isSpace(bytes[start], '\n')) {
      start++;
    }
    if (start == to || bytes[start] != '{') {
      return false;
    }
    int at = new LogScanner(Integer.MAX_VALUE).object(bytes, start, to, '\n');
    while (at >= 0 && at < to && isSpace(bytes[at], '\n')) {
      at++;
    }
    return at == to;
  }

  /** Starts over with the lines of {@code [from, to)}. */
  public void reset(byte[] bytes, int from, int to) {
    if (from < 0 || from > to || to > bytes.length) {
      throw new IllegalArgumentException(
          "[" + from + ", " + to + ") is not within " + bytes.length + " bytes");
    }
    this.bytes = bytes;
    this.next = from;
    this.to = to;
    this.start = from;
    this.end = from;
  }

  /** Goes to the next line and says what it is. */
  public Kind next() {
    byte[] b = bytes;
    int at = next;
    int stop = to;
    if (at >= stop) {
      start = stop;
      end = stop;
      return Kind.END;
    }
    keyStart = -1;
    valueStart = -1;
    valueEnd = -1;
    hasType = false;
    while (at < stop && isSpace(b[at], ' ')) {
      at++;
    }
    start = at;
    if (at == stop || b[at] == '\n') {
      end = at;
      next = at == stop ? stop : at + 1;
      return Kind.BLANK;
    }
    int limit = stop - at > maxLineBytes ? at + maxLineBytes : stop;
    boolean whole = false;
    if (b[at] == '{') {
      int reached = object(b, at, limit, ' ');
      if (reached >= 0) {
        end = reached;
        at = reached;
        while (at < stop && isSpace(b[at], ' ')) {
          at++;
        }
        whole = at == stop || b[at] == '\n';
      } else {
        at = -reached;
      }
    }
    if (whole) {
      next = at == stop ? stop : at + 1;
      return Kind.LOG;
    }
    while (at < stop && b[at] != '\n') {
      at++;
    }
    next = at == stop ? stop : at + 1;
    while (isSpace(b[at - 1], ' ')) {
      at--;
    }
    end = at;
    return end - start > maxLineBytes ? Kind.OVERSIZED : Kind.MALFORMED;
  }

  /** Where the line starts, the white space before it left out. */
  public int start() {
    return start;
  }

  /** Where the line ends, the white space behind it and its line end left out. */
  public int end() {
    return end;
  }

  /** Whether the log has a member {@code @timestamp}, and so the spans below mean something. */
  public boolean hasTimestamp() {
    return valueEnd >= 0;
  }

  /** Whether the log has a member {@code type}. */
  public boolean hasType() {
    return hasType;
  }

  /** Where the value of the first {@code @timestamp} starts, the quote of a string included. */
  public int timestampStart() {
    return valueStart;
  }

  /** Where the value of the first {@code @timestamp} ends. */
  public int timestampEnd() {
    return valueEnd;
  }

  /**
   * Where the first {@code @timestamp} starts as a member, with the comma that has to go with it: a
   * log without the bytes from here to {@link #timestampMemberEnd()} is an object still.
   */
  public int timestampMemberStart() {
    int before = keyStart - 1;
    while (bytes[before] != ',' && bytes[before] != '{') {
      before--;
    }
    return bytes[before] == ',' ? before : keyStart;
  }

  /** The end that belongs to {@link #timestampMemberStart()}. */
  public int timestampMemberEnd() {
    int after = valueEnd;
    if (timestampMemberStart() == keyStart) {
      while (bytes[after] != ',' && bytes[after] != '}') {
        after++;
      }
      return bytes[after] == ',' ? after + 1 : valueEnd;
    }
    return after;
  }

  /**
   * Reads the object that starts at {@code from}.
   *
   * @param lineEnd a further byte that counts as white space, or a space for none
   * @return where the object ends, or the negative of where it stops being one; no line end lies
   *     before that place unless {@code lineEnd} is one
   */
  private int object(byte[] b, int from, int limit, int lineEnd) {
    boolean[] outer = inObject;
    int depth = 1;
    boolean object = true;
    boolean opened = true;
    boolean atTimestamp = false;
    int i = from + 1;

    // Each turn reads one member or element, and all that closes behind it.
    while (true) {
      while (i < limit && b[i] <= ' ' && isSpace(b[i], lineEnd)) {
        i++;
      }
      if (i >= limit) {
        return -i;
      }
      int c = b[i];
      boolean empty = opened && c == (object ? '}' : ']');
      opened = false;
      if (!empty) {
        if (object) {
          if (c != '"') {
            return -i;
          }
          int key = i;
          i = string(b, i + 1, limit);
          if (i < 0) {
            return i;
          }
          if (depth == 1) {
            atTimestamp = noteKey(b, key, i);
          }
          while (i < limit && b[i] <= ' ' && isSpace(b[i], lineEnd)) {
            i++;
          }
          if (i >= limit || b[i] != ':') {
            return -i;
          }
          i++;
          while (i < limit && b[i] <= ' ' && isSpace(b[i], lineEnd)) {
            i++;
          }
          if (i >= limit) {
            return -i;
          }
          c = b[i];
          if (depth == 1 && atTimestamp) {
            valueStart = i;
          }
        }
        if (c == '"') {
          i = string(b, i + 1, limit);
        } else if (c == '{' || c == '[') {
          if (depth == MAX_DEPTH) {
            return -i;
          }
          outer[depth++] = object;
          object = c == '{';
          opened = true;
          i++;
          continue;
        } else {
          i = c <= '9' ? number(b, i, limit) : literal(b, i, limit);
        }
        if (i < 0) {
          return i;
        }
      }

      // Behind a value, or at the end of an empty object or array.
      while (true) {
        if (depth == 1 && atTimestamp) {
          valueEnd = i;
          atTimestamp = false;
        }
        while (i < limit && b[i] <= ' ' && isSpace(b[i], lineEnd)) {
          i++;
        }
        if (i >= limit) {
          return -i;
        }
        c = b[i];
        if (c == ',') {
          i++;
          break;
        }
        if (c != (object ? '}' : ']')) {
          return -i;
        }
        i++;
        depth--;
        if (depth == 0) {
          return i;
        }
        object = outer[depth];
      }
    }
  }

  /** Whether the key at the top level is the first {@code @timestamp}. */
  private boolean noteKey(byte[] b, int quote, int keyEnd) {
    if (keyStart < 0 && isKey(b, quote + 1, keyEnd - 1, TIMESTAMP)) {
      keyStart = quote;
      return true;
    }
    if (!hasType && isKey(b, quote + 1, keyEnd - 1, TYPE)) {
      hasType = true;
    }
    return false;
  }

  /** Whether the key's text is {@code text}, whichever of its characters are written as escapes. */
  private static boolean isKey(byte[] b, int from, int to, byte[] text) {
    int i = from;
    for (byte wanted : text) {
      if (b[i] == wanted) {
        i++;
      } else if (b[i] == '\\' && b[i + 1] == 'u' && Hex.digits4(b, i + 2) == wanted) {
        i += 6;
      } else {
        return false;
      }
    }
    return i == to;
  }

  /** Behind the string whose first character is at {@code from}, or the negative of its fault. */
  private static int string(byte[] b, int from, int limit) {
    int i = from;
    while (i < limit) {
      int c = b[i];
      if (c == '"') {
        return i + 1;
      }
      if (c == '\\') {
        i = escape(b, i + 1, limit);
        if (i < 0) {
          return i;
        }
      } else if (c < ' ' && c >= 0) {
        return -i;
      } else {
        i++;
      }
    }
    return -i;
  }

  private static int escape(byte[] b, int at, int limit) {
    if (at >= limit) {
      return -at;
    }
    return switch (b[at]) {
      case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> at + 1;
      case 'u' -> unicode(b, at + 1, limit);
      default -> -at;
    };
  }

  private static int unicode(byte[] b, int at, int limit) {
    for (int i = at; i < at + 4; i++) {
      if (i >= limit || Hex.digit(b[i]) < 0) {
        return -i;
      }
    }
    return at + 4;
  }

  private static int number(byte[] b, int from, int limit) {
    int i = b[from] == '-' ? from + 1 : from;
    int digits = digits(b, i, limit);
    if (digits == i || (b[i] == '0' && digits > i + 1)) {
      return -digits;
    }
    i = digits;
    if (i < limit && b[i] == '.') {
      digits = digits(b, i + 1, limit);
      if (digits == i + 1) {
        return -digits;
      }
      i = digits;
    }
    if (i < limit && (b[i] | ' ') == 'e') {
      i++;
      if (i < limit && (b[i] == '+' || b[i] == '-')) {
        i++;
      }
      digits = digits(b, i, limit);
      if (digits == i) {
        return -digits;
      }
      i = digits;
    }
    return i;
  }

  private static int digits(byte[] b, int from, int limit) {
    int i = from;
    while (i < limit && b[i] >= '0' && b[i] <= '9') {
      i++;
    }
    return i;
  }

  private static int literal(byte[] b, int from, int limit) {
    return switch (b[from]) {
      case 't' -> literal(b, from, limit, TRUE);
      case 'f' -> literal(b, from, limit, FALSE);
      case 'n' -> literal(b, from, limit, NULL);
      default -> -from;
    };
  }

  private static int literal(byte[] b, int from, int limit, byte[] text) {
    int i = from;
    for (byte wanted : text) {
      if (i >= limit || b[i] != wanted) {
        return -i;
      }
      i++;
    }
    return i;
  }

  private static boolean isSpace(int c, int lineEnd) {
    return c == ' ' || c == '\t' || c == '\r' || c == lineEnd;
  }
}
