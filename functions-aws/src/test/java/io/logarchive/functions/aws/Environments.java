package io.logarchive.functions.aws;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Environments of functions. */
final class Environments {
  static final String SEALING_KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

  private Environments() {}

  static final String KMS_KEY = "arn:aws:kms:eu-central-1:123456789012:key/";
  static final String SECRET =
      "arn:aws:secretsmanager:eu-central-1:123456789012:secret:search-AbCdEf";

  /** Every key, none with its default, with the keys in a file and the login beside them. */
  static Map<String, String> complete(Path folder) throws IOException {
    Path key = Files.writeString(folder.resolve("sealing.key"), SEALING_KEY + "\n");
    Map<String, String> environment = new HashMap<>();
    environment.put("AWS_REGION", "eu-central-1");
    environment.put("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE");
    environment.put("AWS_SECRET_ACCESS_KEY", "key");
    environment.put("AWS_SESSION_TOKEN", "temporary");
    environment.put(
        "ARCHIVE_ACCESS_ROLE_ARN", "arn:aws:iam::123456789012:role/logarchive-archive-access");
    environment.put("TABLE_NAME", "logarchive");
    environment.put("DEPLOYMENT_ID", "test");
    environment.put("DEPLOYMENT_BUCKET", "logarchive-own");
    environment.put("ADMIN_TOKEN_SHA256", "a".repeat(64));
    environment.put("SEALING_KEY_FILE", key.toString());
    environment.put("OPENSEARCH_ENDPOINT", "http://127.0.0.1:9200");
    environment.put("OPENSEARCH_USERNAME", "admin");
    environment.put("OPENSEARCH_PASSWORD", "password");
    environment.put("OPENSEARCH_REPLICAS", "0");
    environment.put(
        "RESTORE_STATE_MACHINE_ARN",
        "arn:aws:states:eu-central-1:123456789012:stateMachine:logarchive-restore");
    environment.put("AWS_ENDPOINT_URL", "http://127.0.0.1:9000");
    environment.put("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9001");
    environment.put("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:9002");
    environment.put("AWS_ENDPOINT_URL_SFN", "http://127.0.0.1:9003");
    environment.put("AWS_ENDPOINT_URL_KMS", "http://127.0.0.1:9004");
    environment.put("AWS_ENDPOINT_URL_SECRETS_MANAGER", "http://127.0.0.1:9005");
    environment.put("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:9006");
    environment.put("AZURE_AUTHORITY_HOST", "https://localhost:9007");
    environment.put("AZURE_BLOB_ENDPOINT", "https://localhost:9008");
    environment.put("INGEST_EVENT_HOURS", "12");
    environment.put("RESTORE_HOURS", "48");
    environment.put("RESTORE_GB", "1.5");
    environment.put("RESTORE_SLOTS", "7");
    environment.put("RESTORE_SLICE_RAW_BYTES", "1000000");
    environment.put("RESTORE_SLICE_STORED_BYTES", "100000");
    environment.put("RESTORE_SLICE_OBJECTS", "10");
    environment.put("RESTORE_BULK_LOGS", "500");
    environment.put("RESTORE_BULK_BYTES", "50000");
    environment.put("RESTORE_START_GRACE_SECONDS", "5");
    environment.put("AUDIT_DAYS", "30");
    environment.put("CONTROL_REQUESTS_PER_MINUTE", "1000");
    environment.put("SEARCH_REQUESTS_PER_MINUTE", "2000");
    environment.put("INGEST_REQUESTS_PER_SECOND", "3000");
    environment.put("INGEST_BYTES_PER_SECOND", "4000000");
    environment.put("SHARED_BUCKETS", "true");
    environment.put("OWN_ACCOUNT_ROLES", "true");
    return environment;
  }

  /** The same with keys in KMS and the login in Secrets Manager, as on AWS. */
  static Map<String, String> onAws(Map<String, String> complete) {
    Map<String, String> onAws = new HashMap<>(complete);
    onAws
        .keySet()
        .removeAll(List.of("SEALING_KEY_FILE", "OPENSEARCH_USERNAME", "OPENSEARCH_PASSWORD"));
    onAws.put("SEALING_KEY_ARN", KMS_KEY + "sealing");
    onAws.put("SIGNING_KEY_ARN", KMS_KEY + "signing");
    onAws.put("OPENSEARCH_SECRET_ARN", SECRET);
    return onAws;
  }

  /** Of these only the keys that no deployment can do without. */
  static Map<String, String> smallest(Map<String, String> complete) {
    Map<String, String> smallest = new HashMap<>(complete);
    smallest
        .keySet()
        .retainAll(
            List.of(
                "AWS_REGION",
                "TABLE_NAME",
                "DEPLOYMENT_ID",
                "DEPLOYMENT_BUCKET",
                "ADMIN_TOKEN_SHA256",
                "SEALING_KEY_FILE",
                "OPENSEARCH_ENDPOINT"));
    return smallest;
  }
}
