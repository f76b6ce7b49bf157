package io.logarchive.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class S3LocationTest {

  @ParameterizedTest
  @CsvSource({
    "my-bucket, my-bucket, ''",
    "my-bucket/, my-bucket, ''",
    "s3://my-bucket, my-bucket, ''",
    "s3://my-bucket/logs/prod/, my-bucket, logs/prod",
    "my.bucket.1/a b/ü, my.bucket.1, a b/ü",
  })
  void aBucketWithOrWithoutAPrefixIsRead(String path, String bucket, String prefix) {
    assertThat(S3Location.parse(path)).isEqualTo(new S3Location(bucket, prefix));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ab",
        "My-Bucket",
        "my_bucket",
        "my..bucket",
        "-bucket",
        "192.168.1.1",
        "xn--bucket",
        "sthree-bucket",
        "bucket-s3alias",
        "bucket--ol-s3",
        "bucket--x-s3",
        "arn:aws:s3:::bucket",
        "https://bucket",
        "bucket//a",
        "bucket/a//b",
        "bucket/a//",
        "bucket/./a",
        "bucket/a/..",
        "bucket/dt=20261122",
        "bucket/a/dt=1/b",
        "bucket/a\nb",
        "bucket/\ud800",
      })
  void everythingElseIsRefused(String path) {
    assertThatThrownBy(() -> S3Location.parse(path)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aPrefixHasAtMost512Bytes() {
    assertThat(S3Location.parse("bucket/" + "ü".repeat(256)).prefix()).hasSize(256);
    assertThatThrownBy(() -> S3Location.parse("bucket/" + "ü".repeat(256) + "a"))
        .hasMessageContaining("512 bytes");
  }

  @Test
  void aBucketHasAtMost63Characters() {
    assertThat(S3Location.parse("b".repeat(63)).bucket()).hasSize(63);
    assertThatThrownBy(() -> S3Location.parse("b".repeat(64)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
