package io.logarchive.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An engine's reply, read from a stream with one array cut short: however long it is, no more of it
 * is held in memory.
 *
 * @param cut whether elements were left out
 */
public record CutJson(JsonObject object, boolean cut) {
  /** Wider than for requests: such a reply holds what users once logged. */
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(1_000)
                  .maxNumberLength(10_000)
                  .maxNameLength(1_000_000)
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          .build();

  /**
   * Reads one JSON object, to its end.
   *
   * @param arrayPath names the members that lead to the array
   * @param mostBytes elements of the array that end more than this behind its start are left out
   * @throws MalformedJsonException if it is anything else
   * @throws TooLongException if there are more than so many bytes before the array, or behind it
   * @throws IOException if the stream fails
   */
  public static CutJson read(InputStream utf8, List<String> arrayPath, int mostBytes)
      throws IOException {
    Bounded bounded = new Bounded(utf8, mostBytes);
    try (JsonParser parser = FACTORY.createParser(bounded)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new MalformedJsonException("must be a JSON object");
      }
      Reading reading = new Reading(parser, bounded, mostBytes);
      return new CutJson(reading.object(arrayPath), reading.cut);
    } catch (JsonProcessingException e) {
      throw new MalformedJsonException("is not valid JSON");
    }
  }

  /** A reply that is too long without the array already. */
  public static final class TooLongException extends IOException {
    private static final long serialVersionUID = 1;

    private TooLongException() {
      super("The reply is too long");
    }
  }

  /** Ends with an exception where more is read than is allowed until then. */
  private static final class Bounded extends InputStream {
    /** The parser reads ahead by as much. */
    private static final int AHEAD = 8_192;

    private final InputStream in;
    private final long most;
    private long left;

    Bounded(InputStream in, int most) {
      this.in = in;
      this.most = (long) most + AHEAD;
      this.left = this.most;
    }

    void lift() {
      left = Long.MAX_VALUE;
    }

    void restore() {
      left = most;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
      int count = in.read(into, from, length);
      left -= Math.max(0, count);
      if (left < 0) {
        throw new TooLongException();
      }
      return count;
    }
  }

  private static final class Reading {
    private final JsonParser parser;
    private final Bounded bounded;
    private final int mostBytes;
    private boolean cut;

    Reading(JsonParser parser, Bounded bounded, int mostBytes) {
      this.parser = parser;
      this.bounded = bounded;
      this.mostBytes = mostBytes;
    }

    JsonObject object(List<String> path) throws IOException {
      Map<String, JsonValue> members = new LinkedHashMap<>();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        members.put(name, path.getFirst().equals(name) ? member(value, path) : Json.read(parser));
      }
      return new JsonObject(members);
    }

    private JsonValue member(JsonToken value, List<String> path) throws IOException {
      if (value == JsonToken.START_ARRAY && path.size() == 1) {
        return array();
      }
      return value == JsonToken.START_OBJECT && path.size() > 1
          ? object(path.subList(1, path.size()))
          : Json.read(parser);
    }

    private JsonValue array() throws IOException {
      long end = parser.currentLocation().getByteOffset() + mostBytes;
      List<JsonValue> values = new ArrayList<>();
      bounded.lift();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        if (cut) {
          parser.skipChildren();
          continue;
        }
        JsonValue value = Json.read(parser);
        cut = parser.currentLocation().getByteOffset() > end;
        if (!cut) {
          values.add(value);
        }
      }
      bounded.restore();
      return new JsonValue.Array(values);
    }
  }
}
