package io.logarchive.http;

import io.logarchive.json.Fields;
import io.logarchive.json.Json;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A request, whatever server took it.
 *
 * @param path starts with a slash, percent-decoded, without the query
 * @param query decoded parameters, the first of each name
 * @param headers names in lower case; several values joined by a comma
 * @param body the bytes as received; what {@link #bytesIntact} says of them
 * @param bytesIntact false if something in front took the body for text, so that binary content is
 *     destroyed
 * @param id names the request in replies and logs
 */
public record ApiRequest(
    String method,
    String path,
    Map<String, String> query,
    Map<String, String> headers,
    byte[] body,
    boolean bytesIntact,
    String id) {

  /** What {@link #json} takes. */
  public static final int MOST_JSON_BYTES = 1_000_000;

  public ApiRequest {
    headers =
        headers.entrySet().stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    header -> header.getKey().toLowerCase(Locale.ROOT),
                    Map.Entry::getValue,
                    (a, b) -> a + "," + b));
    query = Map.copyOf(query);
  }

  public Optional<String> header(String lowerCaseName) {
    return Optional.ofNullable(headers.get(lowerCaseName)).filter(value -> !value.isBlank());
  }

  public Optional<String> parameter(String name) {
    return Optional.ofNullable(query.get(name));
  }

  /**
   * The body as a JSON object; anything else is refused with {@code 400}, one that is too large
   * with {@code 413}.
   */
  public Fields json() {
    if (body.length > MOST_JSON_BYTES) {
      throw new Refusal(413, "TOO_LARGE", "The body may have " + MOST_JSON_BYTES + " bytes");
    }
    return Fields.of(Json.request(body));
  }

  /** Leaves out the body, the query and the headers: they carry tokens and secrets. */
  @Override
  public String toString() {
    return method + " " + path + " (" + id + ")";
  }
}
