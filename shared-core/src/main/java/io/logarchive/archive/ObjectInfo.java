package io.logarchive.archive;

/**
 * What a listing says of an object.
 *
 * @param key relative to the storage's root
 * @param size stored bytes
 * @param storageClass the service's own word for it, such as {@code STANDARD} or {@code GLACIER}
 * @param readable false while it lies in an archived tier and would have to be thawed first
 */
public record ObjectInfo(String key, long size, String storageClass, boolean readable) {}
