/** What the Azure Functions host calls: translation only. */
@NullMarked
package io.logarchive.functions.azure;

import org.jspecify.annotations.NullMarked;
