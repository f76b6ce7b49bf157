/** The ports on AWS: S3, DynamoDB, Step Functions, KMS; and what Secrets Manager keeps. */
@NullMarked
package io.logarchive.aws;

import org.jspecify.annotations.NullMarked;
