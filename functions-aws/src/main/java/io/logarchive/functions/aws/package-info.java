/** What Lambda calls: translation only. */
@NullMarked
package io.logarchive.functions.aws;

import org.jspecify.annotations.NullMarked;
