package io.logarchive.testkit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logarchive.http.ApiRequest;
import io.logarchive.http.ApiResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlantedSecretsTest {
  private static final ApiRequest MADE =
      request("POST", "/v1/account-management/time-based-accounts");
  private static final ApiRequest READ = request("GET", "/v2/archive/settings");

  private final PlantedSecrets secrets = new PlantedSecrets("la_admin_given");

  @Test
  void aSecretInABodyIsFoundAndNotRepeated() {
    assertThatThrownBy(() -> secrets.check(READ, ApiResponse.text(200, "a planted-key here")))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("GET /v2/archive/settings")
        .hasMessageNotContaining("planted-key");
  }

  @Test
  void aTokenThatWasGivenBeforeIsFound() {
    assertThatThrownBy(() -> secrets.check(READ, ApiResponse.text(200, "la_admin_given")))
        .isInstanceOf(AssertionError.class)
        .hasMessageNotContaining("la_admin_given");
  }

  @Test
  void aSecretInAHeaderIsFound() {
    ApiResponse reply = ApiResponse.empty(200).with("X-Debug", "planted-key");
    assertThatThrownBy(() -> secrets.check(READ, reply)).isInstanceOf(AssertionError.class);
  }

  @Test
  void aNewTokenIsShownOnce() {
    ApiResponse reply = ApiResponse.text(200, "{\"accountId\":1,\"apiToken\":\"la_api_new\"}");
    secrets.check(MADE, reply);
    assertThatThrownBy(() -> secrets.check(MADE, reply)).isInstanceOf(AssertionError.class);
    assertThatThrownBy(() -> secrets.check(READ, reply)).isInstanceOf(AssertionError.class);
  }

  private static ApiRequest request(String method, String path) {
    return new ApiRequest(method, path, Map.of(), Map.of(), new byte[0], true, "r");
  }
}
