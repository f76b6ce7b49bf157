package io.logarchive.aws;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Where the services are; null for AWS's own.
 *
 * @param s3 the address of every storage; its buckets are then part of the path, not of the host
 *     name
 */
public record AwsEndpoints(
    @Nullable URI s3,
    @Nullable URI dynamoDb,
    @Nullable URI stepFunctions,
    @Nullable URI kms,
    @Nullable URI secretsManager,
    @Nullable URI sts) {

  /** All at one address. */
  public static AwsEndpoints at(URI all) {
    return new AwsEndpoints(all, all, all, all, all, all);
  }
}
