package io.logarchive.audit;

import io.logarchive.audit.AuditEntry.Action;
import io.logarchive.audit.AuditEntry.Actor;
import io.logarchive.http.LogContext;
import io.logarchive.json.JsonObject;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Makes the entries of changes that are asked for now, by the request at hand if there is one. The
 * store that makes the change takes the entry with it.
 */
public final class AuditTrail {
  private final RandomGenerator random;
  private final InstantSource clock;

  public AuditTrail(RandomGenerator random, InstantSource clock) {
    this.random = random;
    this.clock = clock;
  }

  /**
   * An entry, which nothing keeps yet.
   *
   * @param before as {@link AuditEntry#before}: without any secret
   * @param after as {@link AuditEntry#after}: without any secret
   */
  public AuditEntry entry(
      Actor by,
      int accountId,
      Action action,
      int subjectId,
      @Nullable JsonObject before,
      @Nullable JsonObject after) {
    return new AuditEntry(
        clock.instant(),
        HexFormat.of().toHexDigits(random.nextLong()),
        by,
        accountId,
        action,
        subjectId,
        before,
        after,
        LogContext.requestId());
  }
}
