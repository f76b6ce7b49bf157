package io.logarchive.archive;

import io.logarchive.format.Compression;
import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;

/** Archive settings as replies show them: without any secret. */
final class ArchiveSettingsJson {
  private static final String PATH = "path";

  private ArchiveSettingsJson() {}

  static JsonObject of(ArchiveSettings settings) {
    StorageSettings storage = settings.storage();
    JsonObject.Builder body =
        storage(storage)
            .put("enabled", settings.enabled())
            .put("compressed", settings.compression() != Compression.NONE)
            .put("compression", compression(settings.compression()));
    S3Options options = storage instanceof S3Settings s3 ? s3.options() : S3Options.NONE;
    body.put("storageClass", options.storageClass())
        .put("kmsKeyId", options.kmsKeyId())
        .put("status", status(settings))
        .put("reason", settings.enabled() ? settings.suspension() : null)
        .put(
            "earlierLocations",
            settings.earlier().stream().map(ArchiveSettingsJson::earlier).toList());
    return JsonObject.builder().put("id", settings.id()).put("settings", body.build()).build();
  }

  private static String status(ArchiveSettings settings) {
    if (!settings.enabled()) {
      return "paused";
    }
    return settings.suspension() == null ? "archiving" : "suspended";
  }

  private static JsonObject earlier(EarlierLocation earlier) {
    return JsonObject.builder()
        .put("storage", storage(earlier.storage()).build())
        .put("from", earlier.from())
        .put("to", earlier.to())
        .build();
  }

  private static JsonObject.Builder storage(StorageSettings storage) {
    JsonObject.Builder body = JsonObject.builder();
    return switch (storage) {
      case S3Settings s3 ->
          body.put("storageType", "S3")
              .put("amazonS3StorageSettings", s3(s3))
              .putNull("azureBlobStorageSettings");
      case BlobSettings blob ->
          body.put("storageType", "BLOB")
              .putNull("amazonS3StorageSettings")
              .put("azureBlobStorageSettings", blob(blob));
    };
  }

  private static JsonObject s3(S3Settings s3) {
    JsonObject.Builder body = JsonObject.builder();
    switch (s3.credentials()) {
      case S3Credentials.Keys keys ->
          body.put("credentialsType", "KEYS")
              .put(PATH, s3.path())
              .put(
                  "s3SecretCredentials",
                  JsonObject.builder()
                      .put("accessKey", keys.accessKey())
                      .putNull("secretKey")
                      .build())
              .putNull("s3IamCredentials");
      case S3Credentials.Role role ->
          body.put("credentialsType", "IAM")
              .put(PATH, s3.path())
              .putNull("s3SecretCredentials")
              .put(
                  "s3IamCredentials",
                  JsonObject.builder()
                      .put("arn", role.arn())
                      .put("externalId", role.externalId())
                      .build());
    }
    return body.build();
  }

  private static JsonObject blob(BlobSettings blob) {
    return JsonObject.builder()
        .put("tenantId", blob.tenantId())
        .put("clientId", blob.clientId())
        .putNull("clientSecret")
        .put("accountName", blob.location().accountName())
        .put("containerName", blob.location().containerName())
        .put(PATH, blob.path())
        .build();
  }

  private static JsonValue compression(Compression compression) {
    return switch (compression) {
      case ZSTD -> new JsonValue.Text("zstd");
      case GZIP -> new JsonValue.Text("gzip");
      case NONE -> new JsonValue.Null();
    };
  }
}
