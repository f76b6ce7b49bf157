package io.logarchive.stored;

import io.logarchive.archive.BucketClaim;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The claim on a bucket or container as it is stored. */
public final class StoredClaim {
  private StoredClaim() {}

  public static Stored of(BucketClaim claim) {
    return Stored.empty()
        .text("key", claim.key())
        .list(
            "holders",
            List.copyOf(claim.holders().entrySet()),
            holder ->
                Stored.empty()
                    .text("prefix", holder.getKey())
                    .number("accountId", holder.getValue()))
        .number("version", claim.version());
  }

  public static BucketClaim read(Stored stored) {
    Map<String, Integer> holders =
        stored.list("holders", holder -> holder).stream()
            .collect(
                Collectors.toMap(
                    holder -> holder.text("prefix"), holder -> holder.integer("accountId")));
    return new BucketClaim(stored.text("key"), holders, stored.number("version"));
  }
}
