/** The whole service on one machine, for trying, developing and testing. */
@NullMarked
package io.logarchive.local;

import org.jspecify.annotations.NullMarked;
