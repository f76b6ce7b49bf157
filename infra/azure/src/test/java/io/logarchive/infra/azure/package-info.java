@NullMarked
package io.logarchive.infra.azure;

import org.jspecify.annotations.NullMarked;
