/** The ports on Azure's services. */
@NullMarked
package io.logarchive.azure;

import org.jspecify.annotations.NullMarked;
