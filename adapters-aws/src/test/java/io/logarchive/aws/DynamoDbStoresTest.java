package io.logarchive.aws;

import io.logarchive.account.AccountStore;
import io.logarchive.archive.ArchiveSettingsStore;
import io.logarchive.restore.RestoreStore;
import io.logarchive.testkit.AccountStoreContract;
import io.logarchive.testkit.ArchiveSettingsStoreContract;
import io.logarchive.testkit.DeploymentStores;
import io.logarchive.testkit.RestoreStoreContract;
import java.net.URI;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBRequestHandler;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBServerHandler;

/** The stores on DynamoDB Local, all in one table. */
class DynamoDbStoresTest {
  private static @Nullable Server server;
  private static @Nullable LocalDynamoDBServerHandler dynamoDb;
  private static @Nullable DynamoDbTable table;

  /** DynamoDB Local's own server class listens on every interface, so this is another. */
  @BeforeAll
  static void start() throws Exception {
    boolean inMemory = true;
    dynamoDb =
        new LocalDynamoDBServerHandler(
            new LocalDynamoDBRequestHandler(0, inMemory, null, true, false), null);
    server = new Server();
    ServerConnector connector = new ServerConnector(server);
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    server.setHandler(new ContextHandler(dynamoDb, "/"));
    server.start();
    AwsClients clients =
        new AwsClients(
            "eu-central-1",
            StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")),
            new AwsEndpoints(
                null, URI.create("http://127.0.0.1:" + connector.getLocalPort()), null));
    table = new DynamoDbTable(clients, "logarchive");
    table.create();
    table.create();
  }

  @AfterAll
  static void stop() throws Exception {
    if (server != null && dynamoDb != null) {
      server.stop();
      dynamoDb.close();
    }
  }

  @Nested
  class Accounts extends Stores implements AccountStoreContract {}

  @Nested
  class Settings extends Stores implements ArchiveSettingsStoreContract {}

  @Nested
  class Restores extends Stores implements RestoreStoreContract {}

  private abstract static class Stores implements DeploymentStores {
    @Override
    public AccountStore accountStore() {
      return new DynamoDbAccountStore(table());
    }

    @Override
    public ArchiveSettingsStore archiveSettingsStore() {
      return new DynamoDbArchiveSettingsStore(table());
    }

    @Override
    public RestoreStore restoreStore() {
      return new DynamoDbRestoreStore(table(), RestoreStoreContract.PAGE_SIZE);
    }
  }

  private static DynamoDbTable table() {
    if (table == null) {
      throw new IllegalStateException("DynamoDB Local is not up");
    }
    return table;
  }
}
