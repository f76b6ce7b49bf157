package io.logarchive.functions.azure;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.annotation.FunctionName;
import com.microsoft.azure.functions.annotation.HttpTrigger;
import io.logarchive.json.Fields;
import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The package as it is deployed: what the host reads of it, and what its worker does with it. */
class FunctionsPackageIT {
  private static final Path PACKAGE = Path.of("target", "azure-functions", "logarchive");
  private static final Path LIBRARIES = Path.of("src", "test", "resources", "libraries.txt");
  private static final Path CLASSES = Path.of("target", "classes");
  private static final Map<String, String> ROUTES =
      Map.of(
          "Accounts", "v1/account-management/{*rest}",
          "Audit", "v1/audit",
          "ArchiveSettings", "v2/archive/settings/{*rest}",
          "Restores", "archive/restore/{*rest}",
          "Search", "v1/search",
          "Scroll", "v1/scroll",
          "Health", "healthz",
          "Description", "openapi.yaml",
          "Ingest", "/",
          "IngestOctets", "octets");
  private static final List<String> METHODS =
      Stream.of("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE")
          .map(JsonValue.Text::new)
          .map(JsonValue::toString)
          .toList();

  private static final Set<String> OTHERS =
      Set.of(
          "ExpireRestores",
          "SweepRestores",
          "RemoveExpired",
          "RestoreRequested",
          "RestoreWorkflow",
          "RestoreSlices",
          "PlanRestore",
          "CountSlice",
          "CutRestore",
          "RestoreSlice",
          "FinishRestore",
          "FailRestore");

  /** Seconds, minutes, hours, days, months, days of the week. */
  private static final Pattern NCRONTAB =
      Pattern.compile("[0-5]?\\d (\\*|\\*/[1-5]?\\d|[0-5]?\\d) (\\*|1?\\d|2[0-3]) \\* \\* \\*");

  private static final Pattern QUEUE = Pattern.compile("(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*");
  private static final Map<String, Fields> FUNCTIONS = new TreeMap<>();

  @BeforeAll
  static void readFunctions() throws IOException {
    try (Stream<Path> files =
        Files.find(PACKAGE, 2, (path, of) -> path.endsWith("function.json"))) {
      for (Path file : files.toList()) {
        FUNCTIONS.put(
            PACKAGE.relativize(file).getName(0).toString(),
            Fields.of(Json.object(Files.readAllBytes(file))));
      }
    }
  }

  @Test
  void itHoldsTheFunctionsOfTheSourceAndNoOther() {
    Set<String> named = new HashSet<>(ROUTES.keySet());
    named.addAll(OTHERS);

    assertThat(FUNCTIONS.keySet()).isEqualTo(named);
    assertThat(methods().keySet()).isEqualTo(named);
    FUNCTIONS.forEach(
        (name, function) -> {
          Method method = method(name);
          assertThat(function.requiredText("entryPoint"))
              .isEqualTo(method.getDeclaringClass().getName() + "." + method.getName());
          assertThat(PACKAGE.resolve(name).resolve(function.requiredText("scriptFile"))).exists();
        });
  }

  @Test
  void everyFunctionHasOneTriggerAndItsBindingsAreItsParameters() {
    FUNCTIONS.forEach(
        (name, function) -> {
          List<Fields> bindings = bindings(function);
          assertThat(bindings)
              .filteredOn(binding -> binding.requiredText("type").endsWith("Trigger"))
              .as(name)
              .hasSize(1);
          assertThat(
                  bindings.stream()
                      .map(binding -> binding.requiredText("name"))
                      .filter(parameter -> !parameter.equals("$return"))
                      .collect(Collectors.toSet()))
              .as(name)
              .isEqualTo(boundNames(method(name)));
        });
  }

  @Test
  void everyFunctionIsTriggeredAndAnswersAsItsKindDoes() {
    Map<String, Set<String>> kinds = new TreeMap<>();
    FUNCTIONS.forEach(
        (name, function) ->
            kinds.put(
                name,
                bindings(function).stream()
                    .map(binding -> binding.requiredText("type"))
                    .collect(Collectors.toSet())));

    Map<String, Set<String>> expected = new TreeMap<>();
    ROUTES.keySet().forEach(name -> expected.put(name, Set.of("httpTrigger", "http")));
    // Starting and removing restores, and what looks after them.
    expected.put("Restores", Set.of("httpTrigger", "http", "durableClient"));
    expected.put("ExpireRestores", Set.of("timerTrigger"));
    expected.put("SweepRestores", Set.of("timerTrigger", "durableClient"));
    expected.put("RemoveExpired", Set.of("timerTrigger", "durableClient"));
    expected.put("RestoreRequested", Set.of("queueTrigger", "durableClient"));
    Stream.of("RestoreWorkflow", "RestoreSlices")
        .forEach(name -> expected.put(name, Set.of("orchestrationTrigger")));
    Stream.of(
            "PlanRestore",
            "CountSlice",
            "CutRestore",
            "RestoreSlice",
            "FinishRestore",
            "FailRestore")
        .forEach(name -> expected.put(name, Set.of("activityTrigger")));
    assertThat(kinds).isEqualTo(expected);
    FUNCTIONS.values().stream()
        .flatMap(function -> bindings(function).stream())
        .filter(binding -> binding.requiredText("type").equals("http"))
        .forEach(
            binding -> {
              assertThat(binding.requiredText("name")).isEqualTo("$return");
              assertThat(binding.requiredText("direction")).isEqualToIgnoringCase("out");
            });
  }

  @Test
  void everyPathIsOpenToEverybodyAndEveryMethod() {
    Map<String, String> routes = new HashMap<>();
    FUNCTIONS.forEach(
        (name, function) ->
            bindings(function).stream()
                .filter(binding -> binding.requiredText("type").equals("httpTrigger"))
                .forEach(
                    binding -> {
                      routes.put(name, binding.requiredText("route"));
                      assertThat(binding.requiredText("authLevel")).isEqualTo("ANONYMOUS");
                      // An empty list might mean none, and what is not named gets no word from us.
                      assertThat(
                              ((JsonValue.Array) binding.object().member("methods").orElseThrow())
                                  .values())
                          .extracting(JsonValue::toString)
                          .hasSameElementsAs(METHODS);
                    }));

    assertThat(routes).isEqualTo(ROUTES);
  }

  @Test
  void schedulesAndQueuesAreSuchOnes() {
    FUNCTIONS.forEach(
        (name, function) ->
            bindings(function)
                .forEach(
                    binding -> {
                      switch (binding.requiredText("type")) {
                        case "timerTrigger" ->
                            assertThat(binding.requiredText("schedule")).matches(NCRONTAB);
                        case "queueTrigger" ->
                            assertThat(binding.requiredText("queueName")).matches(QUEUE);
                        default -> {}
                      }
                      assertThat(binding.text("connection").orElse("AzureWebJobsStorage"))
                          .isEqualTo("AzureWebJobsStorage");
                    }));
    assertThat("0 */5 * * * * *").doesNotMatch(NCRONTAB);
    assertThat("*/5 * * * *").doesNotMatch(NCRONTAB);
  }

  @Test
  void theHostIsToldWhatTheFunctionsRelyOn() throws IOException {
    Fields host = Fields.of(Json.object(Files.readAllBytes(PACKAGE.resolve("host.json"))));

    assertThat(
            Duration.between(
                java.time.LocalTime.MIN,
                java.time.LocalTime.parse(host.requiredText("functionTimeout"))))
        .isEqualTo(Duration.ofMinutes(30))
        .isGreaterThan(AzureWiring.LONGEST_SLICE);
    assertThat(host.requiredObject("extensions").requiredObject("http").text("routePrefix"))
        .contains("");
    Fields queues = host.requiredObject("extensions").requiredObject("queues");
    // Five tries within seconds would be over before anything that passes has passed.
    assertThat(queues.requiredText("visibilityTimeout")).isEqualTo("00:05:00");
    assertThat(queues.integer("maxDequeueCount", 1, 100)).hasValue(5);
    // The lines of invocations, which metrics and alerts are read from, are told whole.
    assertThat(
            host.requiredObject("logging")
                .requiredObject("applicationInsights")
                .requiredObject("samplingSettings")
                .requiredText("excludedTypes"))
        .isEqualTo("Exception;Trace");
  }

  @Test
  void aWorkerWithNothingElseMakesAndCallsEveryFunction(@TempDir Path folder) throws Exception {
    Map<String, String> entryPoints = new TreeMap<>();
    FUNCTIONS.forEach(
        (name, function) -> entryPoints.put(function.requiredText("entryPoint"), name));
    Map<String, String> environment = new HashMap<>(Environments.complete(folder));
    // Nobody answers there.
    environment.put("TABLE_ENDPOINT", "http://127.0.0.1:1/devstoreaccount1");
    environment.put("BLOB_ENDPOINT", "http://127.0.0.1:1/devstoreaccount1");
    environment.put("OPENSEARCH_ENDPOINT", "http://127.0.0.1:1");

    Map<String, String> results = run(folder, environment, entryPoints);

    assertThat(results.keySet()).hasSize(FUNCTIONS.size() + 2);
    assertThat(results)
        .containsEntry("Health", "200")
        .containsEntry("Description", "200")
        // Text, newline-delimited JSON, octets, parts, and what came in chunks: nothing of it.
        .containsEntry("Ingest", "503 503 uncalled uncalled 411")
        .containsEntry("IngestOctets", "uncalled uncalled 503 503 411");
    Stream.of("Accounts", "Audit", "ArchiveSettings", "Restores", "Search", "Scroll")
        .forEach(name -> assertThat(results).containsEntry(name, "401"));
    assertThat(results.get("RestoreWorkflow")).isEqualTo("[PlanRestore]");
    assertThat(results.get("RestoreSlices")).isEqualTo("[CountSlice, CountSlice, CountSlice]");
    Stream.of(
            "PlanRestore",
            "CountSlice",
            "CutRestore",
            "RestoreSlice",
            "FinishRestore",
            "FailRestore")
        .forEach(
            name ->
                assertThat(results.get(name))
                    .as(name)
                    .startsWith(
                        "RETRY/io.logarchive.fault.ServiceException$Unavailable/GetEntity: "));
    Stream.of("ExpireRestores", "RemoveExpired", "SweepRestores", "RestoreRequested")
        .forEach(
            name ->
                assertThat(results.get(name))
                    .as(name)
                    .startsWith("threw io.logarchive.fault.ServiceException$Unavailable: "));
    assertThat(results.get("bucket"))
        .isEqualTo("threw io.logarchive.fault.ServiceException$Unavailable");
    assertThat(results.get("durable"))
        .isEqualTo(
            "threw io.logarchive.fault.ServiceException$Unavailable: GetInstance: UNAVAILABLE");
  }

  @Test
  void onAzureItAsksTheHostForTheTokenOfItsIdentity(@TempDir Path folder) throws Exception {
    Map<String, String> environment = Environments.onAzure(Environments.complete(folder));
    environment.put("IDENTITY_ENDPOINT", "http://127.0.0.1:1/msi/token");
    String settings = HttpFunctions.class.getName() + ".archiveSettings";
    String expire = BackgroundFunctions.class.getName() + ".expire";

    Map<String, String> results =
        run(folder, environment, Map.of(settings, "ArchiveSettings", expire, "ExpireRestores"));

    assertThat(results.get("ArchiveSettings")).isEqualTo("401");
    assertThat(results.get("ExpireRestores"))
        .isEqualTo("threw io.logarchive.fault.ServiceException$Unavailable: GetToken: Unreachable");
  }

  /** What each function gave, by its name. */
  private static Map<String, String> run(
      Path folder, Map<String, String> variables, Map<String, String> entryPoints)
      throws Exception {
    Map<String, String> environment = new HashMap<>(variables);
    environment.put("LOG_LEVEL", "WARN");
    Path output = folder.resolve("output");
    List<String> command = new ArrayList<>();
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            workerClassPath(),
            PackagedWorker.class.getName()));
    command.addAll(entryPoints.keySet());
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    Process worker = builder.start();
    if (!worker.waitFor(3, TimeUnit.MINUTES)) {
      worker.destroyForcibly().waitFor();
    }
    assertThat(worker.exitValue()).as(Files.readString(output)).isZero();
    Map<String, String> results = new HashMap<>();
    for (String line : Files.readAllLines(output)) {
      if (line.startsWith("RESULT ")) {
        String[] words = line.split(" ", 3);
        results.put(entryPoints.getOrDefault(words[1], words[1]), words[2]);
      }
    }
    return results;
  }

  @Test
  void theZipIsTheSameWithoutWhatIsForOneMachine() throws IOException {
    Map<String, Long> packed = new TreeMap<>();
    try (ZipFile zip = new ZipFile(Path.of("target", "functions-azure.zip").toFile())) {
      zip.stream()
          .filter(entry -> !entry.isDirectory())
          .forEach(entry -> packed.put(entry.getName(), entry.getCrc()));
    }
    Map<String, Long> unpacked = new TreeMap<>();
    try (Stream<Path> files = Files.find(PACKAGE, 9, (path, of) -> of.isRegularFile())) {
      for (Path file : files.toList()) {
        CRC32 crc = new CRC32();
        crc.update(Files.readAllBytes(file));
        unpacked.put(PACKAGE.relativize(file).toString(), crc.getValue());
      }
    }
    unpacked.remove("local.settings.json");

    assertThat(packed).isEqualTo(unpacked).containsKey("host.json");
    // Measured: 21 MB.
    assertThat(Files.size(Path.of("target", "functions-azure.zip"))).isLessThan(22_000_000);
  }

  /** What comes into the package is looked at, or this list does not know it. */
  @Test
  void itHoldsTheseLibrariesAndNoOther() throws IOException {
    Set<String> libraries = new TreeSet<>();
    try (Stream<Path> jars = Files.list(PACKAGE.resolve("lib"))) {
      jars.map(jar -> jar.getFileName().toString().replaceFirst("-[0-9][^-]*([.-].*)?\\.jar$", ""))
          .forEach(libraries::add);
    }

    assertThat(libraries).isEqualTo(new TreeSet<>(Files.readAllLines(LIBRARIES)));
  }

  private static Method method(String name) {
    return Objects.requireNonNull(methods().get(name), name);
  }

  /** Of all classes that there are, whoever compiled them. */
  private static Map<String, Method> methods() {
    try (Stream<Path> files =
        Files.find(CLASSES, 9, (path, of) -> path.toString().endsWith(".class"))) {
      return files
          .map(file -> CLASSES.relativize(file).toString())
          .map(file -> file.substring(0, file.length() - ".class".length()).replace('/', '.'))
          .flatMap(name -> Arrays.stream(type(name).getDeclaredMethods()))
          .filter(method -> method.isAnnotationPresent(FunctionName.class))
          .collect(
              Collectors.toMap(
                  method -> method.getAnnotation(FunctionName.class).value(), method -> method));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Class<?> type(String name) {
    try {
      return Class.forName(name, false, FunctionsPackageIT.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Every annotation of a binding has a name. */
  private static Set<String> boundNames(Method method) {
    Set<String> names = new HashSet<>();
    for (Parameter parameter : method.getParameters()) {
      for (Annotation annotation : parameter.getAnnotations()) {
        try {
          names.add((String) annotation.annotationType().getMethod("name").invoke(annotation));
        } catch (ReflectiveOperationException e) {
          throw new IllegalStateException(annotation + " binds nothing", e);
        }
      }
    }
    return names;
  }

  private static List<Fields> bindings(Fields function) {
    JsonValue.Array array = (JsonValue.Array) function.object().member("bindings").orElseThrow();
    return array.values().stream().map(value -> Fields.of((JsonObject) value)).toList();
  }

  /** The package, and what the worker brings itself: the library of the host's types. */
  private static String workerClassPath() throws IOException {
    String library =
        Path.of(HttpTrigger.class.getProtectionDomain().getCodeSource().getLocation().getPath())
            .toString();
    String core =
        ExecutionContext.class.getProtectionDomain().getCodeSource().getLocation().getPath();
    try (Stream<Path> jars =
        Files.find(PACKAGE, 2, (path, of) -> path.toString().endsWith(".jar"))) {
      return Stream.concat(
              jars.map(Path::toString), Stream.of(library, core, "target/test-classes"))
          .collect(Collectors.joining(File.pathSeparator));
    }
  }
}
