package io.logarchive.testkit;

import io.logarchive.http.ApiRequest;
import io.logarchive.http.ApiResponse;
import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * The secrets that a deployment was given, which all tests begin with {@code planted}, and the
 * tokens that it gave: no reply may show one. A new token is shown once, by the reply to the
 * request that made it. Safe for concurrent use.
 */
final class PlantedSecrets {
  private static final String ACCOUNTS = "/v1/account-management/time-based-accounts";
  private static final List<String> TOKENS =
      List.of("apiToken", "shippingToken", "accountToken", "token");

  private static final Pattern GIVEN = Pattern.compile("planted[-+/]");

  private final Set<String> tokens = ConcurrentHashMap.newKeySet();

  PlantedSecrets(String... tokens) {
    this.tokens.addAll(List.of(tokens));
  }

  /**
   * Looks for all of them in a reply, and keeps the tokens that it rightly shows.
   *
   * @throws AssertionError if the reply shows one; without it
   */
  void check(ApiRequest request, ApiResponse reply) {
    String said = reply.headers() + reply.bodyText();
    if (GIVEN.matcher(said).find() || tokens.stream().anyMatch(said::contains)) {
      throw new AssertionError("The reply to " + request + " shows a secret");
    }
    if (reply.status() == 200
        && request.method().equals("POST")
        && request.path().startsWith(ACCOUNTS)) {
      JsonObject made = Json.object(reply.body());
      for (String name : TOKENS) {
        if (made.member(name).orElse(null) instanceof JsonValue.Text token) {
          tokens.add(token.value());
        }
      }
    }
  }
}
