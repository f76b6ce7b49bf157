/** What a deployment counts of its own work, for those who run it. */
@NullMarked
package io.logarchive.metrics;

import org.jspecify.annotations.NullMarked;
