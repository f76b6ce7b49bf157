package io.logarchive.testkit;

import io.logarchive.archive.ArchiveStorage;

final class InMemoryArchiveStorageTest implements ArchiveStorageContract {
  private final InMemoryArchiveStorage.Bucket bucket = new InMemoryArchiveStorage.Bucket();

  @Override
  public ArchiveStorage storage(String prefix) {
    return new InMemoryArchiveStorage(bucket, prefix, PAGE_SIZE);
  }
}
