package io.logarchive.functions.azure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Environments of functions. */
final class Environments {
  static final String SEALING_KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
  static final String VAULT_KEY = "https://example.vault.azure.net/keys/";

  private Environments() {}

  /** Every key, none with its default, on one machine: with an account key and a key file. */
  static Map<String, String> complete(Path folder) throws IOException {
    Path key = Files.writeString(folder.resolve("sealing.key"), SEALING_KEY + "\n");
    Map<String, String> environment = new HashMap<>();
    environment.put("DEPLOYMENT_ID", "test");
    environment.put("ADMIN_TOKEN_SHA256", "a".repeat(64));
    environment.put("AZURE_STORAGE_ACCOUNT", "devstoreaccount1");
    environment.put("AZURE_STORAGE_KEY", "a2V5");
    environment.put("TABLE_ENDPOINT", "https://127.0.0.1:9002/devstoreaccount1");
    environment.put("TABLE_NAME", "logarchive");
    environment.put("BLOB_ENDPOINT", "https://127.0.0.1:9000/devstoreaccount1");
    environment.put("DEPLOYMENT_CONTAINER", "logarchive");
    environment.put("SEALING_KEY_FILE", key.toString());
    environment.put("OPENSEARCH_ENDPOINT", "http://127.0.0.1:9200");
    environment.put("OPENSEARCH_USERNAME", "admin");
    environment.put("OPENSEARCH_PASSWORD", "password");
    environment.put("OPENSEARCH_REPLICAS", "0");
    environment.put("AZURE_AUTHORITY_HOST", "https://127.0.0.1:9003");
    environment.put("AZURE_BLOB_ENDPOINT", "https://127.0.0.1:9000");
    environment.put("AWS_ENDPOINT_URL", "http://127.0.0.1:9005");
    environment.put("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9004");
    environment.put("AUDIT_DAYS", "30");
    environment.put("SHARED_BUCKETS", "true");
    return environment;
  }

  /** The same with a managed identity and keys in Key Vault, as on Azure. */
  static Map<String, String> onAzure(Map<String, String> complete) {
    Map<String, String> onAzure = new HashMap<>(complete);
    onAzure
        .keySet()
        .removeAll(
            List.of(
                "AZURE_STORAGE_ACCOUNT",
                "AZURE_STORAGE_KEY",
                "SEALING_KEY_FILE",
                "AZURE_AUTHORITY_HOST",
                "AZURE_BLOB_ENDPOINT",
                "AWS_ENDPOINT_URL",
                "AWS_ENDPOINT_URL_S3"));
    onAzure.put("AZURE_CLIENT_ID", "11111111-2222-3333-4444-555555555555");
    onAzure.put("IDENTITY_ENDPOINT", "http://127.0.0.1:8081/msi/token");
    onAzure.put("IDENTITY_HEADER", "header");
    onAzure.put("TABLE_ENDPOINT", "https://example.table.core.windows.net");
    onAzure.put("BLOB_ENDPOINT", "https://example.blob.core.windows.net");
    onAzure.put("SEALING_KEY_URL", VAULT_KEY + "sealing");
    onAzure.put("SIGNING_KEY_URL", VAULT_KEY + "signing/0123456789abcdef0123456789abcdef");
    return onAzure;
  }

  /** Of these only the keys that no deployment can do without. */
  static Map<String, String> smallest(Map<String, String> onAzure) {
    Map<String, String> smallest = new HashMap<>(onAzure);
    smallest
        .keySet()
        .removeAll(
            List.of(
                "OPENSEARCH_USERNAME",
                "OPENSEARCH_PASSWORD",
                "OPENSEARCH_REPLICAS",
                "AUDIT_DAYS",
                "SHARED_BUCKETS"));
    return smallest;
  }
}
