/** Contracts that every adapter passes, and adapters in memory that pass them too. */
@NullMarked
package io.logarchive.testkit;

import org.jspecify.annotations.NullMarked;
