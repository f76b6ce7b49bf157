/** How much one token or account may ask for in a time. */
@NullMarked
package io.logarchive.limit;

import org.jspecify.annotations.NullMarked;
