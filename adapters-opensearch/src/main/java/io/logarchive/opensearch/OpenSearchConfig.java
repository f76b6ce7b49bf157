package io.logarchive.opensearch;

import io.logarchive.account.Secret;
import java.net.URI;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where OpenSearch is, and how it is spoken with.
 *
 * @param endpoint such as {@code https://search.example.com}, without a path
 * @param login gives the login as it is now: asked at the first call, and again when the engine no
 *     longer takes what it gave; may throw {@link io.logarchive.fault.ServiceException}s. Null for
 *     an engine that asks for none
 * @param replicas copies of each restored account, made when it is filled; 0 on a single node
 * @param deploymentId whose restored accounts these are, among others' on the same cluster
 */
public record OpenSearchConfig(
    URI endpoint, @Nullable Supplier<Login> login, int replicas, String deploymentId) {

  /** A user by name and password, sent with every request. */
  public record Login(String user, Secret password) {}

  public OpenSearchConfig {
    String scheme = endpoint.getScheme();
    if (endpoint.getHost() == null || !("http".equals(scheme) || "https".equals(scheme))) {
      throw new IllegalArgumentException("Not an http or https address: " + endpoint);
    }
    if (replicas < 0) {
      throw new IllegalArgumentException("There cannot be fewer than 0 replicas: " + replicas);
    }
  }
}
