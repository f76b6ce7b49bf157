package io.logarchive.local;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the service stands on here, all of it in this JVM: DynamoDB Local, S3 and OpenSearch.
 *
 * @param maybeDynamoDb null for a service that keeps its records elsewhere
 */
record Engines(
    @Nullable EmbeddedDynamoDb maybeDynamoDb, EmbeddedS3 s3, EmbeddedOpenSearch openSearch)
    implements AutoCloseable {
  static final String DYNAMODB_FOLDER = "dynamodb";

  // Made before any engine starts: they would race to set up the logging.
  private static final Logger LOG = LoggerFactory.getLogger(Engines.class);

  /** Starts those of AWS beside one another. */
  static Engines start(Path directory, AccessKey s3Key) throws IOException {
    return start(Cloud.AWS, directory, s3Key);
  }

  EmbeddedDynamoDb dynamoDb() {
    if (maybeDynamoDb == null) {
      throw new IllegalStateException("DynamoDB was not started");
    }
    return maybeDynamoDb;
  }

  @Nullable URI dynamoDbEndpoint() {
    return maybeDynamoDb == null ? null : maybeDynamoDb.endpoint();
  }

  /**
   * Starts those that a cloud's functions need, beside one another. What an earlier run left in the
   * directory is found again.
   */
  static Engines start(Cloud cloud, Path directory, AccessKey s3Key) throws IOException {
    Path s3Directory = Files.createDirectories(directory.resolve("s3"));
    Path openSearchDirectory = Files.createDirectories(directory.resolve("opensearch"));
    Future<EmbeddedOpenSearch> openSearch;
    @Nullable Future<EmbeddedDynamoDb> dynamoDb;
    Future<EmbeddedS3> s3;
    try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
      openSearch = threads.submit(timed(() -> EmbeddedOpenSearch.start(openSearchDirectory)));
      dynamoDb =
          switch (cloud) {
            case AWS -> {
              Path folder = Files.createDirectories(directory.resolve(DYNAMODB_FOLDER));
              yield threads.submit(timed(() -> EmbeddedDynamoDb.start(folder)));
            }
            case AZURE -> null;
          };
      s3 = threads.submit(timed(() -> EmbeddedS3.start(s3Directory, s3Key)));
    }
    List<Future<? extends AutoCloseable>> all =
        dynamoDb == null ? List.of(s3, openSearch) : List.of(dynamoDb, s3, openSearch);
    IOException failure = null;
    for (Future<?> engine : all) {
      if (engine.state() == Future.State.FAILED) {
        Throwable cause = engine.exceptionNow();
        failure = suppress(failure, new IOException(cause.getMessage(), cause));
      }
    }
    if (failure == null) {
      return new Engines(
          dynamoDb == null ? null : dynamoDb.resultNow(), s3.resultNow(), openSearch.resultNow());
    }
    for (Future<? extends AutoCloseable> engine : all) {
      if (engine.state() == Future.State.SUCCESS) {
        try {
          engine.resultNow().close();
        } catch (Exception e) {
          failure.addSuppressed(e);
        }
      }
    }
    throw failure;
  }

  private static <T> Callable<T> timed(Callable<T> start) {
    return () -> {
      long begun = System.nanoTime();
      T engine = start.call();
      LOG.atInfo()
          .addKeyValue("engine", engine.getClass().getSimpleName())
          .addKeyValue("millis", (System.nanoTime() - begun) / 1_000_000)
          .log("engine up");
      return engine;
    };
  }

  private static IOException suppress(@Nullable IOException first, IOException next) {
    if (first == null) {
      return next;
    }
    first.addSuppressed(next);
    return first;
  }

  @Override
  public void close() throws IOException {
    try (maybeDynamoDb;
        s3;
        openSearch) {
      // Each is closed, whatever the others do.
    }
  }
}
