package io.logarchive.local;

import io.logarchive.account.Secret;
import io.logarchive.archive.StorageAccess;
import io.logarchive.azurite.EmbeddedAzurite;
import io.logarchive.testkit.ServiceContract;
import io.logarchive.testkit.TriedService;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** The whole service, as its functions on one cloud answer for it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class LocalService implements ServiceContract {
  private static final int SEARCHES_PER_MINUTE = 40;

  /** Five seconds' worth of what all instances take pass at once through one. */
  private static final int BYTES_PER_SECOND = 5_000_000;

  private static final TriedService.Limits LIMITS =
      new TriedService.Limits(SEARCHES_PER_MINUTE, 5 * BYTES_PER_SECOND);

  private final Cloud cloud;
  private final HttpClient http = HttpClient.newHttpClient();
  private @Nullable EmbeddedAzure azure;
  private @Nullable LocalDeployment running;

  LocalService(Cloud cloud) {
    this.cloud = cloud;
  }

  @BeforeAll
  void start(@TempDir Path data) throws Exception {
    Azurite.assumeInstalledFor(cloud);
    LocalWiring machine = LocalWiring.ofThisMachine();
    Map<String, String> variables = new HashMap<>();
    variables.put("SEARCH_REQUESTS_PER_MINUTE", Integer.toString(SEARCHES_PER_MINUTE));
    variables.put("INGEST_BYTES_PER_SECOND", Integer.toString(BYTES_PER_SECOND));
    if (!EmbeddedAzurite.isInstalled(Azurite.INSTALLATION)) {
      running = LocalDeployment.start(data, 0, machine, variables, HttpClient::newBuilder);
      return;
    }
    StorageAccess.Blob container = EmbeddedAzure.newContainer("tried-logs", machine.random());
    azure = EmbeddedAzure.start(Azurite.INSTALLATION, data, machine, container);
    if (cloud == Cloud.AWS) {
      variables.putAll(azure.environment());
      running = LocalDeployment.start(data, 0, machine, variables, azure::http);
    } else {
      running = LocalDeployment.startOnAzure(data, 0, machine, azure, variables);
    }
  }

  @AfterAll
  void stop() throws Exception {
    http.close();
    if (running != null) {
      running.close();
    }
    if (azure != null) {
      azure.close();
    }
  }

  @Override
  public TriedService service() {
    if (running == null) {
      throw new IllegalStateException("The service is not up");
    }
    LocalDeployment deployment = running;
    AccessKey key = deployment.secrets().s3Key();
    TriedService.Bucket bucket =
        new TriedService.Bucket(LocalDeployment.CHECK_BUCKET, key.id(), new Secret(key.secret()));
    return new TriedService(
        http,
        new TriedService.Addresses(
            deployment.uri(), deployment.uri().resolve("/"), deployment.octets()),
        new Secret(deployment.secrets().adminToken().value()),
        new TriedService.Storages(
            bucket,
            (file, content) -> change(deployment, file, content),
            azure == null ? null : azure.container()),
        LIMITS);
  }

  private static void change(LocalDeployment deployment, String file, byte @Nullable [] content) {
    try (S3Client s3 =
        StoredThings.s3Client(deployment.s3Endpoint(), deployment.secrets().s3Key())) {
      if (content == null) {
        s3.deleteObject(delete -> delete.bucket(LocalDeployment.CHECK_BUCKET).key(file));
      } else {
        s3.putObject(
            put -> put.bucket(LocalDeployment.CHECK_BUCKET).key(file),
            RequestBody.fromBytes(content));
      }
    }
  }
}
