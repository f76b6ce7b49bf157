package io.logarchive.local;

import io.logarchive.archive.StorageAccess;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows the whole way of a log once, and checks every number on it. */
@Command(
    name = "demo",
    description = {
      "Shows what Log Archive does, and checks every number.",
      "",
      "Sends logs, archives them, restores them into temporary accounts and searches",
      "those. Everything runs in this process and leaves nothing behind. Ends with 0 only if what",
      "was sent, archived, restored and found agrees."
    },
    mixinStandardHelpOptions = true)
final class Demo implements Callable<Integer> {
  private static final int MADE_UP = 200_000;
  private static final int STOPPED = 130;
  private static final long SEED = 20_261_122;
  private static final String CONTAINER = "demo-logs";

  private enum Storage {
    S3,
    BLOB
  }

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      arity = "0..1",
      paramLabel = "FILE",
      description =
          "Your own logs, one JSON object a line; plain, .gz or .zst. Default: made-up logs of a web shop")
  private @Nullable Path file;

  @Option(
      names = "--timestamp-field",
      paramLabel = "NAME",
      description = "The key in FILE that holds the event time. Default: @timestamp")
  private @Nullable String timestampField;

  @Option(
      names = "--storage",
      paramLabel = "s3|blob",
      description =
          "Where to archive: a bucket, or a container of Azurite, which needs Node. Default: s3")
  private Storage storage = Storage.S3;

  @Option(
      names = "--cloud",
      paramLabel = "aws|azure",
      description =
          "Whose functions run: those for AWS, or those for Azure, which need Node. Default: aws")
  private Cloud cloud = Cloud.AWS;

  @Override
  public Integer call() throws Exception {
    Path logs = file;
    if (logs == null && timestampField != null) {
      throw new ParameterException(spec.commandLine(), "--timestamp-field goes with FILE");
    }
    if (logs != null && !Files.isRegularFile(logs)) {
      throw new ParameterException(spec.commandLine(), "There is no file " + logs);
    }
    PrintWriter out = spec.commandLine().getOut();
    // The signal's scope is the widest: the process must not end before everything is removed.
    try (StopSignal stop = new StopSignal()) {
      stop.interruptWhenAsked(Thread.currentThread());
      Path directory = Files.createTempDirectory("logarchive-demo-");
      try {
        return run(directory, out) ? 0 : 1;
      } catch (InterruptedException e) {
        out.println("Stopped before its end.");
        out.flush();
        return STOPPED;
      } finally {
        deleteAll(directory);
      }
    }
  }

  private boolean run(Path directory, PrintWriter out) throws IOException, InterruptedException {
    LocalWiring machine = LocalWiring.ofThisMachine();
    boolean amazon = cloud == Cloud.AWS && storage == Storage.S3;
    return amazon ? withoutAzure(directory, machine, out) : withAzure(directory, machine, out);
  }

  private boolean withoutAzure(Path directory, LocalWiring machine, PrintWriter out)
      throws IOException, InterruptedException {
    try (LocalDeployment deployment = LocalDeployment.start(directory, 0, machine)) {
      return show(
          new DemoRun(deployment, new DemoArchive.Bucket(deployment), machine, out), machine);
    }
  }

  private boolean withAzure(Path directory, LocalWiring machine, PrintWriter out)
      throws IOException, InterruptedException {
    StorageAccess.Blob container = EmbeddedAzure.newContainer(CONTAINER, machine.random());
    Path data = Files.createDirectories(directory.resolve("azurite"));
    try (EmbeddedAzure azure =
            EmbeddedAzure.start(EmbeddedAzure.installed(out), data, machine, container);
        LocalDeployment deployment = LocalDeployment.start(cloud, directory, 0, machine, azure)) {
      DemoArchive archive =
          switch (storage) {
            case S3 -> new DemoArchive.Bucket(deployment);
            case BLOB -> new DemoArchive.Container(azure, container);
          };
      return show(new DemoRun(deployment, archive, machine, out), machine);
    }
  }

  private boolean show(DemoRun run, LocalWiring machine) throws IOException, InterruptedException {
    Path logs = file;
    return logs == null ? madeUp(run, machine) : ownFile(run, logs);
  }

  private boolean ownFile(DemoRun run, Path logs) throws IOException, InterruptedException {
    try (LogFile lines = LogFile.open(logs, timestampField)) {
      String name = String.valueOf(logs.getFileName());
      return run.run("the logs in " + name, name.replaceAll("\\..*", ""), lines::next);
    }
  }

  private static boolean madeUp(DemoRun run, LocalWiring machine)
      throws IOException, InterruptedException {
    Instant day = machine.clock().instant().truncatedTo(ChronoUnit.DAYS).minus(1, ChronoUnit.DAYS);
    WebShopLogs logs = new WebShopLogs(SEED, day, MADE_UP);
    return run.run(
        Text.count(MADE_UP) + " made-up logs: a web shop's services on one day",
        "webshop",
        () -> logs.hasNext() ? logs.next() : null);
  }

  private static void deleteAll(Path directory) throws IOException {
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path each, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(each);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path each, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.delete(each);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
