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
import io.logarchive.testkit.Together;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
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
                + ",\"settings\":{\"storageType\":\"S3\",\"enabled\":true,\"compressed\":true,\"compression\":\"zstd\","
                + "\"amazonS3StorageSettings\":{\"credentialsType\":\"KEYS\",\"path\":\"s3://bucket/a/b/\","
                + "\"s3SecretCredentials\":{\"accessKey\":\"AKIAIOSFODNN7EXAMPLE\",\"secretKey\":null},"
                + "\"s3IamCredentials\":null},\"azureBlobStorageSettings\":null,\"status\":\"archiving\",\"reason\":null,"
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
    assertThat(new String(stored.s3().secretKey().bytes(), StandardCharsets.ISO_8859_1))
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
            "Allow s3:"
                + permission
                + " on arn:aws:s3:::bucket"
                + (permission.equals("ListBucket") ? "" : "/prefix/*"));
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
        "{\"storageType\":\"BLOB\"} | 501 | BLOB",
        "{\"storageType\":\"S3\"} | 400 | amazonS3StorageSettings is required",
        "{\"storageType\":\"S3\",\"amazonS3StorageSettings\":{}} | 400 | amazonS3StorageSettings.credentialsType",
        "{\"storageType\":\"S3\",\"amazonS3StorageSettings\":{\"credentialsType\":\"IAM\"}} | 501 | IAM",
        "{\"storageType\":\"S3\",\"amazonS3StorageSettings\":{\"credentialsType\":\"KEYS\",\"path\":\"b\"}} | 400 | s3SecretCredentials",
        "{\"storageType\":\"S3\",\"takeOver\":true} | 501 | takeOver",
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
  void whatIsNotBuiltYetSaysSo() {
    for (String call : List.of("PUT /1", "DELETE /1", "POST /test", "GET /aws-trust")) {
      String[] parts = call.split(" ", 2);
      assertThat(
              deployment
                  .settings(parts[0], "/v2/archive/settings" + parts[1], customer.apiToken(), "{}")
                  .status())
          .as(call)
          .isEqualTo(501);
      assertThat(
              deployment.settings(parts[0], "/v2/archive/settings" + parts[1], "", "{}").status())
          .as(call)
          .isEqualTo(401);
    }
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
}
