package io.logarchive.testkit;

import io.logarchive.http.ApiRequest;
import io.logarchive.http.ApiResponse;
import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The secrets that a deployment was given, and the tokens that it gave: no reply may show one. A
 * new token is shown once, by the reply to the request that made it. Safe for concurrent use.
 */
final class PlantedSecrets {
  private static final String ACCOUNTS = "/v1/account-management/time-based-accounts";
  private static final List<String> TOKENS =
      List.of("apiToken", "shippingToken", "accountToken", "token");

  private final Set<String> secrets = ConcurrentHashMap.newKeySet();

  PlantedSecrets(String... secrets) {
    this.secrets.addAll(List.of(secrets));
  }

  /**
   * Looks for all of them in a reply, and keeps the tokens that it rightly shows.
   *
   * @throws AssertionError if the reply shows one; without it
   */
  void check(ApiRequest request, ApiResponse reply) {
    String said = reply.headers() + reply.bodyText();
    if (secrets.stream().anyMatch(said::contains)) {
      throw new AssertionError("The reply to " + request + " shows a secret");
    }
    if (reply.status() == 200
        && request.method().equals("POST")
        && request.path().startsWith(ACCOUNTS)) {
      JsonObject made = Json.object(reply.body());
      for (String name : TOKENS) {
        if (made.member(name).orElse(null) instanceof JsonValue.Text token) {
          secrets.add(token.value());
        }
      }
    }
  }
}
