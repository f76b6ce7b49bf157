package io.logarchive.archive;

import io.logarchive.format.Compression;

/**
 * Archive settings as a request asks for them.
 *
 * @param takeOver whether another's ownership proof in the storage may be replaced
 */
public record ArchiveSettingsRequest(
    StorageRequest storage, boolean enabled, Compression compression, boolean takeOver) {

  ConnectionTest.Claiming claiming() {
    return takeOver
        ? ConnectionTest.Claiming.WHAT_IS_ANOTHERS
        : ConnectionTest.Claiming.WHAT_IS_FREE;
  }
}
