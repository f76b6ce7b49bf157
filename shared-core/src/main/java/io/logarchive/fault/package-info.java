/** What the services behind the ports do wrong. */
@NullMarked
package io.logarchive.fault;

import org.jspecify.annotations.NullMarked;
