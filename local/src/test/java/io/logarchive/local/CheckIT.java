package io.logarchive.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/** {@code logarchive check} against a whole deployment in this process. */
class CheckIT {
  private static @Nullable LocalDeployment running;

  private final Path folder;

  CheckIT(@TempDir Path folder) {
    this.folder = folder;
  }

  @BeforeAll
  static void start(@TempDir Path data) throws Exception {
    running = LocalDeployment.start(data, 0, LocalWiring.ofThisMachine());
  }

  @AfterAll
  static void stop() throws Exception {
    if (running != null) {
      running.close();
    }
  }

  @Test
  void aDeploymentThatWorksPassesAndNothingOfTheCheckIsLeftInIt() throws Exception {
    Result result = check();
    assertThat(result.exitCode()).as(result.out()).isZero();
    assertThat(result.out())
        .containsPattern(" 1  +[0-9.]+ s  the service answers")
        .containsPattern(" 2  +[0-9.]+ s  made an account: id \\d+")
        .contains("PutObject, ListBucket, GetObject, OwnershipProof")
        .containsPattern("sent 3,000 made-up logs of \\S+ \\(.*\\), [1-9][0-9]* of them errors")
        .contains("restored 3,000 logs")
        .containsPattern("found 3,000 logs, [1-9][0-9]* of them errors")
        .contains("removed the restored account", "removed the archive settings")
        .contains("removed the account")
        .containsPattern("stays: s3://check-logs/it/logarchive-check-\\d{8}T\\d{6}Z-[0-9a-f]{8}")
        .contains("The deployment works");
    assertThat(result.out()).doesNotContain(adminToken(), secretKey(), "la_api_", "la_ship_");
    assertThat(accountOf(result)).isEqualTo(404);
    assertThat(objects(LocalDeployment.CHECK_BUCKET, "it/logarchive-check-"))
        .anyMatch(key -> key.endsWith(".json.zst"));

    // The bucket is free again, and what lies there is in nobody's way.
    Result again = check();
    assertThat(again.exitCode()).as(again.out()).isZero();
  }

  @Test
  void whatIsKeptIsThereAndUsable() throws Exception {
    try (S3Client s3 = s3()) {
      s3.createBucket(bucket -> bucket.bucket("kept-logs"));
    }
    Result result = check("--bucket", "kept-logs", "--keep");
    assertThat(result.exitCode()).as(result.out()).isZero();
    assertThat(result.out()).doesNotContain("removed").contains("is kept");
    assertThat(accountOf(result)).isEqualTo(200);
    try (ServiceClient client = new ServiceClient(deployment().uri())) {
      String token = after(result.out(), "LOGARCHIVE_API_TOKEN=");
      long id = Long.parseLong(after(result.out(), "restored 3,000 logs: restore "));
      assertThat(ServiceClient.text(client.restore(token, id), "status")).isEqualTo("ACTIVE");
    }
  }

  @Test
  void aWrongAdminTokenIsNamed() throws Exception {
    Result result = check("--admin-token-file", file("la_admin_wrong").toString());
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.out())
        .contains("FAILED to make an account: 401 ")
        .containsPattern("request id: \\S+")
        .contains("to do: Give the administrator's token whose SHA-256 the deployment has")
        .contains("THE CHECK FAILED")
        .doesNotContain("la_admin_wrong", "removed");
  }

  @Test
  void aWrongSecretIsNamedAndTheAccountIsRemoved() throws Exception {
    Result result = check("--secret-key-file", file("wrong-secret").toString());
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.out())
        .containsPattern("FAILED to test the storage s3://check-logs/it/\\S+: the check PutObject")
        .contains("SignatureDoesNotMatch", "to do: Correct secretKey")
        .contains("removed the account")
        .doesNotContain("wrong-secret", "removed the archive settings", "stays");
    assertThat(accountOf(result)).isEqualTo(404);
  }

  @Test
  void aBucketThatIsNotThereIsNamed() throws Exception {
    Result result = check("--bucket", "no-such-bucket");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.out()).contains("NoSuchBucket", "to do: Create the bucket");
  }

  @Test
  void anAddressWhereNothingAnswersIsNamed() throws Exception {
    Result result = check("--url", "http://127.0.0.1:1/prod");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.out())
        .contains("FAILED to reach the service: ConnectException")
        .contains("to do: Nothing answers at http://127.0.0.1:1/prod: check --url");
  }

  @Test
  void anAddressForLogsWhereNothingAnswersIsNamedAndTheRestIsRemoved() throws Exception {
    Result result = check("--ingest-url", "http://127.0.0.1:1/");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.out())
        .contains("FAILED to send logs: ConnectException")
        .contains("to do: Nothing answers at http://127.0.0.1:1/: check --ingest-url")
        .contains("removed the archive settings", "removed the account");
    assertThat(accountOf(result)).isEqualTo(404);
  }

  @Test
  void anAddressWhereSomethingElseAnswersIsNamed() throws Exception {
    Result result = check("--url", deployment().uri() + "/stage");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.out())
        .contains("FAILED to reach the service: 404 ", "to do: Check --url and --ingest-url");
  }

  @Test
  void aRestoreThatFailsIsNamedAndTheRestIsRemoved() throws Exception {
    try (S3Client s3 = s3()) {
      s3.createBucket(bucket -> bucket.bucket("lost-logs"));
    }
    Runnable loseTheBucket = () -> lose("lost-logs");
    Result result = check(new Watch("  sent 3,000", loseTheBucket), "--bucket", "lost-logs");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.out())
        .containsPattern("FAILED to restore them: restore \\d+ ended as FAILED: .*NoSuchBucket")
        .containsPattern("to do: Look for restore \\d+ in the deployment's logs")
        .contains("removed the restored account", "removed the archive settings")
        .contains("removed the account");
    assertThat(accountOf(result)).isEqualTo(404);
  }

  @Test
  void secretsComeFromFilesOrVariablesOnlyAndWrongOptionsAreNamed() throws Exception {
    assertThat(check("--logs", "0").err()).contains("--logs takes 1 to");
    for (String wrong : List.of("file:/etc", "127.0.0.1:80", "localhost", "https://host/a b")) {
      assertThat(check("--url", wrong).err())
          .contains("--url takes an address such as https://host/path, not " + wrong);
    }
    assertThat(check("--bucket", "My_Bucket").err()).contains("--bucket must start with");
    assertThat(check("--secret-key-file", file(" ").toString()).err()).contains("is empty");
    StringWriter err = new StringWriter();
    int exitCode =
        LogArchive.commandLine()
            .setErr(new PrintWriter(err))
            .execute(
                "check",
                "--url",
                "http://a",
                "--ingest-url",
                "http://a",
                "--bucket",
                "abc",
                "--access-key",
                "AK");
    assertThat(exitCode).isEqualTo(2);
    assertThat(err.toString()).contains("Set the variable LOGARCHIVE_ADMIN_TOKEN");
  }

  private record Result(int exitCode, String out, String err) {}

  private Result check(String... options) throws Exception {
    return check(new StringWriter(), options);
  }

  /** Later options take the place of those that are always given. */
  private Result check(Writer out, String... options) throws Exception {
    List<String> all =
        new ArrayList<>(
            List.of(
                "check",
                "--url",
                deployment().uri().toString(),
                "--ingest-url",
                deployment().uri() + "/",
                "--admin-token-file",
                file(adminToken()).toString(),
                "--bucket",
                LocalDeployment.CHECK_BUCKET + "/it",
                "--access-key",
                deployment().secrets().s3Key().id(),
                "--secret-key-file",
                file(secretKey()).toString(),
                "--logs",
                "3000"));
    for (int i = 0; i < options.length; i++) {
      int at = all.indexOf(options[i]);
      if (at < 0) {
        all.add(options[i]);
      } else {
        i++;
        all.set(at + 1, options[i]);
      }
    }
    StringWriter err = new StringWriter();
    int exitCode =
        LogArchive.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(all.toArray(new String[0]));
    return new Result(exitCode, out.toString(), err.toString());
  }

  private Path file(String secret) throws Exception {
    return Files.writeString(Files.createTempFile(folder, "secret", ""), secret + "\n");
  }

  private static LocalDeployment deployment() {
    if (running == null) {
      throw new IllegalStateException("The deployment is not up");
    }
    return running;
  }

  private static String adminToken() {
    return deployment().secrets().adminToken().value();
  }

  private static String secretKey() {
    return deployment().secrets().s3Key().secret();
  }

  private static S3Client s3() {
    return StoredThings.s3Client(deployment().s3Endpoint(), deployment().secrets().s3Key());
  }

  private static List<String> objects(String bucket, String prefix) {
    try (S3Client s3 = s3()) {
      return s3.listObjectsV2(list -> list.bucket(bucket).prefix(prefix)).contents().stream()
          .map(S3Object::key)
          .toList();
    }
  }

  private static void lose(String bucket) {
    List<String> keys = objects(bucket, "");
    try (S3Client s3 = s3()) {
      keys.forEach(key -> s3.deleteObject(delete -> delete.bucket(bucket).key(key)));
      s3.deleteBucket(delete -> delete.bucket(bucket));
    }
  }

  /** The status that the administrator gets for the account that the check made. */
  private static int accountOf(Result result) throws Exception {
    String id = after(result.out(), "made an account: id ");
    URI account = deployment().uri().resolve("/v1/account-management/time-based-accounts/" + id);
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
              HttpRequest.newBuilder(account).header("X-API-TOKEN", adminToken()).build(),
              BodyHandlers.discarding())
          .statusCode();
    }
  }

  private static String after(String text, String words) {
    return text.substring(text.indexOf(words) + words.length()).split("\\s", 2)[0];
  }

  /** Does something once these words were written. */
  private static final class Watch extends StringWriter {
    private final String words;
    private @Nullable Runnable then;

    Watch(String words, Runnable then) {
      this.words = words;
      this.then = then;
    }

    @Override
    public void flush() {
      Runnable now = then;
      if (now != null && toString().contains(words)) {
        then = null;
        now.run();
      }
    }
  }
}
