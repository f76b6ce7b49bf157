package io.logarchive.stored;

import io.logarchive.archive.BlobLocation;
import io.logarchive.archive.BlobSettings;
import io.logarchive.archive.S3Credentials;
import io.logarchive.archive.S3Location;
import io.logarchive.archive.S3Options;
import io.logarchive.archive.S3Settings;
import io.logarchive.archive.SealedSecret;
import io.logarchive.archive.StorageSettings;

/** An archive's storage as part of what is stored. */
final class StoredStorage {
  private StoredStorage() {}

  static Stored of(StorageSettings storage) {
    return switch (storage) {
      case S3Settings s3 ->
          credentials(s3.credentials())
              .text("path", s3.path())
              .text("bucket", s3.location().bucket())
              .text("prefix", s3.location().prefix())
              .text("owner", s3.options().owner())
              .text("storageClass", s3.options().storageClass())
              .text("kmsKeyId", s3.options().kmsKeyId());
      case BlobSettings blob ->
          secret("clientSecret", blob.clientSecret())
              .text("type", "BLOB")
              .text("path", blob.path())
              .text("accountName", blob.location().accountName())
              .text("containerName", blob.location().containerName())
              .text("prefix", blob.location().prefix())
              .text("tenantId", blob.tenantId())
              .text("clientId", blob.clientId());
    };
  }

  static StorageSettings read(Stored item) {
    return switch (item.text("type")) {
      case "S3_KEYS" ->
          s3(item, new S3Credentials.Keys(item.text("accessKey"), secret("secretKey", item)));
      case "S3_ROLE" ->
          s3(item, new S3Credentials.Role(item.text("roleArn"), item.text("externalId")));
      case "BLOB" ->
          new BlobSettings(
              item.optionalText("path"),
              new BlobLocation(
                  item.text("accountName"), item.text("containerName"), item.text("prefix")),
              item.text("tenantId"),
              item.text("clientId"),
              secret("clientSecret", item));
      default -> throw new IllegalStateException("Not a storage: " + item.text("type"));
    };
  }

  private static Stored credentials(S3Credentials credentials) {
    return switch (credentials) {
      case S3Credentials.Keys keys ->
          secret("secretKey", keys.secretKey())
              .text("type", "S3_KEYS")
              .text("accessKey", keys.accessKey());
      case S3Credentials.Role role ->
          Stored.empty()
              .text("type", "S3_ROLE")
              .text("roleArn", role.arn())
              .text("externalId", role.externalId());
    };
  }

  private static S3Settings s3(Stored item, S3Credentials credentials) {
    return new S3Settings(
        item.text("path"),
        new S3Location(item.text("bucket"), item.text("prefix")),
        credentials,
        new S3Options(
            item.optionalText("owner"),
            item.optionalText("storageClass"),
            item.optionalText("kmsKeyId")));
  }

  private static Stored secret(String name, SealedSecret sealed) {
    return Stored.empty()
        .text(name + "SealedBy", sealed.keyId())
        .bytes(name + "Sealed", sealed.bytes());
  }

  private static SealedSecret secret(String name, Stored item) {
    return new SealedSecret(item.text(name + "SealedBy"), item.bytes(name + "Sealed"));
  }
}
