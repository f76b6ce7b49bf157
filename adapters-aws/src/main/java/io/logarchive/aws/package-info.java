/** The ports on AWS: S3 and DynamoDB. */
@NullMarked
package io.logarchive.aws;

import org.jspecify.annotations.NullMarked;
