package io.logarchive.functions.azure;

import io.logarchive.account.Secret;
import io.logarchive.archive.BlobLocation;
import io.logarchive.archive.StorageRules;
import io.logarchive.service.EnvironmentReader;
import io.logarchive.service.Login;
import io.logarchive.service.ServiceConfig;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the environment tells a deployment; docs/configuration.md explains every key.
 *
 * @param identity who the functions are
 * @param tables where the deployment's table is, in which storage account
 * @param blobs where the deployment's container is
 * @param authority gives tokens to app registrations; null for the public cloud's
 * @param customerBlobs answers for all customers' storage accounts, as an emulator does; null for
 *     Azure itself
 * @param s3 where S3 is; null for AWS's own
 * @param auditKept how long audit entries are kept
 * @param service what every deployment is told
 */
record AzureConfig(
    Identity identity,
    URI tables,
    String table,
    URI blobs,
    String container,
    Keys keys,
    URI openSearchEndpoint,
    @Nullable Login openSearchLogin,
    int openSearchReplicas,
    @Nullable URI authority,
    @Nullable URI customerBlobs,
    @Nullable URI s3,
    Duration auditKept,
    ServiceConfig service) {

  /** Who the deployment is to its own services. */
  sealed interface Identity {
    /** A managed identity that an administrator made, by its client id. */
    record Managed(String clientId, URI endpoint, Secret header) implements Identity {}

    /** A storage account and its key, as emulators have them. */
    record AccountKey(Login account) implements Identity {}
  }

  /** What seals customers' secrets and signs as the deployment. */
  sealed interface Keys {
    /** Two keys of Key Vault, by their addresses. */
    record InVault(URI sealingKey, URI signingKey) implements Keys {}

    /** The key itself, in base64. */
    record InFile(Secret key) implements Keys {}
  }

  /**
   * Reads all of it.
   *
   * @throws IllegalArgumentException naming every key with a problem
   */
  static AzureConfig of(Map<String, String> environment) {
    EnvironmentReader read = new EnvironmentReader(environment);
    URI blobs = read.requiredUrl("BLOB_ENDPOINT");
    String container = read.container("DEPLOYMENT_CONTAINER");
    Keys keys = keys(read);
    AzureConfig config =
        new AzureConfig(
            identity(read, keys),
            read.requiredUrl("TABLE_ENDPOINT"),
            read.required("TABLE_NAME"),
            blobs,
            container,
            keys,
            read.requiredUrl("OPENSEARCH_ENDPOINT"),
            read.login("OPENSEARCH_USERNAME", "OPENSEARCH_PASSWORD"),
            read.whole("OPENSEARCH_REPLICAS", 1, 0, 5),
            read.url("AZURE_AUTHORITY_HOST", null),
            read.url("AZURE_BLOB_ENDPOINT", null),
            read.url("AWS_ENDPOINT_URL_S3", read.url("AWS_ENDPOINT_URL", null)),
            Duration.ofDays(read.whole("AUDIT_DAYS", 400, 1, 36_500)),
            ServiceConfig.of(
                read,
                new StorageRules.Allowed(
                    Set.of(new BlobLocation(accountName(blobs), container, "").claimKey()),
                    read.flag("SHARED_BUCKETS"),
                    null,
                    false)));
    read.refuseProblems();
    return config;
  }

  /** The first part of the host; behind an emulator's host it is that of the path. */
  static String accountName(URI storage) {
    String path = storage.getPath();
    String name =
        path == null || path.length() < 2
            ? String.valueOf(storage.getHost()).split("\\.", 2)[0]
            : path.substring(1).split("/", 2)[0];
    return BlobLocation.isAccountName(name) ? name : "none";
  }

  private static Identity identity(EnvironmentReader read, Keys keys) {
    Login account = read.login("AZURE_STORAGE_ACCOUNT", "AZURE_STORAGE_KEY");
    if (account == null) {
      return new Identity.Managed(
          read.required("AZURE_CLIENT_ID"),
          read.requiredUrl("IDENTITY_ENDPOINT"),
          new Secret(read.required("IDENTITY_HEADER")));
    }
    if (keys instanceof Keys.InVault) {
      read.problem("SEALING_KEY_URL needs a managed identity, not AZURE_STORAGE_KEY");
    }
    return new Identity.AccountKey(account);
  }

  private static Keys keys(EnvironmentReader read) {
    boolean inVault = read.allOrNone("SEALING_KEY_URL", "SIGNING_KEY_URL");
    boolean inFile = read.allOrNone("SEALING_KEY_FILE");
    if (inVault == inFile) {
      read.problem(
          inVault
              ? "SEALING_KEY_URL, SIGNING_KEY_URL and SEALING_KEY_FILE are set, but the keys are"
                  + " either in Key Vault or in a file"
              : "SEALING_KEY_URL and SIGNING_KEY_URL, or SEALING_KEY_FILE, are missing");
    }
    return inVault
        ? new Keys.InVault(read.requiredUrl("SEALING_KEY_URL"), read.requiredUrl("SIGNING_KEY_URL"))
        : new Keys.InFile(read.keyFile("SEALING_KEY_FILE"));
  }
}
