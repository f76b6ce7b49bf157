/** Ingestion: what shippers send, on its way into the archive. */
@NullMarked
package io.logarchive.ingest;

import org.jspecify.annotations.NullMarked;
