/** Restores: a window of an archive, brought back into a temporary, searchable account. */
@NullMarked
package io.logarchive.restore;

import org.jspecify.annotations.NullMarked;
