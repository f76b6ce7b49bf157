package io.logarchive.account;

import static org.assertj.core.api.Assertions.assertThat;

import io.logarchive.http.ApiResponse;
import io.logarchive.testkit.InMemoryDeployment;
import io.logarchive.testkit.InMemoryDeployment.Customer;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccountsApiTest {
  private static final String ACCOUNTS = "/v1/account-management/time-based-accounts";
  private static final Instant HOUR = Instant.parse("2026-11-22T17:00:00Z");

  private final InMemoryDeployment deployment = new InMemoryDeployment();

  @Test
  void aNewAccountsTokensAreShownOnceAndKeptAsHashes() {
    Customer customer = deployment.customer("shop");
    Account account = deployment.accountStore.find(customer.id()).orElseThrow();
    assertThat(account.name()).isEqualTo("shop");
    assertThat(customer.apiToken()).startsWith("la_api_");
    assertThat(customer.shippingToken()).startsWith("la_ship_");
    TokenRecord stored =
        deployment.accountStore.findToken(new Token(customer.apiToken()).hash()).orElseThrow();
    assertThat(stored.scopes())
        .containsExactlyInAnyOrder(Scope.SETTINGS, Scope.RESTORE, Scope.SEARCH);
    assertThat(stored.toString()).doesNotContain(customer.apiToken());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"maxDailyGB\":1} | accountName",
        "{\"accountName\":\"a\"} | maxDailyGB",
        "{\"accountName\":\"a\",\"maxDailyGB\":0} | maxDailyGB",
        "{\"accountName\":\"a\",\"maxDailyGB\":-1} | maxDailyGB",
        "{\"accountName\":\"a\",\"maxDailyGB\":1e99} | maxDailyGB",
        "{\"accountName\":\"a\",\"maxDailyGB\":\"1\"} | maxDailyGB",
      })
  void badRequestsNameTheField(String body, String field) {
    String admin = deployment.adminToken();
    ApiResponse reply = deployment.accounts("POST", ACCOUNTS, admin, body);
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.bodyText()).contains(field);
  }

  @Test
  void onlyTheAdminTokenMakesAccounts() {
    String body = "{\"accountName\":\"a\",\"maxDailyGB\":1}";
    Customer customer = deployment.customer("shop");
    for (String token : List.of("", "wrong", customer.apiToken(), customer.shippingToken())) {
      assertThat(deployment.accounts("POST", ACCOUNTS, token, body).status()).isEqualTo(401);
    }
  }

  @Test
  void whatIsNotBuiltYetSaysSo() {
    assertThat(deployment.accounts("GET", ACCOUNTS, deployment.adminToken(), "").status())
        .isEqualTo(501);
    assertThat(deployment.accounts("DELETE", ACCOUNTS + "/7", deployment.adminToken(), "").status())
        .isEqualTo(501);
  }

  /**
   * On every endpoint: a foreign id is answered like an absent one, and a foreign token reaches
   * nothing.
   */
  @Test
  void oneAccountsTokenFindsNothingOfAnothers() {
    Customer owner = deployment.archivingCustomer("bucket");
    deployment.send(owner, "{\"@timestamp\":\"2026-11-22T17:00:00Z\",\"secret\":1}");
    int restore =
        InMemoryDeployment.number(
            deployment.restore(owner, "mine", HOUR, HOUR.plusSeconds(3_600)), "id");
    Customer stranger = deployment.customer("stranger");

    assertThat(
            deployment.settings("GET", "/v2/archive/settings", stranger.apiToken(), "").bodyText())
        .isEqualTo("[]");
    assertThat(deployment.restores("GET", "/archive/restore", stranger.apiToken(), "").bodyText())
        .isEqualTo("[]");
    assertThat(
            deployment
                .restores("GET", "/archive/restore?before=" + restore, stranger.apiToken(), "")
                .bodyText())
        .isEqualTo("[]");
    for (String method : List.of("GET", "DELETE")) {
      ApiResponse foreign =
          deployment.restores(method, "/archive/restore/" + restore, stranger.apiToken(), "");
      ApiResponse absent =
          deployment.restores(method, "/archive/restore/1234567", stranger.apiToken(), "");
      assertThat(foreign.status()).isEqualTo(404);
      assertThat(foreign.headers()).isEqualTo(absent.headers());
      assertThat(foreign.bodyText().replaceAll("request-\\d+", ""))
          .isEqualTo(absent.bodyText().replaceAll("request-\\d+", ""));
    }
    assertThat(InMemoryDeployment.text(deployment.operation(owner, restore), "status"))
        .isEqualTo("ACTIVE");
    // The same name is free in another account.
    Customer other = deployment.archivingCustomer("other");
    assertThat(deployment.startRestore(other, "mine", HOUR, HOUR.plusSeconds(60)).status())
        .isEqualTo(200);
  }
}
