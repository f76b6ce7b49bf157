package io.logarchive.testkit;

import io.logarchive.archive.ArchiveStorage;
import io.logarchive.archive.Content;
import io.logarchive.archive.ObjectInfo;
import io.logarchive.archive.Page;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Writes down every call before it goes through. */
public final class RecordingArchiveStorage implements ArchiveStorage {

  /** What was called. */
  public enum Operation {
    PUT_IF_ABSENT,
    PUT,
    GET,
    LIST,
    HEAD
  }

  /**
   * One call.
   *
   * @param key the object's key, or the listing's prefix
   */
  public record Call(Operation operation, String key) {}

  private final ArchiveStorage storage;
  private final List<Call> calls = new CopyOnWriteArrayList<>();

  public RecordingArchiveStorage(ArchiveStorage storage) {
    this.storage = storage;
  }

  /** All calls so far, in order. */
  public List<Call> calls() {
    return List.copyOf(calls);
  }

  /** The keys, or prefixes, of all calls of one operation so far, in order. */
  public List<String> keys(Operation operation) {
    return calls.stream().filter(call -> call.operation() == operation).map(Call::key).toList();
  }

  @Override
  public boolean putIfAbsent(String key, Content content) {
    calls.add(new Call(Operation.PUT_IF_ABSENT, key));
    return storage.putIfAbsent(key, content);
  }

  @Override
  public void put(String key, Content content) {
    calls.add(new Call(Operation.PUT, key));
    storage.put(key, content);
  }

  @Override
  public byte[] get(String key, long from, int most) {
    calls.add(new Call(Operation.GET, key));
    return storage.get(key, from, most);
  }

  @Override
  public Page list(String prefix, @Nullable String pageToken) {
    calls.add(new Call(Operation.LIST, prefix));
    return storage.list(prefix, pageToken);
  }

  @Override
  public Optional<ObjectInfo> head(String key) {
    calls.add(new Call(Operation.HEAD, key));
    return storage.head(key);
  }
}
