@NullMarked
package io.logarchive.infra.aws;

import org.jspecify.annotations.NullMarked;
