package io.logarchive.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.logarchive.archive.StorageAccess;
import io.logarchive.http.ApiResponse;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VendorExchangesTest {
  private static final String BUCKET = "vendors-customer";
  private static final String ROLE = "arn:aws:iam::111122223333:role/archive";
  private static final String SECRET_KEY = "planted/secret+with<signs>&such";

  private final InMemoryDeployment deployment = new InMemoryDeployment();
  private final InMemoryDeployment.Customer customer = deployment.customer("vendor's");
  private final VendorExchanges exchanges =
      new VendorExchanges(
          this::send,
          customer.apiToken(),
          new VendorExchanges.Bucket(BUCKET, InMemoryDeployment.ACCESS_KEY, SECRET_KEY),
          ROLE,
          VendorExchanges.CONTAINER,
          this::letASecondPass);

  @BeforeEach
  void makeTheBucketTheRoleAndTheContainer() throws Exception {
    StorageAccess.Blob container = VendorExchanges.CONTAINER;
    deployment.storages.createContainer(
        container.location().container(),
        container.tenantId(),
        container.clientId(),
        container.clientSecret().value());
    deployment.storages.createBucket(BUCKET, InMemoryDeployment.ACCESS_KEY, SECRET_KEY);
    deployment.storages.createRole(ROLE, BUCKET, exchanges.externalId());
  }

  @Test
  void settingsOfEveryKindAreCreatedReadUpdatedImportedAndDeleted() throws Exception {
    exchanges.settings();
  }

  @Test
  void settingsThatNeverWorkAreRefusedAtOnce() throws Exception {
    exchanges.refusedSettings();
  }

  @Test
  void restoresAreStartedFollowedListedDeletedAndAborted() throws Exception {
    exchanges.restores();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"id\":\"1\"}",
        "{\"id\":1.0}",
        "{\"id\":4294967296}",
        "{\"ID\":true}",
        "{\"settings\":[]}",
        "{\"settings\":{\"enabled\":\"true\"}}",
        "[]"
      })
  void whatGoDoesNotReadIsSeen(String reply) throws Exception {
    GoStruct struct =
        GoStruct.of(GoStruct.int32("id"), GoStruct.struct("settings", GoStruct.bool("enabled")));
    struct.check(new ObjectMapper().readTree("{\"Id\":7,\"settings\":null,\"more\":[1]}"));
    assertThatThrownBy(() -> struct.check(new ObjectMapper().readTree(reply)))
        .isInstanceOf(AssertionError.class)
        .hasMessageStartingWith("Go reads no");
  }

  private void letASecondPass() {
    deployment.clock.advance(Duration.ofSeconds(1));
    deployment.workflow.runAll();
  }

  private VendorExchanges.Reply send(
      String method, String path, Map<String, String> headers, byte @Nullable [] body) {
    ApiResponse reply = deployment.call(method, path, headers, body == null ? new byte[0] : body);
    assertThat(reply.bodyText()).doesNotContain(SECRET_KEY);
    return new VendorExchanges.Reply(reply.status(), reply.body());
  }
}
