/** Searching restored accounts, by an allow-list. */
@NullMarked
package io.logarchive.search;

import org.jspecify.annotations.NullMarked;
