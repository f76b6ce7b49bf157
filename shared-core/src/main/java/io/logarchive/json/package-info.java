/** JSON as values: read with limits, written without surprises. */
@NullMarked
package io.logarchive.json;

import org.jspecify.annotations.NullMarked;
