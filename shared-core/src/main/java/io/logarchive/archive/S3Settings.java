package io.logarchive.archive;

import io.logarchive.account.Secret;
import java.util.function.Function;

/**
 * A bucket as an account's archive.
 *
 * @param path as it was sent, to be given back the same
 */
public record S3Settings(
    String path, S3Location location, S3Credentials credentials, S3Options options)
    implements StorageSettings {

  @Override
  public StorageAccess access(int accountId, Function<SealedSecret, Secret> opener) {
    StorageAccess.S3Login login =
        switch (credentials) {
          case S3Credentials.Keys keys ->
              new StorageAccess.S3Login.Keys(keys.accessKey(), opener.apply(keys.secretKey()));
          case S3Credentials.Role role ->
              new StorageAccess.S3Login.Role(role.arn(), role.externalId(), accountId);
        };
    return new StorageAccess.S3(location, login, options);
  }
}
