package io.logarchive.archive;

import java.time.Instant;

/**
 * A place into which an account archived before: restores still read it.
 *
 * @param from when archiving into it began
 * @param to when it ended
 */
public record EarlierLocation(StorageSettings storage, Instant from, Instant to) {}
