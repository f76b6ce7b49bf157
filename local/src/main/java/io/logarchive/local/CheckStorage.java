package io.logarchive.local;

import io.logarchive.archive.BlobLocation;
import io.logarchive.archive.S3Location;
import io.logarchive.archive.StorageAccess;
import io.logarchive.archive.StorageLocation;
import io.logarchive.json.JsonObject;

/** What a check archives into: somebody's storage, and what opens it. */
sealed interface CheckStorage {
  StorageLocation place();

  /** A folder of it. */
  CheckStorage folder(String name);

  /** What sets an archive up there. */
  JsonObject settings();

  /** What its owner calls it. */
  String kind();

  /** The command by which its owner removes all that is there. */
  String removal();

  /** A bucket. */
  record Bucket(S3Location place, AccessKey key) implements CheckStorage {
    @Override
    public CheckStorage folder(String name) {
      return new Bucket(new S3Location(place.bucket(), below(place.prefix(), name)), key);
    }

    @Override
    public JsonObject settings() {
      return ServiceClient.settings(place.bucket() + "/" + place.prefix(), key);
    }

    @Override
    public String kind() {
      return "bucket";
    }

    @Override
    public String removal() {
      return "aws s3 rm --recursive " + place.uri() + "/";
    }
  }

  /** A container in Azure. */
  record Container(StorageAccess.Blob access) implements CheckStorage {
    @Override
    public BlobLocation place() {
      return access.location();
    }

    @Override
    public CheckStorage folder(String name) {
      BlobLocation folder =
          new BlobLocation(
              place().accountName(), place().containerName(), below(place().prefix(), name));
      return new Container(
          new StorageAccess.Blob(
              folder, access.tenantId(), access.clientId(), access.clientSecret()));
    }

    @Override
    public JsonObject settings() {
      return ServiceClient.settings(access);
    }

    @Override
    public String kind() {
      return "container";
    }

    @Override
    public String removal() {
      return "az storage blob delete-batch --auth-mode login --account-name %s --source %s --pattern '%s/*'"
          .formatted(place().accountName(), place().containerName(), place().prefix());
    }
  }

  private static String below(String prefix, String name) {
    return prefix.isEmpty() ? name : prefix + "/" + name;
  }
}
