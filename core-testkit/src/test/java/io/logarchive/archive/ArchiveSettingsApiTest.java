package io.logarchive.archive;

import static io.logarchive.testkit.InMemoryDeployment.number;
import static io.logarchive.testkit.InMemoryDeployment.object;
import static org.assertj.core.api.Assertions.assertThat;

import io.logarchive.fault.ServiceException;
import io.logarchive.http.ApiResponse;
import io.logarchive.testkit.ArchiveStorageDecorator;
import io.logarchive.testkit.InMemoryDeployment;
import io.logarchive.testkit.InMemoryDeployment.Customer;
import io.logarchive.testkit.InMemoryDeployment.Options;
import io.logarchive.testkit.Samples;
import io.logarchive.testkit.Together;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArchiveSettingsApiTest {
  private final InMemoryDeployment deployment = new InMemoryDeployment();
  private final Customer customer = deployment.customer("customer");

  @Test
  void whatIsCreatedIsReadBackTheSameWithoutItsSecret() {
    bucket("bucket");
    ApiResponse created =
        deployment.createSettings(customer, InMemoryDeployment.settings("s3://bucket/a/b/"));
    int id = number(object(created), "id");
    assertThat(created.bodyText())
        .isEqualTo(
            "{\"id\":"
                + id
                + ",\"settings\":{\"storageType\":\"S3\","
                + "\"amazonS3StorageSettings\":{\"credentialsType\":\"KEYS\",\"path\":\"s3://bucket/a/b/\","
                + "\"s3SecretCredentials\":{\"accessKey\":\"AKIAIOSFODNN7EXAMPLE\",\"secretKey\":null},"
                + "\"s3IamCredentials\":null},\"azureBlobStorageSettings\":null,"
                + "\"enabled\":true,\"compressed\":true,\"compression\":\"zstd\","
                + "\"storageClass\":null,\"kmsKeyId\":null,\"status\":\"archiving\",\"reason\":null,"
                + "\"earlierLocations\":[]}}");
    assertThat(get("/v2/archive/settings/" + id).bodyText()).isEqualTo(created.bodyText());
    assertThat(get("/v2/archive/settings").bodyText()).isEqualTo("[" + created.bodyText() + "]");
    assertThat(deployment.bucket("bucket").list("a/b/logzio-", null).objects())
        .extracting(ObjectInfo::key)
        .containsExactly("a/b/logzio-test", "a/b/logzio-verified");
  }

  @Test
  void withoutSettingsTheListIsEmptyAndAnIdIsNotFound() {
    assertThat(get("/v2/archive/settings").bodyText()).isEqualTo("[]");
    assertThat(get("/v2/archive/settings/1234567").status()).isEqualTo(404);
    assertThat(get("/v2/archive/settings/x").status()).isEqualTo(404);
  }

  @Test
  void theStoredSecretIsSealed() {
    bucket("bucket");
    deployment.createSettings(customer, InMemoryDeployment.settings("bucket"));
    ArchiveSettings stored = deployment.settingsStore.find(customer.id()).orElseThrow();
    assertThat(new String(secretKey(stored).bytes(), StandardCharsets.ISO_8859_1))
        .doesNotContain(InMemoryDeployment.SECRET_KEY.substring(0, 6));
    assertThat(stored.toString()).doesNotContain(InMemoryDeployment.SECRET_KEY.substring(0, 6));
  }

  @Test
  void anAccountHasOneArchive() {
    bucket("bucket");
    bucket("other");
    deployment.createSettings(customer, InMemoryDeployment.settings("bucket"));
    ApiResponse second = deployment.createSettings(customer, InMemoryDeployment.settings("other"));
    assertThat(second.status()).isEqualTo(409);
    assertThat(second.bodyText()).contains("SETTINGS_EXIST");
  }

  @Test
  void aBucketIsOneAccountsAlone() {
    deployment.archivingCustomer("bucket");
    for (String path : List.of("bucket", "bucket/another/prefix")) {
      ApiResponse second = deployment.createSettings(customer, InMemoryDeployment.settings(path));
      assertThat(second.status()).isEqualTo(409);
      assertThat(second.bodyText()).contains("in use by another account");
    }
  }

  @Test
  void theDeploymentsOwnBucketIsNobodysArchive() {
    bucket("the-deployments-own");
    assertThat(
            deployment
                .createSettings(customer, InMemoryDeployment.settings("the-deployments-own"))
                .status())
        .isEqualTo(409);
  }

  @Test
  void fiftyAccountsAtOnceLeaveOneHolderOfABucket() {
    bucket("bucket");
    List<Customer> customers =
        IntStream.range(0, 50).mapToObj(i -> deployment.customer("c" + i)).toList();
    List<ApiResponse> replies =
        Together.run(
            50,
            i ->
                deployment.createSettings(customers.get(i), InMemoryDeployment.settings("bucket")));
    assertThat(replies).filteredOn(reply -> reply.status() == 200).hasSize(1);
    // The losers see the claim, or the winner's proof in the bucket.
    assertThat(replies)
        .filteredOn(reply -> reply.status() != 200)
        .allMatch(reply -> reply.status() == 409 || reply.status() == 422);
    long stored =
        customers.stream()
            .filter(one -> deployment.settingsStore.find(one.id()).isPresent())
            .count();
    assertThat(stored).isEqualTo(1);
  }

  @Test
  void fiftyCreatesOfOneAccountLeaveOneSetting() {
    bucket("bucket");
    List<ApiResponse> replies =
        Together.run(
            50, i -> deployment.createSettings(customer, InMemoryDeployment.settings("bucket")));
    assertThat(replies).filteredOn(reply -> reply.status() == 200).hasSize(1);
    assertThat(replies).filteredOn(reply -> reply.status() == 409).hasSize(49);
  }

  @ParameterizedTest
  @CsvSource({
    "wrong-bucket, wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY, NoSuchBucket, Create the bucket",
    "bucket, wrong, SignatureDoesNotMatch, Correct secretKey",
  })
  void aStorageThatRefusesIsReportedAndNothingIsStored(
      String path, String secret, String error, String remedy) {
    bucket("bucket");
    ApiResponse reply =
        deployment.createSettings(
            customer,
            InMemoryDeployment.settings(path).replace(InMemoryDeployment.SECRET_KEY, secret));
    assertThat(reply.status()).isEqualTo(422);
    assertThat(reply.bodyText())
        .contains(error)
        .contains(remedy)
        .contains("\"name\":\"PutObject\",\"required\":true,\"ok\":false")
        .contains("\"name\":\"OwnershipProof\"");
    assertThat(get("/v2/archive/settings").bodyText()).isEqualTo("[]");
    assertThat(reply.bodyText()).doesNotContain(secret);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PutObject", "ListObjectsV2", "GetObject"})
  void aMissingPermissionIsNamedAndTheOtherChecksStillRun(String operation) {
    InMemoryDeployment refusing =
        new InMemoryDeployment(new Options().archive(storage -> new Refusing(storage, operation)));
    refusing.storages.createBucket(
        "bucket", InMemoryDeployment.ACCESS_KEY, InMemoryDeployment.SECRET_KEY);
    ApiResponse reply =
        refusing.createSettings(
            refusing.customer("customer"), InMemoryDeployment.settings("bucket/prefix"));
    assertThat(reply.status()).isEqualTo(422);
    String permission = operation.equals("ListObjectsV2") ? "ListBucket" : operation;
    assertThat(reply.bodyText())
        .contains(
            "The check " + permission + " failed: " + operation + ": AccessDenied (request r-9)")
        .contains(
            "Allow s3:" + permission + " in the policy of the access key's user: ",
            "\\\"Action\\\":\\\"s3:" + permission + "\\\"",
            "arn:aws:s3:::bucket" + (permission.equals("ListBucket") ? "" : "/prefix/*"));
    if (!operation.equals("ListObjectsV2")) {
      assertThat(reply.bodyText())
          .contains("\"name\":\"ListBucket\",\"required\":true,\"ok\":true");
    }
  }

  @Test
  void anotherDeploymentsArchiveIsLeftAlone() {
    bucket("bucket");
    ArchiveStorage bucket = deployment.bucket("bucket");
    for (String foreign : List.of("{\"account\":\"of another service\"}", "not json", "")) {
      byte[] proof = foreign.getBytes(StandardCharsets.UTF_8);
      bucket.put("logzio-verified", Content.of(proof, Content.JSON));
      ApiResponse reply =
          deployment.createSettings(customer, InMemoryDeployment.settings("bucket"));
      assertThat(reply.status()).isEqualTo(422);
      assertThat(reply.bodyText())
          .contains("The check OwnershipProof failed")
          .contains("not tried, because the archive there is not yours");
      assertThat(bucket.get("logzio-verified", 0, 1_000)).isEqualTo(proof);
      assertThat(bucket.list("", null).objects())
          .extracting(ObjectInfo::key)
          .containsExactly("logzio-verified");
    }
  }

  @Test
  void aProofOfTheAccountsOwnThatWasDamagedIsPutRight() {
    bucket("bucket");
    deployment.createSettings(customer, InMemoryDeployment.settings("bucket"));
    ArchiveStorage bucket = deployment.bucket("bucket");
    byte[] proof = bucket.get("logzio-verified", 0, 10_000);
    bucket.put("logzio-verified", Content.of(new byte[0], Content.JSON));
    deployment.clock.advance(Duration.ofMinutes(16));
    assertThat(deployment.send(customer, "{\"a\":1}").status()).isEqualTo(200);
    assertThat(bucket.get("logzio-verified", 0, 10_000)).isEqualTo(proof);
  }

  @Test
  void aProofThatLifecycleRulesRemovedIsPutBack() {
    bucket("bucket");
    deployment.createSettings(customer, InMemoryDeployment.settings("bucket"));
    byte[] proof = deployment.bucket("bucket").get("logzio-verified", 0, 10_000);
    bucket("bucket");
    deployment.clock.advance(Duration.ofMinutes(16));
    assertThat(deployment.send(customer, "{\"a\":1}").status()).isEqualTo(200);
    assertThat(deployment.bucket("bucket").get("logzio-verified", 0, 10_000)).isEqualTo(proof);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | 400 | storageType is required",
        "{\"storageType\":\"GCS\"} | 400 | storageType must be",
        "{\"storageType\":7} | 400 | storageType must be a string",
        "{\"storageType\":\"BLOB\"} | 400 | azureBlobStorageSettings is required",
        "{\"storageType\":\"S3\"} | 400 | amazonS3StorageSettings is required",
        "{\"storageType\":\"S3\",\"amazonS3StorageSettings\":{}} | 400 | amazonS3StorageSettings.credentialsType",
        "{\"storageType\":\"S3\",\"amazonS3StorageSettings\":{\"credentialsType\":\"IAM\"}} | 400 | amazonS3StorageSettings.s3IamCredentials is required",
        "{\"storageType\":\"S3\",\"amazonS3StorageSettings\":{\"credentialsType\":\"KEYS\",\"path\":\"b\"}} | 400 | s3SecretCredentials",
        "{\"storageType\":\"S3\",\"takeOver\":7} | 400 | amazonS3StorageSettings is required",
      })
  void badRequestsNameTheField(String body, int status, String message) {
    ApiResponse reply = deployment.createSettings(customer, body);
    assertThat(reply.status()).isEqualTo(status);
    assertThat(reply.bodyText()).contains(message);
  }

  @Test
  void aBadPathSaysWhatIsAccepted() {
    ApiResponse reply =
        deployment.createSettings(customer, InMemoryDeployment.settings("My_Bucket"));
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.bodyText())
        .contains(
            "amazonS3StorageSettings.path must start with the name of a general purpose bucket");
  }

  @Test
  void removedSettingsAreGoneWithTheirSecretAndNothingIsArchivedAnyMore() {
    bucket("bucket");
    int id = number(object(created("bucket/prefix")), "id");
    assertThat(deployment.send(customer, "{\"a\":1}").status()).isEqualTo(200);
    assertThat(delete(id).status()).isEqualTo(200);

    assertThat(get("/v2/archive/settings").bodyText()).isEqualTo("[]");
    assertThat(get("/v2/archive/settings/" + id).status()).isEqualTo(404);
    assertThat(deployment.settingsStore.find(customer.id())).isEmpty();
    ApiResponse refused = deployment.send(customer, "{\"a\":2}");
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.headers()).containsKey("Retry-After");
    assertThat(deployment.bucket("bucket").list("prefix/dt=", null).objects()).hasSize(1);
  }

  @Test
  void settingsAreRemovedOnceAndByTheirOwnerOnly() {
    bucket("bucket");
    int id = number(object(created("bucket")), "id");
    Customer stranger = deployment.customer("stranger");
    String path = "/v2/archive/settings/" + id;
    assertThat(deployment.settings("DELETE", path, "", "").status()).isEqualTo(401);
    assertThat(deployment.settings("DELETE", path, customer.shippingToken(), "").status())
        .isEqualTo(403);
    for (int other : List.of(id, customer.id(), 1_234_567)) {
      assertThat(
              deployment
                  .settings("DELETE", "/v2/archive/settings/" + other, stranger.apiToken(), "")
                  .status())
          .isEqualTo(404);
    }
    assertThat(deployment.settings("DELETE", path + "x", customer.apiToken(), "").status())
        .isEqualTo(404);
    assertThat(get(path).status()).isEqualTo(200);
    assertThat(delete(id).status()).isEqualTo(200);
    assertThat(delete(id).status()).isEqualTo(404);
  }

  @Test
  void aReleasedBucketMayBeTakenAgainAndTheProofInItStillCounts() {
    bucket("bucket");
    delete(number(object(created("bucket")), "id"));
    Customer other = deployment.customer("other");
    ApiResponse foreign = deployment.createSettings(other, InMemoryDeployment.settings("bucket"));
    assertThat(foreign.status()).isEqualTo(422);
    assertThat(foreign.bodyText()).contains("belongs to another account", "logzio-verified");
    assertThat(created("bucket").status()).isEqualTo(200);
    assertThat(deployment.send(customer, "{\"a\":1}").status()).isEqualTo(200);
  }

  @Test
  void settingsRemovedAndMadeAgainFiftyTimesAtOnceLeaveOneOrNone() {
    bucket("bucket");
    int first = number(object(created("bucket")), "id");
    List<ApiResponse> replies =
        Together.run(50, i -> i % 2 == 0 ? delete(first) : created("bucket"));
    assertThat(replies)
        .extracting(ApiResponse::status)
        .filteredOn(status -> status == 200)
        .hasSizeBetween(1, 2);
    BucketClaim claim = deployment.settingsStore.findClaim("s3:aws:bucket").orElseThrow();
    assertThat(claim.holders().isEmpty())
        .isEqualTo(deployment.settingsStore.find(customer.id()).isEmpty());
  }

  @Test
  void removedSettingsLeaveRestoredAccountsSearchable() {
    bucket("bucket");
    int id = number(object(created("bucket")), "id");
    deployment.send(customer, "{\"@timestamp\":\"2026-11-22T17:00:00Z\",\"a\":1}");
    Instant hour = Instant.parse("2026-11-22T17:00:00Z");
    int restore = number(deployment.restore(customer, "mine", hour, hour.plusSeconds(60)), "id");
    delete(id);
    assertThat(deployment.restoredLines(restore)).hasSize(1);
    assertThat(deployment.startRestore(customer, "more", hour, hour.plusSeconds(60)).status())
        .isEqualTo(409);
  }

  @Test
  void aTestReportsWithoutStoringOrClaiming() {
    bucket("bucket");
    String settings = InMemoryDeployment.settings("bucket/a");
    for (String body : List.of(settings, "{\"archiveSettings\":" + settings + "}")) {
      ApiResponse reply = test(body);
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.bodyText())
          .startsWith(
              "{\"ok\":true,\"checks\":[{\"name\":\"PutObject\",\"required\":true,\"ok\":true,")
          .contains("ListBucket", "GetObject", "OwnershipProof")
          .doesNotContain(InMemoryDeployment.SECRET_KEY);
    }
    assertThat(get("/v2/archive/settings").bodyText()).isEqualTo("[]");
    assertThat(deployment.settingsStore.findClaim("s3:aws:bucket")).isEmpty();
    assertThat(deployment.bucket("bucket").list("", null).objects())
        .extracting(ObjectInfo::key)
        .containsExactly("a/logzio-test");
    Customer other = deployment.customer("other");
    assertThat(deployment.createSettings(other, settings).status()).isEqualTo(200);
  }

  @Test
  void aTestThatFailsIsTheSameReport() {
    bucket("bucket");
    ApiResponse reply =
        test(InMemoryDeployment.settings("bucket").replace(InMemoryDeployment.SECRET_KEY, "wrong"));
    assertThat(reply.status()).isEqualTo(422);
    assertThat(reply.bodyText())
        .startsWith(
            "{\"ok\":false,\"checks\":[{\"name\":\"PutObject\",\"required\":true,\"ok\":false,")
        .contains("SignatureDoesNotMatch", "Correct secretKey")
        .doesNotContain("wrong");
  }

  @Test
  void aTestWithAnIdUsesTheStoredSecretOfTheSameAccessKey() {
    bucket("bucket");
    bucket("other");
    int id = number(object(created("bucket")), "id");
    String withoutSecret =
        InMemoryDeployment.settings("other/x")
            .replace(",\"secretKey\":\"" + InMemoryDeployment.SECRET_KEY + "\"", "");
    assertThat(withoutSecret).doesNotContain("secretKey");
    assertThat(test("{\"id\":" + id + "}").status()).isEqualTo(200);
    assertThat(test("{\"id\":" + id + ",\"archiveSettings\":" + withoutSecret + "}").status())
        .isEqualTo(200);
    assertThat(test("{\"id\":" + id + "," + withoutSecret.substring(1)).status()).isEqualTo(200);

    String otherKey = withoutSecret.replace(InMemoryDeployment.ACCESS_KEY, "AKIAANOTHER");
    for (String body :
        List.of(withoutSecret, "{\"id\":" + id + ",\"archiveSettings\":" + otherKey + "}")) {
      ApiResponse refused = test(body);
      assertThat(refused.status()).isEqualTo(400);
      assertThat(refused.bodyText()).contains("s3SecretCredentials.secretKey is required");
    }
    Customer stranger = deployment.customer("stranger");
    assertThat(
            deployment
                .settings(
                    "POST", "/v2/archive/settings/test", stranger.apiToken(), "{\"id\":" + id + "}")
                .status())
        .isEqualTo(404);
  }

  @Test
  void aTestOfAnothersBucketTriesNothingThere() {
    deployment.archivingCustomer("bucket");
    bucket("the-deployments-own");
    for (String name : List.of("bucket", "the-deployments-own")) {
      ApiResponse reply = test(InMemoryDeployment.settings(name + "/x"));
      assertThat(reply.status()).isEqualTo(422);
      assertThat(reply.bodyText()).contains("The bucket " + name + " is in use by another account");
      assertThat(deployment.bucket(name).list("x/", null).objects()).isEmpty();
    }
  }

  @Test
  void aBadTestRequestNamesTheField() {
    for (String body : List.of("{}", "{\"archiveSettings\":{}}", "{\"id\":\"x\"}")) {
      assertThat(test(body).status()).isEqualTo(400);
    }
    assertThat(test("{}").bodyText()).contains("archiveSettings is required");
    assertThat(deployment.settings("POST", "/v2/archive/settings/test", "", "{}").status())
        .isEqualTo(401);
  }

  @Test
  void anArchiveThatIsSetUpWhileItsAccountIsRemovedIsRemovedToo() {
    AtomicReference<Runnable> whileTested = new AtomicReference<>(() -> {});
    InMemoryDeployment racing =
        new InMemoryDeployment(
            new Options()
                .archive(
                    storage -> {
                      whileTested.get().run();
                      return storage;
                    }));
    Customer gone = racing.customer("gone");
    racing.storages.createBucket(
        "bucket", InMemoryDeployment.ACCESS_KEY, InMemoryDeployment.SECRET_KEY);
    // The test has found the account, the store has not been written yet.
    whileTested.set(
        () ->
            racing.accountStore.remove(
                racing.accountStore.tokens(gone.id()).orElseThrow(), Samples.changed(gone.id())));
    assertThat(racing.createSettings(gone, InMemoryDeployment.settings("bucket")).status())
        .isEqualTo(401);
    assertThat(racing.settingsStore.find(gone.id())).isEmpty();
    assertThat(racing.settingsStore.findClaim("s3:aws:bucket").orElseThrow().holders()).isEmpty();
  }

  @Test
  void aForeignIdIsAnsweredLikeAnAbsentOne() {
    Customer other = deployment.archivingCustomer("other");
    int id = deployment.settingsStore.find(other.id()).orElseThrow().id();
    ApiResponse foreign = get("/v2/archive/settings/" + id);
    ApiResponse absent = get("/v2/archive/settings/" + 1_234_567);
    assertThat(foreign.status()).isEqualTo(404);
    assertThat(foreign.bodyText().replaceAll("request-\\d+", ""))
        .isEqualTo(absent.bodyText().replaceAll("request-\\d+", ""));
  }

  @Test
  void aTokenAndItsScopeAreAskedFor() {
    assertThat(deployment.settings("GET", "/v2/archive/settings", "", "").status()).isEqualTo(401);
    assertThat(deployment.settings("GET", "/v2/archive/settings", "la_api_wrong", "").status())
        .isEqualTo(401);
    ApiResponse shipping =
        deployment.settings("GET", "/v2/archive/settings", customer.shippingToken(), "");
    assertThat(shipping.status()).isEqualTo(403);
    assertThat(shipping.bodyText()).contains("settings");
  }

  private void bucket(String name) {
    deployment.storages.createBucket(
        name, InMemoryDeployment.ACCESS_KEY, InMemoryDeployment.SECRET_KEY);
  }

  private ApiResponse created(String path) {
    return deployment.createSettings(customer, InMemoryDeployment.settings(path));
  }

  private ApiResponse delete(int id) {
    return deployment.settings("DELETE", "/v2/archive/settings/" + id, customer.apiToken(), "");
  }

  private ApiResponse test(String body) {
    return deployment.settings("POST", "/v2/archive/settings/test", customer.apiToken(), body);
  }

  private ApiResponse get(String path) {
    return deployment.settings("GET", path, customer.apiToken(), "");
  }

  /** Lacks one permission. */
  private static final class Refusing extends ArchiveStorageDecorator {
    private final String operation;

    Refusing(ArchiveStorage storage, String operation) {
      super(storage);
      this.operation = operation;
    }

    @Override
    public boolean putIfAbsent(String key, Content content) {
      refuse("PutObject");
      return super.putIfAbsent(key, content);
    }

    @Override
    public void put(String key, Content content) {
      refuse("PutObject");
      super.put(key, content);
    }

    @Override
    public byte[] get(String key, long from, int most) {
      refuse("GetObject");
      return super.get(key, from, most);
    }

    @Override
    public Page list(String prefix, @Nullable String pageToken) {
      refuse("ListObjectsV2");
      return super.list(prefix, pageToken);
    }

    private void refuse(String asked) {
      if (asked.equals(operation)) {
        throw new ServiceException.Denied(operation, "AccessDenied", "r-9", null);
      }
    }
  }

  private static SealedSecret secretKey(ArchiveSettings settings) {
    S3Settings s3 = (S3Settings) settings.storage();
    return ((S3Credentials.Keys) s3.credentials()).secretKey();
  }
}
