package io.logarchive.restore;

/**
 * What a plan found in the archive.
 *
 * @param id names the plan's objects in the deployment's storage
 * @param slices how many there are
 * @param objects archive objects to read
 * @param storedBytes their stored size
 * @param lowerBytes raw bytes that are surely in the range
 * @param upperBytes raw bytes that may be in the range
 * @param skippedNames objects in the archive's folders whose names are not the archive's
 */
public record PlanSummary(
    String id,
    int slices,
    long objects,
    long storedBytes,
    long lowerBytes,
    long upperBytes,
    long skippedNames) {}
