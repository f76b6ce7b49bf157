package io.logarchive.restore;

import io.logarchive.format.ObjectName;

/**
 * An archive object that a slice reads.
 *
 * @param storedBytes its size as listed
 */
record PlannedObject(ObjectName name, long storedBytes) {}
