package io.logarchive.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

class EnginesTest {
  private static final AccessKey KEY = new AccessKey("local", "not-a-real-secret");
  private static final String BUCKET = "kept";

  private final Path directory;

  EnginesTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void listenOnLoopbackAndKeepWhatWasWrittenOverARestart() throws Exception {
    try (Engines engines = Engines.start(directory, KEY)) {
      assertThat(engines.dynamoDb().endpoint().getHost()).isEqualTo("127.0.0.1");
      assertThat(engines.s3().endpoint().getHost()).isEqualTo("127.0.0.1");
      assertThat(engines.openSearch().endpoint().getHost()).isEqualTo("127.0.0.1");
      StoredThings.write(
          engines.dynamoDb().endpoint(),
          engines.s3().endpoint(),
          engines.openSearch().endpoint(),
          KEY);
    }
    try (Engines engines = Engines.start(directory, KEY)) {
      StoredThings.assertThatAllAreThere(
          engines.dynamoDb().endpoint(),
          engines.s3().endpoint(),
          engines.openSearch().endpoint(),
          KEY);
    }
  }

  @Test
  void s3RefusesAnotherKeysSignature() throws Exception {
    Files.createDirectories(directory.resolve("s3"));
    try (EmbeddedS3 s3 = EmbeddedS3.start(directory.resolve("s3"), KEY);
        S3Client wrong = StoredThings.s3Client(s3.endpoint(), new AccessKey(KEY.id(), "guessed"))) {
      s3.createBucket(BUCKET);

      assertThatThrownBy(() -> wrong.listObjectsV2(list -> list.bucket(BUCKET)))
          .isInstanceOfSatisfying(
              S3Exception.class,
              e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo("SignatureDoesNotMatch"));
    }
  }

  @Test
  void s3RefusesUnsignedRequests() throws Exception {
    Files.createDirectories(directory.resolve("s3"));
    try (EmbeddedS3 s3 = EmbeddedS3.start(directory.resolve("s3"), KEY);
        S3Client client = StoredThings.s3Client(s3.endpoint(), KEY)) {
      s3.createBucket(BUCKET);
      client.putObject(put -> put.bucket(BUCKET).key("key"), RequestBody.fromString("secret"));
      URI bucket = s3.endpoint().resolve("/" + BUCKET);
      URI object = s3.endpoint().resolve("/" + BUCKET + "/key");

      assertThat(StoredThings.get(bucket, 403)).contains("AccessDenied");
      assertThat(StoredThings.get(object, 403)).contains("AccessDenied");
      HttpRequest.Builder put =
          HttpRequest.newBuilder(object).PUT(HttpRequest.BodyPublishers.ofString("overwritten"));
      assertThat(StoredThings.send(put, 403)).contains("AccessDenied");
    }
  }

  @Test
  void s3ForgetsAPutThatAKillCutOff() throws Exception {
    Path bucket = Files.createDirectories(directory.resolve("s3").resolve(BUCKET));
    Files.writeString(bucket.resolve("whole.json"), "{}\n");
    Files.writeString(bucket.resolve("cut.json-0b6f3c0e-6f0e-4f0e-8f0e-0123456789ab"), "{\"cut\":");
    try (EmbeddedS3 s3 = EmbeddedS3.start(directory.resolve("s3"), KEY);
        S3Client client = StoredThings.s3Client(s3.endpoint(), KEY)) {
      assertThat(client.listObjectsV2(list -> list.bucket(BUCKET)).contents())
          .extracting(S3Object::key)
          .containsExactly("whole.json");
    }
  }
}
