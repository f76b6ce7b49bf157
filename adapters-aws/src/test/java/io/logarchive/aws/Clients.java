package io.logarchive.aws;

import java.net.URI;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** Clients of services at an address of the test's. */
final class Clients {
  static final String SECRET_KEY = "planted+secret/key0123456789abcdefghijkl";

  private Clients() {}

  static AwsClients at(URI endpoint) {
    return new AwsClients(
        "eu-central-1",
        StaticCredentialsProvider.create(AwsBasicCredentials.create("key", SECRET_KEY)),
        AwsEndpoints.at(endpoint));
  }
}
