package io.logarchive.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandler;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBRequestHandler;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBServerHandler;

/** DynamoDB Local with one database file, the same for every region and access key. */
final class EmbeddedDynamoDb implements AutoCloseable {
  private final Server server;
  private final LocalDynamoDBServerHandler dynamoDb;
  private final URI endpoint;

  private EmbeddedDynamoDb(Server server, LocalDynamoDBServerHandler dynamoDb, URI endpoint) {
    this.server = server;
    this.dynamoDb = dynamoDb;
    this.endpoint = endpoint;
  }

  static EmbeddedDynamoDb start(Path directory) throws IOException {
    boolean inMemory = false;
    boolean shared = true;
    boolean slowTables = false;
    String corsOrigins = null;
    LocalDynamoDBServerHandler dynamoDb =
        new LocalDynamoDBServerHandler(
            new LocalDynamoDBRequestHandler(0, inMemory, directory.toString(), shared, slowTables),
            corsOrigins);
    // Its own server class listens on every interface and starts the telemetry.
    Server server = new Server();
    ServerConnector connector = new ServerConnector(server);
    connector.setHost(InetAddress.getLoopbackAddress().getHostAddress());
    server.addConnector(connector);
    server.setHandler(new ContextHandler(dynamoDb, "/"));
    try {
      server.start();
    } catch (Exception e) {
      dynamoDb.close();
      throw new IOException("DynamoDB Local does not start in " + directory, e);
    }
    URI endpoint = URI.create("http://" + connector.getHost() + ":" + connector.getLocalPort());
    return new EmbeddedDynamoDb(server, dynamoDb, endpoint);
  }

  URI endpoint() {
    return endpoint;
  }

  @Override
  public void close() throws IOException {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IOException("DynamoDB Local does not stop", e);
    } finally {
      dynamoDb.close();
    }
  }
}
