package io.logarchive.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logarchive.account.Secret;
import io.logarchive.format.Compression;
import io.logarchive.json.Fields;
import io.logarchive.json.InvalidFieldException;
import io.logarchive.json.Json;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArchiveSettingsDecoderTest {
  private static final String KEYS =
      "{'credentialsType':'KEYS','path':'logs/p','s3SecretCredentials':{'accessKey':'AKIA','secretKey':'s'}}";
  private static final String ROLE =
      "{'credentialsType':'IAM','path':'logs','s3IamCredentials':{'arn':'arn:aws:iam::123456789012:role/a/logs'}}";
  private static final String BLOB =
      "{'tenantId':'00000000-0000-0000-0000-00000000000a','clientId':'00000000-0000-0000-0000-00000000000B',"
          + "'clientSecret':'s','accountName':'logs1','containerName':'my-logs','path':'/p/'}";

  @Test
  void whatIsLeftOutHasTheDefaults() {
    ArchiveSettingsRequest request =
        decode("{'storageType':'S3','amazonS3StorageSettings':" + KEYS + "}");
    assertThat(request)
        .isEqualTo(
            new ArchiveSettingsRequest(
                new StorageRequest.S3(
                    "logs/p",
                    new S3Location("logs", "p"),
                    new StorageRequest.S3Login.Keys("AKIA", new Secret("s")),
                    null,
                    null),
                true,
                Compression.ZSTD,
                false));
  }

  @Test
  void allThatMayBeSaidIsRead() {
    ArchiveSettingsRequest request =
        decode(
            "{'storageType':'S3','enabled':false,'compressed':true,'compression':'gzip','takeOver':true,"
                + "'storageClass':'GLACIER_IR','kmsKeyId':'arn:aws:kms:eu-central-1:123456789012:key/k-1',"
                + "'unknown':[1],'azureBlobStorageSettings':null,'amazonS3StorageSettings':"
                + ROLE
                + "}");
    assertThat(request)
        .isEqualTo(
            new ArchiveSettingsRequest(
                new StorageRequest.S3(
                    "logs",
                    new S3Location("logs", ""),
                    new StorageRequest.S3Login.Role("arn:aws:iam::123456789012:role/a/logs", null),
                    "GLACIER_IR",
                    "arn:aws:kms:eu-central-1:123456789012:key/k-1"),
                false,
                Compression.GZIP,
                true));
  }

  @Test
  void aContainerIsReadWithItsPathAsSent() {
    assertThat(
            decode(
                    "{'storageType':'BLOB','amazonS3StorageSettings':null,'azureBlobStorageSettings':"
                        + BLOB
                        + "}")
                .storage())
        .isEqualTo(
            new StorageRequest.Blob(
                "/p/",
                new BlobLocation("logs1", "my-logs", "p"),
                "00000000-0000-0000-0000-00000000000a",
                "00000000-0000-0000-0000-00000000000B",
                new Secret("s")));
  }

  @Test
  void uncompressedIsSaidByTheVendorsClientsWithoutACompression() {
    assertThat(
            decode("{'storageType':'S3','compressed':false,'amazonS3StorageSettings':" + KEYS + "}")
                .compression())
        .isEqualTo(Compression.NONE);
  }

  @Test
  void aSecretThatIsLeftOutNullOrEmptyIsNone() {
    for (String secret : new String[] {"", ",'secretKey':null", ",'secretKey':''"}) {
      String keys =
          "{'credentialsType':'KEYS','path':'logs','s3SecretCredentials':{'accessKey':'A'"
              + secret
              + "}}";
      StorageRequest.S3 s3 =
          (StorageRequest.S3)
              decode("{'storageType':'S3','amazonS3StorageSettings':" + keys + "}").storage();
      assertThat(s3.login()).isEqualTo(new StorageRequest.S3Login.Keys("A", null));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\u0001',
      value = {
        "'arn':'arn:aws:iam::123456789012:role/a/logs' | 'arn':'arn:aws:iam::12345678901:role/a' | s3IamCredentials.arn must be the ARN of a role",
        "'arn':'arn:aws:iam::123456789012:role/a/logs' | 'arn':'arn:aws:iam::123456789012:user/a' | s3IamCredentials.arn must be the ARN of a role",
        "'arn':'arn:aws:iam::123456789012:role/a/logs' | 'arn':'arn:aws:iam::123456789012:role/' | s3IamCredentials.arn must be the ARN of a role",
        "'arn':'arn:aws:iam::123456789012:role/a/logs' | 'arn':'arn:evil:iam::123456789012:role/a' | s3IamCredentials.arn must be the ARN of a role",
        "'arn':'arn:aws:iam::123456789012:role/a/logs' | 'arn':7 | s3IamCredentials.arn must be a string",
        "'arn':'arn:aws:iam::123456789012:role/a/logs' | 'externalId':'x' | s3IamCredentials.arn is required",
        "'path':'logs' | 'path':'logs/dt=1' | path may not have a segment that starts with",
        "'path':'logs' | 'path':'logs//c' | path may not have an empty",
        "'path':'logs' | 'path':'arn:aws:s3:::b' | path must start with the name of a general purpose bucket",
        "'path':'logs' | 'path':'http://b/c' | path must start with the name of a general purpose bucket",
        "'credentialsType':'IAM' | 'credentialsType':'iam' | credentialsType must be",
      })
  void aBadRoleIsRefusedByItsField(String good, String bad, String rule) {
    refused(
        "{'storageType':'S3','amazonS3StorageSettings':" + ROLE.replace(good, bad) + "}",
        "amazonS3StorageSettings.",
        rule);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\u0001',
      value = {
        "'accessKey':'AKIA' | 'accessKey':'AK IA' | accessKey must have",
        "'accessKey':'AKIA' | 'accessKey':'AK\\nIA' | accessKey must have",
        "'accessKey':'AKIA' | 'accessKey':'AKIÄ' | accessKey must have",
        "'accessKey':'AKIA' | 'x':1 | accessKey is required",
        "'secretKey':'s' | 'secretKey':'s\\u0000' | secretKey must have",
        "'secretKey':'s' | 'secretKey':{} | secretKey must be a string",
      })
  void aBadKeyIsRefusedByItsFieldWithoutItsValue(String good, String bad, String rule) {
    refused(
        "{'storageType':'S3','amazonS3StorageSettings':" + KEYS.replace(good, bad) + "}",
        "amazonS3StorageSettings.s3SecretCredentials.",
        rule);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\u0001',
      value = {
        "00000000-0000-0000-0000-00000000000a | 00000000-0000-0000-0000-00000000000 | tenantId must be a GUID",
        "00000000-0000-0000-0000-00000000000B | x | clientId must be a GUID",
        "'logs1' | 'Logs1' | accountName must have 3 to 24",
        "'logs1' | 'lo' | accountName must have 3 to 24",
        "'my-logs' | '$root' | containerName must have 3 to 63",
        "'my-logs' | '$logs' | containerName must have 3 to 63",
        "'my-logs' | 'my--logs' | containerName must have 3 to 63",
        "'my-logs' | '-logs' | containerName must have 3 to 63",
        "'my-logs' | 'logs-' | containerName must have 3 to 63",
        "'my-logs' | 'lo' | containerName must have 3 to 63",
        "'/p/' | '/p//q' | path may not have an empty",
        "'/p/' | '../q' | path may not have an empty",
      })
  void aBadContainerIsRefusedByItsField(String good, String bad, String rule) {
    refused(
        "{'storageType':'BLOB','azureBlobStorageSettings':" + BLOB.replace(good, bad) + "}",
        "azureBlobStorageSettings.",
        rule);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\u0001',
      value = {
        "'storageClass':'DEEP_ARCHIVE' | storageClass must be one of",
        "'storageClass':'standard' | storageClass must be one of",
        "'kmsKeyId':'my key' | kmsKeyId must be the id",
        "'kmsKeyId':'arn:aws:kms:eu-central-1:1:key/k' | kmsKeyId must be the id",
        "'compression':'lz4' | compression must be",
        "'compressed':false,'compression':'lz4' | compression must be",
        "'enabled':'yes' | enabled must be true or false",
        "'takeOver':1 | takeOver must be true or false",
      })
  void aBadOptionIsRefusedByItsField(String option, String rule) {
    refused("{'storageType':'S3'," + option + ",'amazonS3StorageSettings':" + KEYS + "}", "", rule);
  }

  @Test
  void optionsOfBucketsAreNoneOfContainers() {
    refused(
        "{'storageType':'BLOB','kmsKeyId':'k','azureBlobStorageSettings':" + BLOB + "}",
        "",
        "kmsKeyId is for storageType");
  }

  private static void refused(String body, String path, String rule) {
    assertThatThrownBy(() -> decode(body))
        .isInstanceOf(InvalidFieldException.class)
        .hasMessageStartingWith(path + rule);
  }

  private static ArchiveSettingsRequest decode(String body) {
    return ArchiveSettingsDecoder.settings(
        Fields.of(Json.object(body.replace('\'', '"').getBytes(StandardCharsets.UTF_8))));
  }
}
