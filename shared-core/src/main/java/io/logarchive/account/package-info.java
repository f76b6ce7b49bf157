/** Accounts, their tokens, and who may do what. */
@NullMarked
package io.logarchive.account;

import org.jspecify.annotations.NullMarked;
