package io.logarchive.archive;

import io.logarchive.account.Secret;
import io.logarchive.format.Compression;
import io.logarchive.json.Fields;
import io.logarchive.json.InvalidFieldException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads archive settings from requests. */
final class ArchiveSettingsDecoder {
  private static final int LONGEST_KEY = 128;
  private static final int LONGEST_SECRET = 1_024;

  private static final Pattern ROLE =
      Pattern.compile("arn:aws[-a-z]*:iam::\\d{12}:role/[\\w+=,.@/-]{1,576}");
  private static final Pattern GUID =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
  private static final Pattern KMS_KEY =
      Pattern.compile(
          "(arn:aws[-a-z]*:kms:[a-z0-9-]{1,40}:\\d{12}:)?(key/[\\w-]{1,64}|alias/[\\w/-]{1,250}|[\\w-]{1,64})");

  /** Those whose objects can be read at once. */
  private static final List<String> STORAGE_CLASSES =
      List.of("STANDARD", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER_IR");

  private ArchiveSettingsDecoder() {}

  static ArchiveSettingsRequest settings(Fields body) {
    return new ArchiveSettingsRequest(
        storage(body),
        body.bool("enabled").orElse(true),
        compression(body),
        body.bool("takeOver").orElse(false));
  }

  static StorageRequest storage(Fields settings) {
    return switch (settings.requiredText("storageType")) {
      case "S3" -> s3(settings, settings.requiredObject("amazonS3StorageSettings"));
      case "BLOB" -> blob(settings, settings.requiredObject("azureBlobStorageSettings"));
      default ->
          throw new InvalidFieldException(
              settings.path("storageType"), "must be \"S3\" or \"BLOB\"");
    };
  }

  private static StorageRequest s3(Fields settings, Fields s3) {
    StorageRequest.S3Login login =
        switch (s3.requiredText("credentialsType")) {
          case "KEYS" -> keys(s3.requiredObject("s3SecretCredentials"));
          case "IAM" -> role(s3.requiredObject("s3IamCredentials"));
          default ->
              throw new InvalidFieldException(
                  s3.path("credentialsType"), "must be \"IAM\" or \"KEYS\"");
        };
    String path = s3.requiredText("path");
    return new StorageRequest.S3(
        path, s3Location(s3, path), login, storageClass(settings), kmsKeyId(settings));
  }

  private static StorageRequest.S3Login keys(Fields keys) {
    return new StorageRequest.S3Login.Keys(
        credential(keys, "accessKey", LONGEST_KEY), secret(keys, "secretKey"));
  }

  private static StorageRequest.S3Login role(Fields role) {
    String arn = role.requiredText("arn");
    if (!ROLE.matcher(arn).matches()) {
      throw new InvalidFieldException(
          role.path("arn"),
          "must be the ARN of a role, such as \"arn:aws:iam::123456789012:role/logs\"");
    }
    return new StorageRequest.S3Login.Role(
        arn, role.text("externalId").filter(id -> !id.isBlank()).orElse(null));
  }

  private static S3Location s3Location(Fields s3, String path) {
    try {
      return S3Location.parse(path);
    } catch (IllegalArgumentException e) {
      throw new InvalidFieldException(s3.path("path"), String.valueOf(e.getMessage()));
    }
  }

  private static @Nullable String storageClass(Fields settings) {
    Optional<String> storageClass = settings.text("storageClass");
    if (storageClass.isPresent() && !STORAGE_CLASSES.contains(storageClass.get())) {
      throw new InvalidFieldException(
          settings.path("storageClass"),
          "must be one of "
              + String.join(", ", STORAGE_CLASSES)
              + ": objects of other classes cannot be read at once");
    }
    return storageClass.orElse(null);
  }

  private static @Nullable String kmsKeyId(Fields settings) {
    Optional<String> key = settings.text("kmsKeyId");
    if (key.isPresent() && !KMS_KEY.matcher(key.get()).matches()) {
      throw new InvalidFieldException(
          settings.path("kmsKeyId"), "must be the id, alias or ARN of a key in KMS");
    }
    return key.orElse(null);
  }

  private static StorageRequest blob(Fields settings, Fields blob) {
    for (String name : List.of("storageClass", "kmsKeyId")) {
      if (settings.has(name)) {
        throw new InvalidFieldException(settings.path(name), "is for storageType \"S3\" only");
      }
    }
    String path = blob.text("path").orElse(null);
    return new StorageRequest.Blob(
        path,
        blobLocation(blob, path),
        guid(blob, "tenantId"),
        guid(blob, "clientId"),
        secret(blob, "clientSecret"));
  }

  private static BlobLocation blobLocation(Fields blob, @Nullable String path) {
    String account = blob.requiredText("accountName");
    if (!BlobLocation.isAccountName(account)) {
      throw new InvalidFieldException(
          blob.path("accountName"), "must have 3 to 24 lower-case letters and digits");
    }
    String container = blob.requiredText("containerName");
    if (!BlobLocation.isContainerName(container)) {
      throw new InvalidFieldException(
          blob.path("containerName"),
          "must have 3 to 63 lower-case letters, digits and single hyphens between them");
    }
    try {
      return BlobLocation.of(account, container, path);
    } catch (IllegalArgumentException e) {
      throw new InvalidFieldException(blob.path("path"), String.valueOf(e.getMessage()));
    }
  }

  private static String guid(Fields fields, String name) {
    String guid = fields.requiredText(name);
    if (!GUID.matcher(guid).matches()) {
      throw new InvalidFieldException(
          fields.path(name), "must be a GUID, such as \"00000000-0000-0000-0000-000000000000\"");
    }
    return guid;
  }

  private static @Nullable Secret secret(Fields fields, String name) {
    Optional<String> secret = fields.text(name).filter(text -> !text.isBlank());
    return secret.isEmpty() ? null : new Secret(credential(fields, name, LONGEST_SECRET));
  }

  /** What goes into a header or a form has visible characters only. */
  private static String credential(Fields fields, String name, int longest) {
    String text = fields.requiredText(name);
    if (text.length() > longest || text.chars().anyMatch(c -> c <= ' ' || c > '~')) {
      throw new InvalidFieldException(
          fields.path(name),
          "must have at most " + longest + " visible ASCII characters and no spaces");
    }
    return text;
  }

  private static Compression compression(Fields body) {
    String asked = body.text("compression").orElse("zstd");
    Compression compression =
        switch (asked) {
          case "zstd" -> Compression.ZSTD;
          case "gzip" -> Compression.GZIP;
          default ->
              throw new InvalidFieldException(
                  body.path("compression"), "must be \"zstd\" or \"gzip\"");
        };
    return body.bool("compressed").orElse(true) ? compression : Compression.NONE;
  }
}
