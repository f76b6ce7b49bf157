/**
 * Azure's storage on this machine, and the token endpoint that opens it: what the local run and
 * tests stand on where a deployment stands on Azure itself.
 */
@NullMarked
package io.logarchive.azurite;

import org.jspecify.annotations.NullMarked;
