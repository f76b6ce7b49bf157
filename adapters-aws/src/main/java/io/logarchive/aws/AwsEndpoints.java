package io.logarchive.aws;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Where the services are, if not at AWS.
 *
 * @param s3 the address of every storage; its buckets are then part of the path, not of the host
 *     name; null for AWS's own
 * @param dynamoDb null for AWS's own
 * @param stepFunctions null for AWS's own
 */
public record AwsEndpoints(@Nullable URI s3, @Nullable URI dynamoDb, @Nullable URI stepFunctions) {

  /** AWS itself. */
  public static final AwsEndpoints AWS = new AwsEndpoints(null, null, null);
}
