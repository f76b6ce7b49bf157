/** HTTP as both clouds see it: requests, replies, routes and errors, without any server. */
@NullMarked
package io.logarchive.http;

import org.jspecify.annotations.NullMarked;
