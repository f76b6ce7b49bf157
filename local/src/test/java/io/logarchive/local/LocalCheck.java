package io.logarchive.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.logarchive.archive.ArchiveStorageProvider;
import io.logarchive.archive.ObjectInfo;
import io.logarchive.archive.StorageAccess;
import io.logarchive.azurite.EmbeddedAzurite;
import java.io.IOException;
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
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * {@code logarchive check} against a whole deployment in this process, of one cloud's functions.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class LocalCheck {
  private final Cloud cloud;
  private @TempDir Path folder = Path.of("");
  private @Nullable EmbeddedAzure azure;
  private @Nullable LocalDeployment running;

  LocalCheck(Cloud cloud) {
    this.cloud = cloud;
  }

  @BeforeAll
  void start(@TempDir Path data) throws Exception {
    Azurite.assumeInstalledFor(cloud);
    LocalWiring machine = LocalWiring.ofThisMachine();
    if (!EmbeddedAzurite.isInstalled(Azurite.INSTALLATION)) {
      running = LocalDeployment.start(data, 0, machine);
      return;
    }
    StorageAccess.Blob container = EmbeddedAzure.newContainer("check-logs", machine.random());
    azure = EmbeddedAzure.start(Azurite.INSTALLATION, data, machine, container);
    running =
        cloud == Cloud.AWS
            ? LocalDeployment.start(data, 0, machine, azure.environment(), azure::http)
            : LocalDeployment.startOnAzure(data, 0, machine, azure, Map.of());
  }

  @AfterAll
  void stop() throws Exception {
    if (running != null) {
      running.close();
    }
    if (azure != null) {
      azure.close();
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
  void aContainerInAzureIsArchivedIntoAndRestoredFromAsABucketIs() throws Exception {
    StorageAccess.Blob container = container();
    Result result = check(inContainer(container), new StringWriter());
    assertThat(result.exitCode()).as(result.out()).isZero();
    String place = "logs-of-checks/logarchive-check-\\d{8}T\\d{6}Z-[0-9a-f]{8}";
    assertThat(result.out())
        .contains("Token, PutBlob, ListBlobs, GetBlob, OwnershipProof")
        .contains("restored 3,000 logs", "removed the archive settings", "removed the account")
        .containsPattern(
            "the container owner's and stays: blob://logarchivelocal/check-logs/" + place)
        .containsPattern(
            "az storage blob delete-batch --auth-mode login --account-name logarchivelocal"
                + " --source check-logs --pattern '"
                + place
                + "/\\*'")
        .contains("The deployment works")
        .doesNotContain(container.clientSecret().value(), "aws s3");
    assertThat(accountOf(result)).isEqualTo(404);
    assertThat(blobs(container, "logs-of-checks/logarchive-check-"))
        .anyMatch(key -> key.endsWith(".json.zst"));

    // The container is free again.
    Result again = check(inContainer(container), new StringWriter());
    assertThat(again.exitCode()).as(again.out()).isZero();
  }

  @Test
  void aWrongClientSecretIsNamedAndTheAccountIsRemoved() throws Exception {
    List<String> wrong = new ArrayList<>(inContainer(container()));
    wrong.set(wrong.size() - 1, file("wrong-secret").toString());
    Result result = check(wrong, new StringWriter());
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.out())
        .containsPattern("FAILED to test the storage blob://logarchivelocal/\\S+: the check Token")
        .contains("AADSTS7000215", "to do: ", "removed the account")
        .doesNotContain("wrong-secret", "removed the archive settings", "stays");
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
    for (String wrong : List.of("logs", "My-Logs/logs", "mylogs/L", "mylogs/logs/a//b")) {
      List<String> options =
          List.of("--container", wrong, "--tenant", "t", "--client", "c", "--client-secret-file");
      List<String> withSecret = new ArrayList<>(options);
      withSecret.add(file("secret").toString());
      assertThat(check(withSecret, new StringWriter()).err()).contains("--container ");
    }
    assertThat(check(List.of(), new StringWriter()).err()).contains("--bucket", "--container");
    assertThat(check("--container", "mylogs/logs", "--tenant", "t", "--client", "c").err())
        .contains("mutually exclusive");
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
    List<String> noSecret = List.of("--container", "mylogs/logs", "--tenant", "t", "--client", "c");
    assertThat(check(noSecret, new StringWriter()).err())
        .contains("Set the variable LOGARCHIVE_CLIENT_SECRET");
  }

  record Result(int exitCode, String out, String err) {}

  final Result check(String... options) throws Exception {
    return check(new StringWriter(), options);
  }

  /** Later options take the place of those that are always given. */
  private Result check(Writer out, String... options) throws Exception {
    return check(
        List.of(
            "--bucket",
            LocalDeployment.CHECK_BUCKET + "/it",
            "--access-key",
            deployment().secrets().s3Key().id(),
            "--secret-key-file",
            file(secretKey()).toString()),
        out,
        options);
  }

  private Result check(List<String> storage, Writer out, String... options) throws Exception {
    List<String> all =
        new ArrayList<>(
            List.of(
                "check",
                "--url",
                deployment().uri().toString(),
                "--ingest-url",
                deployment().octets().toString(),
                "--admin-token-file",
                file(adminToken()).toString(),
                "--logs",
                "3000"));
    all.addAll(storage);
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

  private List<String> inContainer(StorageAccess.Blob container) throws Exception {
    return List.of(
        "--container",
        container.location().container() + "/logs-of-checks",
        "--tenant",
        container.tenantId(),
        "--client",
        container.clientId(),
        "--client-secret-file",
        file(container.clientSecret().value()).toString());
  }

  private StorageAccess.Blob container() throws IOException {
    Azurite.assumeInstalled();
    return Objects.requireNonNull(azure).container();
  }

  private List<String> blobs(StorageAccess.Blob container, String prefix) {
    return Objects.requireNonNull(azure)
        .storages()
        .open(container, ArchiveStorageProvider.Patience.RETRYING)
        .list(prefix, null)
        .objects()
        .stream()
        .map(ObjectInfo::key)
        .toList();
  }

  private Path file(String secret) throws Exception {
    return Files.writeString(Files.createTempFile(folder, "secret", ""), secret + "\n");
  }

  final LocalDeployment deployment() {
    if (running == null) {
      throw new IllegalStateException("The deployment is not up");
    }
    return running;
  }

  private String adminToken() {
    return deployment().secrets().adminToken().value();
  }

  private String secretKey() {
    return deployment().secrets().s3Key().secret();
  }

  private S3Client s3() {
    return StoredThings.s3Client(deployment().s3Endpoint(), deployment().secrets().s3Key());
  }

  private List<String> objects(String bucket, String prefix) {
    try (S3Client s3 = s3()) {
      return s3.listObjectsV2(list -> list.bucket(bucket).prefix(prefix)).contents().stream()
          .map(S3Object::key)
          .toList();
    }
  }

  private void lose(String bucket) {
    List<String> keys = objects(bucket, "");
    try (S3Client s3 = s3()) {
      keys.forEach(key -> s3.deleteObject(delete -> delete.bucket(bucket).key(key)));
      s3.deleteBucket(delete -> delete.bucket(bucket));
    }
  }

  /** The status that the administrator gets for the account that the check made. */
  final int accountOf(Result result) throws Exception {
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
