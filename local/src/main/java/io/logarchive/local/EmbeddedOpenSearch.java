package io.logarchive.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.opensearch.Version;
import org.opensearch.cluster.service.ClusterService;
import org.opensearch.common.settings.Settings;
import org.opensearch.env.Environment;
import org.opensearch.http.HttpServerTransport;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.node.NodeValidationException;
import org.opensearch.plugins.PluginInfo;
import org.opensearch.transport.Netty4ModulePlugin;

/** A cluster of one OpenSearch node. */
public final class EmbeddedOpenSearch implements AutoCloseable {
  private static final String NAME = "logarchive-local";

  private final EmbeddedNode node;
  private final URI endpoint;

  private EmbeddedOpenSearch(EmbeddedNode node, URI endpoint) {
    this.node = node;
    this.endpoint = endpoint;
  }

  public static EmbeddedOpenSearch start(Path directory) throws IOException {
    String loopback = InetAddress.getLoopbackAddress().getHostAddress();
    Settings settings =
        Settings.builder()
            .put("cluster.name", NAME)
            .put("node.name", NAME)
            .put("path.home", directory.toString())
            .put("discovery.type", "single-node")
            .put("network.host", loopback)
            .put("http.port", 0)
            .put("transport.port", 0)
            // On a disk that is 95 % full it would make every index read-only. Here that says
            // nothing
            // about the space a trial needs, and a write that finds no space still fails by itself.
            .put("cluster.routing.allocation.disk.threshold_enabled", false)
            // The heap is not OpenSearch's own: what others use of it must not trip its breaker.
            .put("indices.breaker.total.use_real_memory", false)
            .build();
    Path config = Files.createDirectories(directory.resolve("config"));
    Environment environment =
        InternalSettingsPreparer.prepareEnvironment(settings, Map.of(), config, () -> NAME);
    EmbeddedNode node = new EmbeddedNode(environment);
    try {
      node.start();
    } catch (NodeValidationException e) {
      node.close();
      throw new IOException("OpenSearch does not start in " + directory, e);
    }
    InetSocketAddress address =
        node.injector()
            .getInstance(HttpServerTransport.class)
            .boundAddress()
            .publishAddress()
            .address();
    return new EmbeddedOpenSearch(node, URI.create("http://" + loopback + ":" + address.getPort()));
  }

  public URI endpoint() {
    return endpoint;
  }

  @Override
  public void close() throws IOException {
    node.close();
    try {
      if (!node.awaitClose(10, TimeUnit.SECONDS)) {
        throw new IOException("OpenSearch is still busy 10 seconds after it was told to stop");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A node with the network layer, which is a plug-in that a node alone looks for in a folder. */
  private static final class EmbeddedNode extends Node {

    EmbeddedNode(Environment environment) {
      super(environment, List.of(plugin(Netty4ModulePlugin.class)), true);
    }

    /**
     * It would name the node in the process's log lines, and a process may start only one that
     * does.
     */
    @Override
    protected void configureNodeAndClusterIdStateListener(ClusterService clusterService) {}

    private static PluginInfo plugin(Class<?> type) {
      return new PluginInfo(
          type.getSimpleName(),
          "from the class path",
          "NA",
          Version.CURRENT,
          Integer.toString(Runtime.version().feature()),
          type.getName(),
          null,
          List.of(),
          false);
    }
  }
}
