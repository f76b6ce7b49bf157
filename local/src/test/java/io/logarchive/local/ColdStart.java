package io.logarchive.local;

import io.logarchive.aws.AwsClients;
import io.logarchive.aws.AwsEndpoints;
import io.logarchive.aws.DynamoDbTable;
import io.logarchive.json.Fields;
import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import io.logarchive.testkit.StubServer;
import io.logarchive.testkit.StubServer.Reply;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** Measures how the functions start; {@code benchmarks/cold-start} runs it. */
@Command(
    name = "benchmarks/cold-start",
    mixinStandardHelpOptions = true,
    description = {
      "Starts every AWS function in a JVM of its own, as Lambda does, over DynamoDB Local, an S3 and"
          + " an OpenSearch in another process, and prints a table.",
      "With --other-package or --other-options it starts each function both ways in turn, and prints"
          + " how many times the first takes of the other."
    })
final class ColdStart implements Callable<Integer> {
  private static final String REGION = "us-east-1";
  private static final String TABLE = "logarchive";
  private static final String OWN_BUCKET = "logarchive-deployment";
  private static final String ARN = "arn:aws:%s:us-east-1:123456789012:%s";

  /** What Lambda gives the heap of a function's memory. */
  private static final double HEAP = 0.85;

  @Option(names = "--rounds", defaultValue = "5", description = "Counted starts of each function.")
  private int rounds;

  @Option(names = "--logs", defaultValue = "1000", description = "Logs in each shipment.")
  private int logs;

  @Option(names = "--package", defaultValue = "functions-aws/target/functions-aws.zip")
  private Path zip = Path.of("");

  @Option(
      names = "--options",
      defaultValue = "-XX:+UseSerialGC -XX:TieredStopAtLevel=1",
      description = "Options of the JVM, without spaces in them; {function} is its name.")
  private String options = "";

  @Option(names = "--other-package")
  private @Nullable Path otherZip;

  @Option(names = "--other-options")
  private @Nullable String otherOptions;

  @Option(names = "--template", defaultValue = "infra/aws/template.yaml")
  private Path template = Path.of("");

  /** A way of running functions. */
  private record Way(Path unpacked, String options) {}

  /**
   * One start.
   *
   * @param ready milliseconds until it asks for an event
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
    private final int memory;
    private final List<Start> starts = new ArrayList<>();
    private final List<Start> others = new ArrayList<>();
    private long classes;

    Measured(String name, int memory) {
      this.name = name;
      this.memory = memory;
    }
  }

  /** Where all functions of this run find what they stand on. */
  private record World(
      Engines engines, LocalSecrets secrets, StubServer aws, Path folder, Instant now) {

    Map<String, String> environment() {
      Map<String, String> environment = new HashMap<>();
      environment.put("AWS_REGION", REGION);
      environment.put("AWS_ACCESS_KEY_ID", secrets.s3Key().id());
      environment.put("AWS_SECRET_ACCESS_KEY", secrets.s3Key().secret());
      environment.put("TABLE_NAME", TABLE);
      environment.put("DEPLOYMENT_ID", "cold-start");
      environment.put("DEPLOYMENT_BUCKET", OWN_BUCKET);
      environment.put("ADMIN_TOKEN_SHA256", secrets.adminToken().hash());
      environment.put("SEALING_KEY_ARN", ARN.formatted("kms", "key/sealing"));
      environment.put("SIGNING_KEY_ARN", ARN.formatted("kms", "key/signing"));
      environment.put(
          "OPENSEARCH_SECRET_ARN", ARN.formatted("secretsmanager", "secret:search-AbCdEf"));
      environment.put("OPENSEARCH_ENDPOINT", engines.openSearch().endpoint().toString());
      environment.put("OPENSEARCH_REPLICAS", "0");
      environment.put("RESTORE_STATE_MACHINE_ARN", ARN.formatted("states", "stateMachine:restore"));
      environment.put("RESTORE_START_GRACE_SECONDS", "3600");
      environment.put("AWS_ENDPOINT_URL", aws.endpoint().toString());
      environment.put("AWS_ENDPOINT_URL_S3", engines.s3().endpoint().toString());
      environment.put("AWS_ENDPOINT_URL_DYNAMODB", engines.dynamoDb().endpoint().toString());
      return environment;
    }

    Integer startedRestore() {
      return aws.requests().stream()
          .filter(
              request ->
                  "AWSStepFunctions.StartExecution".equals(request.headers().get("x-amz-target")))
          .map(request -> Fields.of(Json.object(request.body())).requiredText("input"))
          .map(input -> Integer.parseInt(input.replaceAll(".*\"restoreId\":([0-9]+).*", "$1")))
          .toList()
          .getLast();
    }

    ColdStartCalls calls(String name, int logs) throws IOException {
      List<String> buckets = List.of(name + "-a", name + "-b");
      for (String bucket : buckets) {
        engines.s3().createBucket(bucket);
      }
      return new ColdStartCalls(
          secrets.adminToken().value(), secrets.s3Key(), buckets, logs, this::startedRestore, now);
    }
  }

  public static void main(String[] arguments) {
    System.setProperty("sun.net.httpserver.nodelay", "true");
    System.exit(new CommandLine(new ColdStart()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("cold-start");
    try {
      List<Way> ways = new ArrayList<>();
      ways.add(new Way(unpack(zip, folder.resolve("package")), options));
      if (otherZip != null || otherOptions != null) {
        ways.add(
            new Way(
                otherZip == null
                    ? ways.getFirst().unpacked()
                    : unpack(otherZip, folder.resolve("other")),
                otherOptions == null ? options : otherOptions));
      }
      LocalSecrets secrets = LocalSecrets.keptIn(folder, new SecureRandom());
      try (Engines engines = Engines.start(folder.resolve("engines"), secrets.s3Key());
          StubServer aws = new StubServer(ColdStart::aws)) {
        measure(new World(engines, secrets, aws, folder, Instant.now()), ways);
      }
    } finally {
      delete(folder);
    }
    return 0;
  }

  private void measure(World world, List<Way> ways) throws IOException, InterruptedException {
    world.engines().s3().createBucket(OWN_BUCKET);
    AwsClients clients =
        new AwsClients(
            REGION,
            StaticCredentialsProvider.create(
                AwsBasicCredentials.create(
                    world.secrets().s3Key().id(), world.secrets().s3Key().secret())),
            AwsEndpoints.at(world.engines().dynamoDb().endpoint()));
    new DynamoDbTable(clients, TABLE).create();
    String sizes = Files.readString(template);
    List<Measured> functions =
        ColdStartCalls.FUNCTIONS.stream()
            .map(name -> new Measured(name, memory(sizes, name)))
            .toList();
    // The first round warms the engines and the disk, and counts classes.
    for (int round = 0; round <= rounds; round++) {
      System.err.println("round " + round + " of " + rounds);
      List<ColdStartCalls> calls = new ArrayList<>();
      for (int way = 0; way < ways.size(); way++) {
        calls.add(world.calls("round" + round + "-" + way, logs));
      }
      for (Measured function : functions) {
        for (int turn = 0; turn < ways.size(); turn++) {
          int way = (turn + round) % ways.size();
          List<String> jvm = new ArrayList<>();
          jvm.add("--enable-native-access=ALL-UNNAMED");
          jvm.add("-Xmx" + (int) (function.memory * HEAP) + "m");
          jvm.addAll(
              List.of(ways.get(way).options().replace("{function}", function.name).split(" +")));
          Path loaded = world.folder().resolve("classes");
          if (round == 0) {
            jvm.add("-Xlog:class+load:file=" + loaded);
          }
          Start start = start(function.name, world, ways.get(way).unpacked(), jvm, calls.get(way));
          if (round > 0) {
            (way == 0 ? function.starts : function.others).add(start);
          } else if (way == 0) {
            try (Stream<String> lines = Files.lines(loaded)) {
              function.classes = lines.filter(line -> line.contains(" source: ")).count();
            }
          }
        }
      }
    }
    print(functions, ways.size() > 1);
  }

  private static Start start(
      String function, World world, Path unpacked, List<String> jvm, ColdStartCalls calls)
      throws IOException, InterruptedException {
    try (LambdaProcess process =
        LambdaProcess.start(
            function, unpacked, world.folder().resolve("output"), world.environment(), jvm)) {
      double ready = process.readyAfter();
      LambdaProcess.Invocation first = process.invoke(calls.event(function, 0));
      calls.answered(function, first.answer());
      long processor = process.processorTime();
      LambdaProcess.Invocation second = process.invoke(calls.event(function, 1));
      calls.answered(function, second.answer());
      return new Start(ready, first.millis(), second.millis(), processor, process.peakMemory());
    }
  }

  private void print(List<Measured> functions, boolean compared) {
    System.out.printf(
        Locale.ROOT,
        "Java %s, %d processors, %d starts of each; times in ms, smallest / median%n%n",
        Runtime.version(),
        Runtime.getRuntime().availableProcessors(),
        rounds);
    System.out.println(
        "| function | ready | first call | first answer | processor | second call | most memory, MB | MemorySize"
            + " | classes |"
            + (compared ? " first answer, processor: times the other's |" : ""));
    System.out.println("|---|--:|--:|--:|--:|--:|--:|--:|--:|" + (compared ? "--:|" : ""));
    List<Double> allAnswered = new ArrayList<>();
    List<Double> allProcessor = new ArrayList<>();
    for (Measured function : functions) {
      System.out.printf(
          Locale.ROOT,
          "| %s | %s | %s | %s | %s | %s | %.0f | %d | %,d |",
          function.name,
          both(function.starts, Start::ready),
          both(function.starts, Start::first),
          both(function.starts, Start::answered),
          both(function.starts, Start::processor),
          both(function.starts, Start::second),
          function.starts.stream().mapToLong(Start::memory).max().orElse(0) / 1e6,
          function.memory,
          function.classes);
      if (compared) {
        List<Double> answered = ratios(function, Start::answered);
        List<Double> processor = ratios(function, Start::processor);
        allAnswered.addAll(answered);
        allProcessor.addAll(processor);
        System.out.printf(Locale.ROOT, " %.2f, %.2f |", median(answered), median(processor));
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

  /** KMS, Secrets Manager and Step Functions, at one address. */
  private static Reply aws(StubServer.Request request) {
    Fields fields = Fields.of(Json.object(request.body()));
    JsonObject.Builder reply = JsonObject.builder();
    switch (request.headers().getOrDefault("x-amz-target", "")) {
      case "TrentService.Encrypt" ->
          reply
              .put("KeyId", fields.requiredText("KeyId"))
              .put("CiphertextBlob", fields.requiredText("Plaintext"));
      case "TrentService.Decrypt" ->
          reply
              .put("KeyId", fields.requiredText("KeyId"))
              .put("Plaintext", fields.requiredText("CiphertextBlob"));
      case "TrentService.GenerateMac" ->
          reply.put("KeyId", fields.requiredText("KeyId")).put("Mac", "A".repeat(43) + "=");
      case "secretsmanager.GetSecretValue" ->
          reply.put("SecretString", "{\"username\":\"search\",\"password\":\"none\"}");
      case "AWSStepFunctions.StartExecution" ->
          reply.put("executionArn", ARN.formatted("states", "execution:e")).put("startDate", 1);
      default -> {
        return Reply.Whole.of(400, "{\"__type\":\"UnknownOperationException\"}");
      }
    }
    return Reply.Whole.of(200, Json.text(reply.build()));
  }

  /** A function's memory, in MB. */
  private static int memory(String template, String name) {
    Matcher function =
        Pattern.compile("\\." + name + "Handler\\n(?: {6}.*\\n)*? {6}MemorySize: ([0-9]+)")
            .matcher(template);
    if (!function.find()) {
      throw new IllegalArgumentException("The template has no function " + name);
    }
    return Integer.parseInt(function.group(1));
  }

  private static Path unpack(Path zip, Path folder) throws IOException {
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
