package io.logarchive.limit;

import static io.logarchive.testkit.InMemoryDeployment.object;
import static org.assertj.core.api.Assertions.assertThat;

import io.logarchive.fault.ServiceException;
import io.logarchive.http.ApiResponse;
import io.logarchive.limit.RequestLimits.PerMinute;
import io.logarchive.testkit.InMemoryDeployment;
import io.logarchive.testkit.InMemoryDeployment.Customer;
import io.logarchive.testkit.InMemoryDeployment.Options;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class RequestLimitsTest {
  private static final Instant HOUR = InMemoryDeployment.NOW.minusSeconds(3_600);
  private static final String SEARCH = "{\"query\":{\"match_all\":{}}}";

  private final InMemoryDeployment deployment =
      new InMemoryDeployment(new Options().requests(new PerMinute(3, 2)));

  @Test
  void aTokenMaySendSoManyRequestsAMinute() {
    Customer customer = deployment.customer("limited");
    deployment.clock.advance(Duration.ofMillis(18_500));
    for (int i = 0; i < 3; i++) {
      assertThat(history(customer).status()).isEqualTo(200);
    }
    ApiResponse refused = history(customer);
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.headers()).containsEntry("Retry-After", "42");
    assertThat(refused.bodyText())
        .startsWith(
            "{\"errorCode\":\"archive/TOO_MANY_REQUESTS\",\"message\":\"The token may send 3"
                + " requests a minute: wait, and send fewer\",\"requestId\":\"request-");

    deployment.clock.advance(Duration.ofMillis(41_500));
    assertThat(history(customer).status()).isEqualTo(200);
  }

  @Test
  void refusalsAreCounted() {
    Customer customer = deployment.customer("limited");
    for (int i = 0; i < 5; i++) {
      history(customer);
    }
    assertThat(deployment.counted())
        .containsEntry("RequestsRefused TOO_MANY_REQUESTS", List.of(2L));
  }

  @Test
  void allCallsOfTheControlPlaneCountTogetherAndSearchesByThemselves() {
    Customer customer = deployment.customer("limited");
    assertThat(history(customer).status()).isEqualTo(200);
    assertThat(settings(customer).status()).isEqualTo(200);
    assertThat(history(customer).status()).isEqualTo(200);
    assertThat(settings(customer).status()).isEqualTo(429);

    assertThat(deployment.search(customer.apiToken(), SEARCH).status()).isNotEqualTo(429);
    assertThat(deployment.search(customer.apiToken(), SEARCH).status()).isNotEqualTo(429);
    assertThat(deployment.search(customer.apiToken(), SEARCH).status()).isEqualTo(429);
  }

  @Test
  void oneTokensRequestsTakeNothingFromAnother() {
    Customer customer = deployment.customer("limited");
    Customer other = deployment.customer("other");
    for (int i = 0; i < 4; i++) {
      history(customer);
    }
    assertThat(history(customer).status()).isEqualTo(429);
    assertThat(history(other).status()).isEqualTo(200);
  }

  @Test
  void theAdminTokenIsLimitedToo() {
    String path = "/v1/account-management/time-based-accounts/1";
    for (int i = 0; i < 3; i++) {
      assertThat(deployment.accounts("GET", path, deployment.adminToken(), "").status())
          .isEqualTo(404);
    }
    assertThat(deployment.accounts("GET", path, deployment.adminToken(), "").status())
        .isEqualTo(429);
  }

  @Test
  void aRequestWithoutAValidTokenIsNotCounted() {
    CountingWindows windows = new CountingWindows();
    InMemoryDeployment counted = new InMemoryDeployment(new Options().windows(windows));
    for (String token : List.of("", "la_api_unknown", "la_admin_unknown")) {
      assertThat(counted.restores("GET", "/archive/restore", token, "").status()).isEqualTo(401);
      assertThat(counted.accounts("GET", "/v1/audit", token, "").status()).isEqualTo(401);
    }
    assertThat(windows.calls).isZero();
  }

  @Test
  void aRequestThatCannotBeCountedPassesAndIsCountedAsSuch() {
    RequestWindows failing =
        (who, start, most) -> {
          throw new ServiceException.Unavailable("UpdateItem", "ThrottlingException", null, null);
        };
    InMemoryDeployment uncounted =
        new InMemoryDeployment(new Options().requests(new PerMinute(1, 1)).windows(failing));
    Customer customer = uncounted.customer("limited");
    uncounted.counted();
    for (int i = 0; i < 3; i++) {
      assertThat(uncounted.restores("GET", "/archive/restore", customer.apiToken(), "").status())
          .isEqualTo(200);
    }
    assertThat(uncounted.counted()).containsEntry("RequestsUncounted", List.of(3L));
  }

  @Test
  void shippersAreToldToWaitBeforeAnythingIsLookedAt() {
    InMemoryDeployment ingesting =
        new InMemoryDeployment(new Options().ingestRate(new RatePerSecond(1_000, 2)));
    Customer customer = ingesting.archivingCustomer("limited");
    String log = "{\"n\":1}\n";
    assertThat(ingesting.send(customer, log + log).status()).isEqualTo(200);
    ingesting.counted();
    ApiResponse refused = ingesting.send(customer, log);
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.headers()).containsEntry("Retry-After", "6");
    assertThat(refused.bodyText()).contains("archive/TOO_MANY_REQUESTS");
    assertThat(ingesting.counted().keySet()).containsExactly("RequestsRefused TOO_MANY_REQUESTS");

    ingesting.clock.advance(Duration.ofMillis(6_001));
    assertThat(ingesting.send(customer, log).status()).isEqualTo(200);
  }

  @Test
  void anAccountsOtherRequestsGoOnWhileItsShippersWait() {
    InMemoryDeployment ingesting =
        new InMemoryDeployment(new Options().ingestRate(new RatePerSecond(1, 1)));
    Customer customer = ingesting.archivingCustomer("limited");
    ingesting.send(customer, "{\"n\":1}\n");
    assertThat(ingesting.send(customer, "{\"n\":1}\n").status()).isEqualTo(429);
    assertThat(object(ingesting.startRestore(customer, "r", HOUR, HOUR.plusSeconds(60))))
        .isNotNull();
  }

  private ApiResponse history(Customer customer) {
    return deployment.restores("GET", "/archive/restore", customer.apiToken(), "");
  }

  private ApiResponse settings(Customer customer) {
    return deployment.settings("GET", "/v2/archive/settings", customer.apiToken(), "");
  }

  private static final class CountingWindows implements RequestWindows {
    private int calls;

    @Override
    public boolean admit(String who, Instant start, int most) {
      calls++;
      return true;
    }
  }
}
