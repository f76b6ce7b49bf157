package io.logarchive.archive;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A bucket and a prefix in it.
 *
 * @param prefix without slashes around it; empty for the bucket itself
 */
public record S3Location(String bucket, String prefix) {
  private static final int MAX_PREFIX_BYTES = 512;

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
    if (prefix.getBytes(StandardCharsets.UTF_8).length > MAX_PREFIX_BYTES) {
      throw new IllegalArgumentException(
          "may have a prefix of at most " + MAX_PREFIX_BYTES + " bytes");
    }
    if (!prefix.isEmpty()) {
      for (String segment : prefix.split("/", -1)) {
        if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
          throw new IllegalArgumentException("may not have an empty, \".\" or \"..\" segment");
        }
        if (segment.startsWith("dt=")) {
          throw new IllegalArgumentException(
              "may not have a segment that starts with \"dt=\": the archive's own folders do");
        }
      }
    }
    if (prefix.codePoints().anyMatch(S3Location::unfit)) {
      throw new IllegalArgumentException("may not have control characters or lone surrogates");
    }
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

  /** {@code s3://bucket} or {@code s3://bucket/prefix}. */
  public String uri() {
    return "s3://" + bucket + (prefix.isEmpty() ? "" : "/" + prefix);
  }

  /** The key of the claim that keeps the bucket for one account. */
  public String claimKey() {
    return "s3:aws:" + bucket;
  }

  private static boolean unfit(int codePoint) {
    return Character.isISOControl(codePoint)
        || (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE);
  }
}
