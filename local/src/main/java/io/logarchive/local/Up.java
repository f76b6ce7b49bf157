package io.logarchive.local;

import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the service until it is told to stop. */
@Command(
    name = "up",
    description = "Runs the service until Ctrl-C. It listens on the loopback interface only.",
    mixinStandardHelpOptions = true)
final class Up implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Keeps everything there; a later run finds it again. Default: ${DEFAULT-VALUE}")
  private Path data = Path.of(".logarchive");

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    try (StopSignal stop = new StopSignal();
        DataDirectory directory = DataDirectory.open(data);
        Engines engines =
            Engines.start(
                directory.path(), AccessKey.keptIn(directory.path().resolve("s3-access-key")))) {
      long up = ManagementFactory.getRuntimeMXBean().getUptime();
      out.printf("Up after %.1f s, with its data in %s%n", up / 1000.0, directory.path());
      out.println("  DynamoDB    " + engines.dynamoDb().endpoint());
      out.println("  S3          " + engines.s3().endpoint());
      out.println("  OpenSearch  " + engines.openSearch().endpoint());
      out.println("For trying, developing and testing: loopback only, no TLS. Ctrl-C stops it.");
      out.flush();
      stop.await();
      out.println("Stopping ...");
      out.flush();
    }
    return 0;
  }
}
