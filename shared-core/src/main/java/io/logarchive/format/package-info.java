/**
 * The archive format, version 1: object names, blocks of compressed lines, event times. Everything
 * here works on bytes; nothing knows where objects are stored.
 */
@NullMarked
package io.logarchive.format;

import org.jspecify.annotations.NullMarked;
