package io.logarchive.archive;

import java.util.List;
import java.util.regex.Pattern;

/**
 * A bucket and a prefix in it.
 *
 * @param prefix without slashes around it; empty for the bucket itself
 */
public record S3Location(String bucket, String prefix) implements StorageLocation {
  /** S3's rule for general purpose buckets. */
  private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");

  private static final Pattern ADDRESS = Pattern.compile("\\d+\\.\\d+\\.\\d+\\.\\d+");
  private static final List<String> RESERVED_STARTS = List.of("xn--", "sthree-", "amzn-s3-demo-");
  private static final List<String> RESERVED_ENDS =
      List.of("-s3alias", "--ol-s3", "--x-s3", "--table-s3", ".mrap");

  /**
   * Checks both parts.
   *
   * @throws IllegalArgumentException naming the rule that is broken
   */
  public S3Location {
    if (!BUCKET.matcher(bucket).matches()
        || bucket.contains("..")
        || ADDRESS.matcher(bucket).matches()
        || RESERVED_STARTS.stream().anyMatch(bucket::startsWith)
        || RESERVED_ENDS.stream().anyMatch(bucket::endsWith)) {
      throw new IllegalArgumentException(
          "must start with the name of a general purpose bucket (3 to 63 lower-case letters, digits, dots and"
              + " hyphens; no ARN, access point or directory bucket), as in \"bucket\" or \"bucket/prefix\"");
    }
    Prefix.check(prefix);
  }

  /**
   * Reads {@code bucket} or {@code bucket/prefix}; a leading {@code s3://} and one trailing slash
   * are allowed.
   *
   * @throws IllegalArgumentException naming the rule that is broken
   */
  public static S3Location parse(String path) {
    String rest = path.startsWith("s3://") ? path.substring("s3://".length()) : path;
    if (rest.endsWith("/")) {
      rest = rest.substring(0, rest.length() - 1);
    }
    int slash = rest.indexOf('/');
    return slash < 0
        ? new S3Location(rest, "")
        : new S3Location(rest.substring(0, slash), rest.substring(slash + 1));
  }

  @Override
  public String container() {
    return bucket;
  }

  /** {@code s3://bucket} or {@code s3://bucket/prefix}. */
  @Override
  public String uri() {
    return "s3://" + bucket + (prefix.isEmpty() ? "" : "/" + prefix);
  }

  @Override
  public String claimKey() {
    return "s3:aws:" + bucket;
  }
}
