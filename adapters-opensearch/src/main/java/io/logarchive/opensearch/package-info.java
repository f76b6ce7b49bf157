/** Restored accounts on OpenSearch. */
@NullMarked
package io.logarchive.opensearch;

import org.jspecify.annotations.NullMarked;
