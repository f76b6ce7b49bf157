package io.logarchive.archive;

import static io.logarchive.testkit.InMemoryDeployment.number;
import static io.logarchive.testkit.InMemoryDeployment.object;
import static io.logarchive.testkit.InMemoryDeployment.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.logarchive.http.ApiResponse;
import io.logarchive.json.Fields;
import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import io.logarchive.testkit.InMemoryArchiveStorage;
import io.logarchive.testkit.InMemoryDeployment;
import io.logarchive.testkit.InMemoryDeployment.Customer;
import io.logarchive.testkit.InMemoryDeployment.Options;
import io.logarchive.testkit.TestArchive;
import io.logarchive.testkit.Together;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class UpdateArchiveSettingsTest {
  private static final Instant START = Instant.parse("2026-11-22T16:00:00Z");
  private static final String BLOB =
      """
      {"storageType":"BLOB","azureBlobStorageSettings":{"tenantId":"00000000-0000-0000-0000-00000000000a",
       "clientId":"00000000-0000-0000-0000-00000000000b","clientSecret":"%s","accountName":"logs1",
       "containerName":"my-logs","path":"logs"}}""";

  private final InMemoryDeployment deployment = new InMemoryDeployment();
  private final Customer customer = deployment.customer("customer");

  @Test
  void archivingPausesWithoutATestAndStartsWithOne() {
    int id = archive("bucket");
    deployment.storages.remove("bucket");

    ApiResponse paused = put(id, settings("bucket", "\"enabled\":false"));
    assertThat(paused.status()).isEqualTo(200);
    assertThat(settingsOf(paused).requiredText("status")).isEqualTo("paused");
    assertThat(deployment.send(customer, "{\"a\":1}").headers())
        .containsEntry("X-Archive", "paused");

    ApiResponse refused = put(id, settings("bucket", "\"enabled\":true"));
    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.bodyText()).contains("NoSuchBucket");
    assertThat(get(id).bodyText()).isEqualTo(paused.bodyText());

    bucket("bucket");
    ApiResponse started = put(id, settings("bucket", "\"enabled\":true"));
    assertThat(settingsOf(started).requiredText("status")).isEqualTo("archiving");
    assertThat(get(id).bodyText()).isEqualTo(started.bodyText());
  }

  @Test
  void anOmittedSecretKeepsTheStoredOneOfTheSameAccessKey() {
    int id = archive("bucket");
    bucket("other");
    SealedSecret sealed = secretKey();
    assertThat(put(id, withoutSecret("other", InMemoryDeployment.ACCESS_KEY)).status())
        .isEqualTo(200);
    assertThat(secretKey()).isEqualTo(sealed);
    assertThat(deployment.send(customer, "{\"a\":1}").status()).isEqualTo(200);

    ApiResponse refused = put(id, withoutSecret("other", "AKIAANOTHERKEY"));
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.bodyText())
        .contains("amazonS3StorageSettings.s3SecretCredentials.secretKey is required");
  }

  @Test
  void aNewKeyReplacesTheOldOneWithoutAnEarlierLocation() {
    int id = archive("bucket");
    deployment.storages.createBucket("bucket", "AKIANEW", "planted-new-secret");
    ApiResponse refused = put(id, settings("bucket", "\"compressed\":true"));
    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.bodyText()).contains("InvalidAccessKeyId");
    ApiResponse rotated =
        put(
            id,
            settings("bucket", "\"compressed\":true")
                .replace(InMemoryDeployment.ACCESS_KEY, "AKIANEW")
                .replace(InMemoryDeployment.SECRET_KEY, "planted-new-secret"));
    assertThat(rotated.status()).isEqualTo(200);
    assertThat(settingsOf(rotated).array("earlierLocations").orElseThrow()).isEmpty();
    assertThat(deployment.send(customer, "{\"a\":1}").status()).isEqualTo(200);
  }

  @Test
  void aRestoreAcrossASwitchOfBucketsBringsBackAllOfBoth() {
    int id = archive("bucket-a/logs");
    bucket("bucket-b");
    send(0, 5);
    deployment.clock.advance(Duration.ofMinutes(1));
    ApiResponse switched = put(id, settings("bucket-b", "\"compressed\":false"));
    assertThat(switched.status()).isEqualTo(200);
    // Sent again: it lies in both buckets then, under two names, as it is not compressed now.
    send(3, 9);

    assertThat(get(id).bodyText()).isEqualTo(switched.bodyText());
    Fields earlier =
        Fields.of((JsonObject) settingsOf(switched).array("earlierLocations").orElseThrow().get(0));
    assertThat(
            earlier
                .requiredObject("storage")
                .requiredObject("amazonS3StorageSettings")
                .requiredText("path"))
        .isEqualTo("bucket-a/logs");
    assertThat(earlier.number("from").orElseThrow().value())
        .isLessThan(earlier.number("to").orElseThrow().value());
    assertThat(switched.bodyText()).doesNotContain(InMemoryDeployment.SECRET_KEY);

    JsonObject restored = deployment.restore(customer, "all", START, START.plusSeconds(3_600));
    assertThat(text(restored, "status")).isEqualTo("ACTIVE");
    assertThat(deployment.restoredLines(number(restored, "id")).stream().distinct()).hasSize(9);
  }

  @Test
  void whatLiesInBothBucketsUnderOneNameIsRestoredOnce() {
    int id = archive("bucket-a");
    bucket("bucket-b");
    send(0, 5);
    assertThat(put(id, settings("bucket-b", "\"compressed\":true")).status()).isEqualTo(200);
    send(0, 5);
    JsonObject restored = deployment.restore(customer, "all", START, START.plusSeconds(3_600));
    assertThat(deployment.restoredLines(number(restored, "id"))).hasSize(5);
    JsonObject progress = (JsonObject) restored.member("progress").orElseThrow();
    assertThat(number(progress, "objectsTotal")).isEqualTo(5);
    assertThat(number(progress, "logsConflicting")).isZero();
  }

  @Test
  void anEarlierLocationThatCannotBeReadIsRefusedByName() {
    int id = archive("bucket-a/logs");
    bucket("bucket-b");
    send(0, 5);
    assertThat(put(id, settings("bucket-b", "\"compressed\":true")).status()).isEqualTo(200);
    deployment.storages.remove("bucket-a");
    JsonObject restored = deployment.restore(customer, "all", START, START.plusSeconds(3_600));
    assertThat(text(restored, "status")).isEqualTo("FAILED");
    assertThat(restored.member("failure").orElseThrow().toString())
        .contains("NoSuchBucket in s3://bucket-a/logs");
  }

  @Test
  void anEarlierLocationStaysTheAccountsUntilTheSettingsAreRemoved() {
    int id = archive("bucket-a");
    bucket("bucket-b");
    assertThat(put(id, settings("bucket-b", "\"compressed\":true")).status()).isEqualTo(200);
    Customer other = deployment.customer("other");
    assertThat(deployment.createSettings(other, InMemoryDeployment.settings("bucket-a")).status())
        .isEqualTo(409);
    assertThat(
            deployment
                .settings("DELETE", "/v2/archive/settings/" + id, customer.apiToken(), "")
                .status())
        .isEqualTo(200);
    for (String bucket : List.of("bucket-a", "bucket-b")) {
      assertThat(deployment.settingsStore.findClaim("s3:aws:" + bucket).orElseThrow().holders())
          .isEmpty();
    }
  }

  @Test
  void goingBackToAnEarlierLocationIsNoEarlierLocationAnyMore() {
    int id = archive("bucket-a");
    bucket("bucket-b");
    assertThat(put(id, settings("bucket-b", "\"compressed\":true")).status()).isEqualTo(200);
    ApiResponse back = put(id, settings("bucket-a", "\"compressed\":true"));
    assertThat(
            settingsOf(back).array("earlierLocations").orElseThrow().stream()
                .map(JsonValue::toString))
        .hasSize(1)
        .allMatch(earlier -> earlier.contains("bucket-b"));
  }

  @Test
  void settingsKeepAtMostTwentyEarlierLocations() {
    int id = archive("bucket");
    for (int i = 0; i < 20; i++) {
      assertThat(put(id, settings("bucket/" + i, "\"compressed\":true")).status()).isEqualTo(200);
    }
    ApiResponse refused = put(id, settings("bucket/20", "\"compressed\":true"));
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.bodyText()).contains("TOO_MANY_LOCATIONS");
    assertThat(put(id, settings("bucket/3", "\"compressed\":true")).status()).isEqualTo(200);
  }

  @Test
  void aContainerIsStoredAndShownWithoutItsSecret() {
    container("planted-container-secret");
    ApiResponse created =
        deployment.createSettings(customer, BLOB.formatted("planted-container-secret"));
    assertThat(created.status()).isEqualTo(200);
    assertThat(created.bodyText())
        .contains(
            "\"amazonS3StorageSettings\":null,\"azureBlobStorageSettings\":{\"tenantId\":\"00000000-0000-0000-0000-00000000000a\","
                + "\"clientId\":\"00000000-0000-0000-0000-00000000000b\",\"clientSecret\":null,\"accountName\":\"logs1\","
                + "\"containerName\":\"my-logs\",\"path\":\"logs\"}")
        .doesNotContain("planted-container-secret");
    assertThat(get(number(object(created), "id")).bodyText()).isEqualTo(created.bodyText());
  }

  @Test
  void aRestoreAcrossASwitchFromBucketToContainerBringsBackAllOfBoth() {
    int id = archive("bucket-a/logs");
    InMemoryArchiveStorage.Bucket container = container("planted-container-secret");
    send(0, 5);
    ApiResponse switched = put(id, BLOB.formatted("planted-container-secret"));
    assertThat(switched.status()).isEqualTo(200);
    assertThat(settingsOf(switched).requiredText("status")).isEqualTo("archiving");
    send(5, 9);

    assertThat(TestArchive.names(new InMemoryArchiveStorage(container, "logs", 100))).hasSize(4);
    JsonObject restored = deployment.restore(customer, "all", START, START.plusSeconds(3_600));
    assertThat(text(restored, "status")).isEqualTo("ACTIVE");
    assertThat(deployment.restoredLines(number(restored, "id")).stream().distinct()).hasSize(9);
  }

  @Test
  void aContainerIsTestedBeforeItIsKept() {
    container("planted-container-secret");
    ApiResponse refused = deployment.createSettings(customer, BLOB.formatted("planted-wrong"));

    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.bodyText())
        .contains("\"name\":\"Token\"", "AADSTS7000215", "Correct clientSecret")
        .doesNotContain("planted");
    assertThat(deployment.settingsStore.find(customer.id())).isEmpty();
    assertThat(deployment.settingsStore.findClaim("blob:logs1/my-logs")).isEmpty();
  }

  @Test
  void aStoredContainerIsTestedByItsStoredSecret() {
    container("planted-container-secret");
    int id =
        number(
            object(deployment.createSettings(customer, BLOB.formatted("planted-container-secret"))),
            "id");
    ApiResponse tested =
        deployment.settings(
            "POST", "/v2/archive/settings/test", customer.apiToken(), "{\"id\":" + id + "}");

    assertThat(tested.status()).isEqualTo(200);
    assertThat(tested.bodyText()).contains("Token", "PutBlob", "ListBlobs", "GetBlob");
  }

  @Test
  void aTestOfAnothersContainerTriesNothingThere() {
    container("planted-container-secret");
    Customer stranger = deployment.customer("stranger");
    assertThat(
            deployment
                .createSettings(stranger, BLOB.formatted("planted-container-secret"))
                .status())
        .isEqualTo(200);
    ApiResponse tested =
        deployment.settings(
            "POST",
            "/v2/archive/settings/test",
            customer.apiToken(),
            BLOB.formatted("planted-container-secret"));

    assertThat(tested.status()).isEqualTo(422);
    assertThat(tested.bodyText())
        .contains("The container logs1/my-logs is in use by another account", "PutBlob")
        .doesNotContain("bucket", "PutObject");
  }

  private InMemoryArchiveStorage.Bucket container(String secret) {
    return deployment.storages.createContainer(
        "logs1/my-logs",
        "00000000-0000-0000-0000-00000000000a",
        "00000000-0000-0000-0000-00000000000b",
        secret);
  }

  @Test
  void bucketsAndContainersAreSwitchedAndSwitchedBack() {
    container("planted-container-secret");
    int id = archive("bucket");
    ApiResponse blob = put(id, BLOB.formatted("planted-container-secret"));
    assertThat(blob.status()).isEqualTo(200);
    assertThat(settingsOf(blob).requiredText("storageType")).isEqualTo("BLOB");
    assertThat(put(id, BLOB.formatted("")).status()).isEqualTo(200);
    assertThat(put(id, BLOB.formatted("").replace("00000000000b", "00000000000c")).bodyText())
        .contains("azureBlobStorageSettings.clientSecret is required");
    // The secret of the bucket is not the settings' any more.
    assertThat(put(id, withoutSecret("bucket", InMemoryDeployment.ACCESS_KEY)).status())
        .isEqualTo(400);
    ApiResponse back = put(id, settings("bucket", "\"compressed\":true"));
    assertThat(settingsOf(back).requiredText("storageType")).isEqualTo("S3");
    assertThat(number(object(back), "id")).isEqualTo(id);
  }

  @Test
  void aContainerIsOneAccountsAlone() {
    container("planted-container-secret");
    assertThat(
            deployment
                .createSettings(customer, BLOB.formatted("planted-container-secret"))
                .status())
        .isEqualTo(200);
    Customer other = deployment.customer("other");
    ApiResponse refused =
        deployment.createSettings(other, BLOB.formatted("planted-container-secret"));
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.bodyText()).contains("The container logs1/my-logs");
  }

  @Test
  void whereTheDeploymentAllowsItAccountsShareABucketByPrefixes() {
    InMemoryDeployment sharing =
        new InMemoryDeployment(
            new Options().allowed(new StorageRules.Allowed(Set.of(), true, null, false)));
    sharing.storages.createBucket(
        "shared", InMemoryDeployment.ACCESS_KEY, InMemoryDeployment.SECRET_KEY);
    Customer one = sharing.customer("one");
    Customer two = sharing.customer("two");
    Customer three = sharing.customer("three");
    assertThat(sharing.createSettings(one, InMemoryDeployment.settings("shared/x")).status())
        .isEqualTo(200);
    assertThat(sharing.createSettings(two, InMemoryDeployment.settings("shared/x/y")).status())
        .isEqualTo(409);
    assertThat(sharing.createSettings(two, InMemoryDeployment.settings("shared")).status())
        .isEqualTo(409);
    assertThat(sharing.createSettings(two, InMemoryDeployment.settings("shared/xy")).status())
        .isEqualTo(200);
    List<ApiResponse> replies =
        Together.run(
            20,
            i -> sharing.createSettings(three, InMemoryDeployment.settings("shared/z/" + i % 2)));
    assertThat(replies.stream().filter(reply -> reply.status() == 200)).hasSize(1);
  }

  @Test
  void rolesNeedADeploymentWithAnIdentity() {
    InMemoryDeployment withoutAws =
        new InMemoryDeployment(
            new Options().allowed(new StorageRules.Allowed(Set.of(), false, null, false)));
    ApiResponse refused =
        withoutAws.createSettings(
            withoutAws.customer("customer"), role("arn:aws:iam::222222222222:role/logs", ""));
    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.bodyText()).contains("NO_AWS_IDENTITY").contains("KEYS");
  }

  @Test
  void aRoleIsOfAnotherAccountThanTheDeploymentsAndTheExternalIdIsTheAccountsOwn() {
    ApiResponse own =
        deployment.createSettings(customer, role("arn:aws:iam::999999999999:role/logs", ""));
    assertThat(own.status()).isEqualTo(400);
    assertThat(own.bodyText()).contains("amazonS3StorageSettings.s3IamCredentials.arn may not be");
    ApiResponse guessed =
        deployment.createSettings(
            customer, role("arn:aws:iam::222222222222:role/logs", ",\"externalId\":\"anothers\""));
    assertThat(guessed.status()).isEqualTo(400);
    assertThat(guessed.bodyText())
        .contains("amazonS3StorageSettings.s3IamCredentials.externalId must be the one");
  }

  @Test
  void ofManyUpdatesAtOnceOneIsWholeAndNoneIsLost() {
    int id = archive("bucket");
    List<ApiResponse> replies =
        Together.run(20, i -> put(id, settings("bucket/" + i % 2, "\"compressed\":true")));
    assertThat(replies).extracting(ApiResponse::status).containsAnyOf(200).isSubsetOf(200, 503);
    ArchiveSettings stored = deployment.settingsStore.find(customer.id()).orElseThrow();
    assertThat(stored.version())
        .isEqualTo(1 + replies.stream().filter(reply -> reply.status() == 200).count());
    BucketClaim claim = deployment.settingsStore.findClaim("s3:aws:bucket").orElseThrow();
    assertThat(claim.holders().keySet())
        .containsAll(stored.places().stream().map(place -> place.location().prefix()).toList());
  }

  @Test
  void aForeignProofSuspendsUntilATestPasses() {
    int id = archive("bucket");
    deployment.clock.advance(Duration.ofMinutes(16));
    byte[] own = deployment.bucket("bucket").get(OwnershipProof.KEY, 0, 10_000);
    deployment
        .bucket("bucket")
        .put(
            OwnershipProof.KEY,
            Content.of(
                new String(own, StandardCharsets.UTF_8)
                    .replace("deployment-1", "deployment-2")
                    .getBytes(StandardCharsets.UTF_8),
                Content.JSON));
    ApiResponse refused = deployment.send(customer, "{\"a\":1}");
    assertThat(refused.status()).isEqualTo(503);
    assertThat(settingsOf(get(id)).requiredText("status")).isEqualTo("suspended");
    assertThat(settingsOf(get(id)).requiredText("reason"))
        .contains("belongs to another deployment");

    String test = "{\"id\":" + id + "}";
    assertThat(tested(test).status()).isEqualTo(422);
    assertThat(settingsOf(get(id)).requiredText("status")).isEqualTo("suspended");
    deployment.bucket("bucket").put(OwnershipProof.KEY, Content.of(own, Content.JSON));
    // Still suspended: nothing is written until a test says that it may be.
    assertThat(deployment.send(customer, "{\"a\":1}").status()).isEqualTo(503);
    deployment.clock.advance(Duration.ofSeconds(1));
    assertThat(tested(test).status()).isEqualTo(200);
    assertThat(settingsOf(get(id)).requiredText("status")).isEqualTo("archiving");
    assertThat(deployment.send(customer, "{\"a\":1}").status()).isEqualTo(200);
    assertThat(audited()).containsExactly("settings.resume", "settings.suspend", "settings.create");
  }

  @Test
  void everyChangeLeavesAnEntryWithoutTheSecret() {
    int id = archive("bucket");
    deployment.clock.advance(Duration.ofSeconds(1));
    assertThat(put(id, settings("bucket", "\"enabled\":false")).status()).isEqualTo(200);
    assertThat(put(id, "{}").status()).isEqualTo(400);
    deployment.clock.advance(Duration.ofSeconds(1));
    assertThat(
            deployment
                .settings("DELETE", "/v2/archive/settings/" + id, customer.apiToken(), "")
                .status())
        .isEqualTo(200);
    assertThat(audited()).containsExactly("settings.delete", "settings.update", "settings.create");
    assertThat(deployment.audit.page(customer.id(), null).toString())
        .contains("AKIAIOSFODNN7EXAMPLE")
        .doesNotContain(InMemoryDeployment.SECRET_KEY);
  }

  @Test
  void foreignAndAbsentSettingsAreNotFound() {
    int id = archive("bucket");
    Customer stranger = deployment.customer("stranger");
    String body = settings("bucket-x", "\"enabled\":true");
    ApiResponse foreign =
        deployment.settings("PUT", "/v2/archive/settings/" + id, stranger.apiToken(), body);
    ApiResponse absent =
        deployment.settings("PUT", "/v2/archive/settings/1234567", stranger.apiToken(), body);
    assertThat(foreign.status()).isEqualTo(404);
    assertThat(foreign.bodyText().replaceAll("request-\\d+", ""))
        .isEqualTo(absent.bodyText().replaceAll("request-\\d+", ""));
  }

  private List<String> audited() {
    return deployment.audit.page(customer.id(), null).entries().stream()
        .map(entry -> entry.action().text())
        .filter(action -> action.startsWith("settings."))
        .toList();
  }

  private int archive(String path) {
    bucket(path.split("/", 2)[0]);
    return number(
        object(deployment.createSettings(customer, InMemoryDeployment.settings(path))), "id");
  }

  private void bucket(String name) {
    deployment.storages.createBucket(
        name, InMemoryDeployment.ACCESS_KEY, InMemoryDeployment.SECRET_KEY);
  }

  private void send(int from, int to) {
    for (int i = from; i < to; i++) {
      assertThat(
              deployment
                  .send(customer, "{\"@timestamp\":\"2026-11-22T16:30:00Z\",\"n\":" + i + "}\n")
                  .status())
          .isEqualTo(200);
    }
  }

  private ApiResponse put(int id, String body) {
    return deployment.settings("PUT", "/v2/archive/settings/" + id, customer.apiToken(), body);
  }

  private ApiResponse get(int id) {
    return deployment.settings("GET", "/v2/archive/settings/" + id, customer.apiToken(), "");
  }

  private ApiResponse tested(String body) {
    return deployment.settings("POST", "/v2/archive/settings/test", customer.apiToken(), body);
  }

  private SealedSecret secretKey() {
    S3Settings s3 =
        (S3Settings) deployment.settingsStore.find(customer.id()).orElseThrow().storage();
    return ((S3Credentials.Keys) s3.credentials()).secretKey();
  }

  private static Fields settingsOf(ApiResponse reply) {
    return Fields.of(Json.object(reply.body())).requiredObject("settings");
  }

  private static String settings(String path, String more) {
    return InMemoryDeployment.settings(path).replaceFirst("\\{", "{" + more + ",");
  }

  private static String withoutSecret(String path, String accessKey) {
    return """
        {"storageType":"S3","amazonS3StorageSettings":{"credentialsType":"KEYS","path":"%s",
         "s3SecretCredentials":{"accessKey":"%s","secretKey":null}}}"""
        .formatted(path, accessKey);
  }

  private static String role(String arn, String more) {
    return """
        {"storageType":"S3","amazonS3StorageSettings":{"credentialsType":"IAM","path":"bucket",
         "s3IamCredentials":{"arn":"%s"%s}}}"""
        .formatted(arn, more);
  }
}
