package io.logarchive.opensearch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.opensearch.Version;
import org.opensearch.common.settings.Settings;
import org.opensearch.env.Environment;
import org.opensearch.http.HttpServerTransport;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.node.NodeValidationException;
import org.opensearch.plugins.PluginInfo;
import org.opensearch.transport.Netty4ModulePlugin;

/**
 * An OpenSearch node on loopback, one for all tests of a run; tests tell their data apart by fresh
 * uids. A test class that takes an {@link OpenSearchConfig} gets the node's.
 */
final class OpenSearchNode implements ParameterResolver {

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == OpenSearchConfig.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getRoot()
        .getStore(Namespace.create(OpenSearchNode.class))
        .getOrComputeIfAbsent(Running.class, type -> Running.start(), Running.class)
        .config();
  }

  /** Ends with the run of the tests. */
  private record Running(EmbeddedNode node, Path directory) implements AutoCloseable {

    static Running start() {
      try {
        Path directory = Files.createTempDirectory("logarchive-opensearch");
        String loopback = InetAddress.getLoopbackAddress().getHostAddress();
        Settings settings =
            Settings.builder()
                .put("cluster.name", "tests")
                .put("node.name", "tests")
                .put("path.home", directory.toString())
                .put("discovery.type", "single-node")
                .put("network.host", loopback)
                .put("http.port", 0)
                .put("transport.port", 0)
                .put("cluster.routing.allocation.disk.threshold_enabled", false)
                .put("indices.breaker.total.use_real_memory", false)
                .build();
        Path config = Files.createDirectory(directory.resolve("config"));
        EmbeddedNode node =
            new EmbeddedNode(
                InternalSettingsPreparer.prepareEnvironment(
                    settings, Map.of(), config, () -> "tests"));
        node.start();
        return new Running(node, directory);
      } catch (IOException | NodeValidationException e) {
        throw new IllegalStateException("OpenSearch does not start", e);
      }
    }

    OpenSearchConfig config() {
      int port =
          node.injector()
              .getInstance(HttpServerTransport.class)
              .boundAddress()
              .publishAddress()
              .address()
              .getPort();
      return new OpenSearchConfig(URI.create("http://127.0.0.1:" + port), null, 0, "test");
    }

    @Override
    public void close() throws IOException {
      node.close();
      try {
        node.awaitClose(10, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      try (Stream<Path> files = Files.walk(directory)) {
        files.sorted(Comparator.reverseOrder()).forEach(Running::delete);
      }
    }

    private static void delete(Path file) {
      try {
        Files.delete(file);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Its network layer is a plug-in, which a node finds only if it is told. */
  private static final class EmbeddedNode extends Node {

    EmbeddedNode(Environment environment) {
      super(
          environment,
          List.of(
              new PluginInfo(
                  "transport-netty4",
                  "from the class path",
                  "NA",
                  Version.CURRENT,
                  Integer.toString(Runtime.version().feature()),
                  Netty4ModulePlugin.class.getName(),
                  null,
                  List.of(),
                  false)),
          true);
    }
  }
}
