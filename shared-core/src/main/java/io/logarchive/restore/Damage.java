package io.logarchive.restore;

/**
 * A part of the archive that could not be read.
 *
 * @param object the object's key within the archive
 * @param offset where in it, in stored bytes
 */
public record Damage(String object, long offset, String reason) {}
