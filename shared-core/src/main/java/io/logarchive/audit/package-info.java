/**
 * Who changed what, and when: kept with every change of settings, accounts, tokens and restores.
 */
@NullMarked
package io.logarchive.audit;

import org.jspecify.annotations.NullMarked;
