package io.logarchive.local;

import io.logarchive.archive.BlobLocation;
import io.logarchive.archive.StorageAccess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The account that a deployment on this machine makes at its first start, as variables for a shell.
 *
 * @param file holds the variables; only its owner may read it
 * @param isNew whether the account was made just now
 */
record DemoAccount(Path file, Map<String, String> variables, boolean isNew) {
  private static final String API_TOKEN = "LOGARCHIVE_API_TOKEN";
  private static final String SHIPPING_TOKEN = "LOGARCHIVE_SHIPPING_TOKEN";
  private static final int MAX_DAILY_GB = 100;

  /**
   * Makes the account at the first call; writes the file at every call, as ports change.
   *
   * @param azure where its container is there to archive into
   */
  static DemoAccount keptIn(
      Path directory, LocalDeployment deployment, @Nullable EmbeddedAzure azure)
      throws IOException, InterruptedException {
    Path file = directory.resolve("demo.env");
    Map<String, String> before = Files.exists(file) ? read(file) : Map.of();
    boolean isNew = !before.containsKey(API_TOKEN) || !before.containsKey(SHIPPING_TOKEN);
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("LOGARCHIVE_URL", deployment.uri().toString());
    variables.put("LOGARCHIVE_INGEST_URL", deployment.uri() + "/");
    variables.put("LOGARCHIVE_OCTETS_URL", deployment.octets().toString());
    if (isNew) {
      ServiceClient.AccountTokens made = make(deployment);
      variables.put(API_TOKEN, made.apiToken());
      variables.put(SHIPPING_TOKEN, made.shippingToken());
    } else {
      variables.put(API_TOKEN, before.get(API_TOKEN));
      variables.put(SHIPPING_TOKEN, before.get(SHIPPING_TOKEN));
    }
    AccessKey key = deployment.secrets().s3Key();
    variables.put("LOGARCHIVE_ADMIN_TOKEN", deployment.secrets().adminToken().value());
    variables.put("LOGARCHIVE_S3_ENDPOINT", deployment.s3Endpoint().toString());
    variables.put("LOGARCHIVE_S3_BUCKET", LocalDeployment.DEMO_BUCKET);
    variables.put("LOGARCHIVE_S3_ACCESS_KEY", key.id());
    variables.put("LOGARCHIVE_S3_SECRET_KEY", key.secret());
    if (azure != null) {
      StorageAccess.Blob container = azure.container();
      BlobLocation location = container.location();
      variables.put("LOGARCHIVE_AZURE_TENANT_ID", container.tenantId());
      variables.put("LOGARCHIVE_AZURE_CLIENT_ID", container.clientId());
      variables.put("LOGARCHIVE_AZURE_CLIENT_SECRET", container.clientSecret().value());
      variables.put("LOGARCHIVE_AZURE_ACCOUNT", location.accountName());
      variables.put("LOGARCHIVE_AZURE_ACCOUNT_KEY", azure.account().key().value());
      variables.put("LOGARCHIVE_AZURE_CONTAINER", location.containerName());
      variables.put("LOGARCHIVE_AZURE_BLOB_ENDPOINT", azure.blobEndpoint().toString());
      variables.put("LOGARCHIVE_AZURE_SAS", azure.readSignature());
      variables.put("LOGARCHIVE_AZURE_CERTIFICATE", azure.certificate().toString());
    }
    write(file, variables);
    return new DemoAccount(file, variables, isNew);
  }

  private static ServiceClient.AccountTokens make(LocalDeployment deployment)
      throws IOException, InterruptedException {
    try (ServiceClient client = new ServiceClient(deployment.uri())) {
      return client.createAccount(deployment.secrets().adminToken().value(), "demo", MAX_DAILY_GB);
    }
  }

  /** As they are written, but for a quote in one: no token has any. */
  private static Map<String, String> read(Path file) throws IOException {
    Map<String, String> variables = new LinkedHashMap<>();
    for (String line : Files.readAllLines(file)) {
      int equals = line.indexOf('=');
      if (equals > 0) {
        variables.put(
            line.substring(0, equals), line.substring(equals + 1).replaceAll("^'|'$", ""));
      }
    }
    return variables;
  }

  private static void write(Path file, Map<String, String> variables) throws IOException {
    StringBuilder text = new StringBuilder();
    variables.forEach(
        (name, value) ->
            text.append(name).append("='").append(value.replace("'", "'\\''")).append("'\n"));
    OwnerOnlyFile.write(file, text.toString());
  }
}
