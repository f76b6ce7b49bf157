package io.logarchive.archive;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Who holds a bucket or container: one record for each, so that no two accounts can archive into
 * the same.
 *
 * @param key such as {@code s3:aws:my-bucket}
 * @param holders the accounts by the prefix that each holds
 * @param version counts the writes of this record from 1 on; a write states the next; 0 for one not
 *     yet written
 */
public record BucketClaim(String key, Map<String, Integer> holders, long version) {
  public BucketClaim {
    holders = Map.copyOf(holders);
  }

  public static BucketClaim none(String key) {
    return new BucketClaim(key, Map.of(), 0);
  }

  /**
   * Whether another account stands in the way of this one's taking the prefix.
   *
   * @param shared whether accounts may share it by prefixes; those clash if one lies within the
   *     other, by whole segments: {@code a} and {@code a/b} do, {@code a} and {@code ab} do not
   */
  public boolean clashes(int accountId, String prefix, boolean shared) {
    return holders.entrySet().stream()
        .filter(holder -> holder.getValue() != accountId)
        .anyMatch(holder -> !shared || Prefix.overlap(holder.getKey(), prefix));
  }

  /** The claim as it is written when the account takes the prefix. */
  public BucketClaim with(String prefix, int accountId) {
    Map<String, Integer> more = new LinkedHashMap<>(holders);
    more.put(prefix, accountId);
    return new BucketClaim(key, more, version + 1);
  }

  /** The claim as it is written when the account gives up all that it holds there. */
  public BucketClaim without(int accountId) {
    Map<String, Integer> fewer = new LinkedHashMap<>(holders);
    fewer.values().removeIf(holder -> holder == accountId);
    return new BucketClaim(key, fewer, version + 1);
  }
}
