/**
 * What the deployment's administrator does: makes accounts, and removes them with all they hold.
 */
@NullMarked
package io.logarchive.admin;

import org.jspecify.annotations.NullMarked;
