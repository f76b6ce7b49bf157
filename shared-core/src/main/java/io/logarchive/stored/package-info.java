/**
 * The domain's records as stores keep them: what a table of either cloud holds besides its keys.
 */
@NullMarked
package io.logarchive.stored;

import org.jspecify.annotations.NullMarked;
