package io.logarchive.local;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures how the functions start; {@code benchmarks/cold-start} runs it. */
@Command(
    name = "benchmarks/cold-start",
    mixinStandardHelpOptions = true,
    description = {
      "Starts every function in a JVM of its own, as its cloud does, over the same engines in another"
          + " process, and prints a table.",
      "With --other-cloud, --other-package or --other-options it starts each function both ways in"
          + " turn, and prints how many times the first takes of the other."
    })
final class ColdStart implements Callable<Integer> {
  @Option(names = "--rounds", defaultValue = "5", description = "Counted starts of each function.")
  private int rounds;

  @Option(names = "--logs", defaultValue = "1000", description = "Logs in each shipment.")
  private int logs;

  @Option(names = "--cloud", defaultValue = "aws", description = "aws (the default) or azure.")
  private Cloud cloud = Cloud.AWS;

  @Option(names = "--package", description = "Default: what the build has made for that cloud.")
  private @Nullable Path zip;

  @Option(
      names = "--options",
      defaultValue = "-XX:+UseSerialGC -XX:TieredStopAtLevel=1",
      description = "Options of the JVM, without spaces in them; {function} is its name.")
  private String options = "";

  @Option(names = "--other-cloud")
  private @Nullable Cloud otherCloud;

  @Option(names = "--other-package")
  private @Nullable Path otherZip;

  @Option(names = "--other-options")
  private @Nullable String otherOptions;

  /** A way of running functions. */
  private record Way(Cloud cloud, Path unpacked, String options) {
    CloudProcesses of(Map<Cloud, CloudProcesses> clouds) {
      return Objects.requireNonNull(clouds.get(cloud));
    }
  }

  /**
   * One start.
   *
   * @param ready milliseconds until it asks for a call
   * @param first milliseconds that it then takes for it
   * @param processor milliseconds of processor time until the first answer
   * @param memory bytes
   */
  private record Start(double ready, double first, double second, double processor, long memory) {
    double answered() {
      return ready + first;
    }
  }

  /** What came of a function's starts. */
  private static final class Measured {
    private final String name;
    private final List<Start> starts = new ArrayList<>();
    private final List<Start> others = new ArrayList<>();
    private long classes;

    Measured(String name) {
      this.name = name;
    }
  }

  public static void main(String[] arguments) {
    System.setProperty("sun.net.httpserver.nodelay", "true");
    System.exit(
        new CommandLine(new ColdStart())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .execute(arguments));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("cold-start");
    try {
      List<Way> ways = new ArrayList<>();
      ways.add(way(folder.resolve("package"), cloud, zip, options));
      if (otherCloud != null || otherZip != null || otherOptions != null) {
        Cloud other = otherCloud == null ? cloud : otherCloud;
        ways.add(
            way(
                folder.resolve("other"),
                other,
                otherZip == null && other == cloud ? zip : otherZip,
                otherOptions == null ? options : otherOptions));
      }
      LocalSecrets secrets = LocalSecrets.keptIn(folder, new SecureRandom());
      try (Engines engines = Engines.start(folder.resolve("engines"), secrets.s3Key())) {
        Map<Cloud, CloudProcesses> clouds = new EnumMap<>(Cloud.class);
        try {
          for (Way way : ways) {
            if (!clouds.containsKey(way.cloud())) {
              clouds.put(
                  way.cloud(),
                  switch (way.cloud()) {
                    case AWS -> AwsProcesses.start(engines, secrets);
                    case AZURE -> AzureProcesses.start(engines, secrets, folder);
                  });
            }
          }
          measure(clouds, ways, folder);
        } finally {
          for (CloudProcesses each : clouds.values()) {
            each.close();
          }
        }
      }
    } finally {
      delete(folder);
    }
    return 0;
  }

  private static Way way(Path folder, Cloud cloud, @Nullable Path zip, String options)
      throws IOException {
    String module =
        switch (cloud) {
          case AWS -> "functions-aws";
          case AZURE -> "functions-azure";
        };
    Path built = Path.of(module, "target", module + ".zip");
    return new Way(cloud, unpack(zip == null ? built : zip, folder), options);
  }

  private void measure(Map<Cloud, CloudProcesses> clouds, List<Way> ways, Path folder)
      throws IOException, InterruptedException {
    List<Measured> functions = FunctionCalls.FUNCTIONS.stream().map(Measured::new).toList();
    // The first round warms the engines and the disk, and counts classes.
    for (int round = 0; round <= rounds; round++) {
      System.err.println("round " + round + " of " + rounds);
      List<FunctionCalls> calls = new ArrayList<>();
      for (int way = 0; way < ways.size(); way++) {
        calls.add(ways.get(way).of(clouds).calls("round" + round + "-" + way, logs));
      }
      for (Measured function : functions) {
        for (int turn = 0; turn < ways.size(); turn++) {
          int number = (turn + round) % ways.size();
          Way way = ways.get(number);
          List<String> jvm = new ArrayList<>();
          jvm.add("--enable-native-access=ALL-UNNAMED");
          jvm.addAll(List.of(way.options().replace("{function}", function.name).split(" +")));
          Path loaded = folder.resolve("classes");
          if (round == 0) {
            jvm.add("-Xlog:class+load:file=" + loaded);
          }
          Start start;
          try (FunctionProcess process =
              way.of(clouds).start(function.name, way.unpacked(), folder.resolve("output"), jvm)) {
            start = start(function.name, process, calls.get(number));
          }
          if (round > 0) {
            (number == 0 ? function.starts : function.others).add(start);
          } else if (number == 0) {
            try (Stream<String> lines = Files.lines(loaded)) {
              function.classes = lines.filter(line -> line.contains(" source: ")).count();
            }
          }
        }
      }
    }
    print(functions, ways.size() > 1);
  }

  private static Start start(String function, FunctionProcess process, FunctionCalls calls)
      throws IOException, InterruptedException {
    double ready = process.readyAfter();
    FunctionProcess.Invocation first = process.invoke(calls.call(function, 0));
    calls.answered(function, first.reply());
    long processor = process.jvm().processorTime();
    FunctionProcess.Invocation second = process.invoke(calls.call(function, 1));
    calls.answered(function, second.reply());
    return new Start(ready, first.millis(), second.millis(), processor, process.jvm().peakMemory());
  }

  private void print(List<Measured> functions, boolean compared) {
    System.out.printf(
        Locale.ROOT,
        "Java %s, %d processors, %d starts of each; times in ms, smallest / median%n%n",
        Runtime.version(),
        Runtime.getRuntime().availableProcessors(),
        rounds);
    System.out.println(
        "| function | ready | first call | first answer | processor | second call | most memory, MB"
            + " | classes |"
            + (compared ? " the other's first answer | processor | times the other's | |" : ""));
    System.out.println("|---|--:|--:|--:|--:|--:|--:|--:|" + (compared ? "--:|--:|--:|--:|" : ""));
    List<Double> allAnswered = new ArrayList<>();
    List<Double> allProcessor = new ArrayList<>();
    for (Measured function : functions) {
      System.out.printf(
          Locale.ROOT,
          "| %s | %s | %s | %s | %s | %s | %.0f | %,d |",
          function.name,
          both(function.starts, Start::ready),
          both(function.starts, Start::first),
          both(function.starts, Start::answered),
          both(function.starts, Start::processor),
          both(function.starts, Start::second),
          function.starts.stream().mapToLong(Start::memory).max().orElse(0) / 1e6,
          function.classes);
      if (compared) {
        List<Double> answered = ratios(function, Start::answered);
        List<Double> processor = ratios(function, Start::processor);
        allAnswered.addAll(answered);
        allProcessor.addAll(processor);
        System.out.printf(
            Locale.ROOT,
            " %s | %s | %.2f | %.2f |",
            both(function.others, Start::answered),
            both(function.others, Start::processor),
            median(answered),
            median(processor));
      }
      System.out.println();
    }
    if (compared) {
      System.out.printf(
          Locale.ROOT, "%nOf all: %.3f, %.3f%n", median(allAnswered), median(allProcessor));
    }
  }

  private static List<Double> ratios(Measured function, ToDoubleFunction<Start> figure) {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < function.starts.size(); i++) {
      ratios.add(
          figure.applyAsDouble(function.starts.get(i))
              / figure.applyAsDouble(function.others.get(i)));
    }
    return ratios;
  }

  private static String both(List<Start> starts, ToDoubleFunction<Start> figure) {
    List<Double> values = starts.stream().mapToDouble(figure).sorted().boxed().toList();
    return String.format(Locale.ROOT, "%.0f / %.0f", values.getFirst(), median(values));
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    return (sorted.get((sorted.size() - 1) / 2) + sorted.get(sorted.size() / 2)) / 2;
  }

  static Path unpack(Path zip, Path folder) throws IOException {
    try (InputStream file = Files.newInputStream(zip);
        ZipInputStream entries = new ZipInputStream(file)) {
      for (ZipEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
        Path target = folder.resolve(entry.getName());
        if (entry.isDirectory()) {
          Files.createDirectories(target);
        } else {
          Files.createDirectories(target.resolveSibling(""));
          Files.copy(entries, target);
        }
      }
    }
    return folder;
  }

  private static void delete(Path folder) throws IOException {
    List<Path> paths;
    try (Stream<Path> all = Files.walk(folder)) {
      paths = new ArrayList<>(all.toList());
    }
    for (Path path : paths.reversed()) {
      Files.delete(path);
    }
  }
}
