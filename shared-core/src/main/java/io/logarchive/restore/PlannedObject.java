package io.logarchive.restore;

import io.logarchive.format.ObjectName;

/**
 * An archive object that a slice reads.
 *
 * @param place where it lies, as {@link RestoreArchive} names it
 * @param storedBytes its size as listed
 */
record PlannedObject(String place, ObjectName name, long storedBytes) {}
