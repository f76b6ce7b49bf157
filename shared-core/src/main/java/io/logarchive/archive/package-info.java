/** An account's archive: where it lies, who owns it, how it is reached. */
@NullMarked
package io.logarchive.archive;

import org.jspecify.annotations.NullMarked;
