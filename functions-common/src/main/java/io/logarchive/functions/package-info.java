/** What the functions of every cloud do in the same way around the service that they serve. */
@NullMarked
package io.logarchive.functions;

import org.jspecify.annotations.NullMarked;
