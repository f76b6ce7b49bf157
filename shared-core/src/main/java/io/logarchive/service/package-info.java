/** The service put together: its use cases over the adapters of a deployment, and its limits. */
@NullMarked
package io.logarchive.service;

import org.jspecify.annotations.NullMarked;
