package io.logarchive.archive;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where archived logs lie: one root (a bucket or container, and a prefix in it) to which all keys
 * are relative. Safe for concurrent use. Failures of the service behind it come out as {@link
 * io.logarchive.fault.ServiceException}s and as nothing else: {@code Denied} also for a missing
 * bucket, {@code OutcomeUnknown} only from writes.
 */
public interface ArchiveStorage {

  /**
   * Writes an object whole, unless the key exists: a reader sees all of it or none, and an object
   * that is there is never touched. Of several at once exactly one wins. A store that does not know
   * conditional writes gets a plain one, which is the same for objects whose names derive from
   * their content.
   *
   * @return true if this call wrote it; false if the key existed, which may also be the work of an
   *     earlier try of this very call whose reply was lost
   */
  boolean putIfAbsent(String key, Content content);

  /**
   * Writes an object whole, over whatever was there. Only for the connection test's probe, and for
   * an account's own proof that was damaged.
   */
  void put(String key, Content content);

  /**
   * Bytes of an object from {@code from} on.
   *
   * @param from offset of the first byte; at or behind the end gives no bytes
   * @param most how many bytes at the most, 1 or more; fewer come only where the object ends
   * @throws io.logarchive.fault.ServiceException.NotFound if there is no such object
   */
  byte[] get(String key, long from, int most);

  /**
   * One page of the objects whose keys start with {@code prefix}, in order of their UTF-8 bytes.
   *
   * @param pageToken {@link Page#next()} of the page before, or null for the first
   */
  Page list(String prefix, @Nullable String pageToken);

  /** What a listing would say of this object, if it exists. */
  Optional<ObjectInfo> head(String key);
}
