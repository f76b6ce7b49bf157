@NullMarked
package io.logarchive.opensearch;

import org.jspecify.annotations.NullMarked;
