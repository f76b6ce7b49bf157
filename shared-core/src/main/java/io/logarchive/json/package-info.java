/** JSON as the API and the stores speak it: missing and null properties are refused here. */
@NullMarked
package io.logarchive.json;

import org.jspecify.annotations.NullMarked;
