package io.logarchive.local;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A function as Lambda runs it: a JVM of its own in the unpacked package, with nothing on the class
 * path but AWS's Java runtime, which loads the package itself.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html">Lambda runtime
 *     API</a>
 */
final class LambdaProcess implements AutoCloseable {
  private static final String API = "/2018-06-01/runtime/";
  private static final int MOST_SECONDS = 60;
  private static final long DEADLINE_MILLIS = 900_000;

  private record Answer(boolean failed, String body, long nanos) {}

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
  private final BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
  private final CountDownLatch asked = new CountDownLatch(1);
  private volatile long askedNanos;
  private final long startedNanos;
  private final Path output;
  private final Process process;

  private LambdaProcess(
      String function,
      Path unpacked,
      Path output,
      Map<String, String> environment,
      List<String> options)
      throws IOException {
    this.output = output;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext(API, this::serve);
    server.start();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-cp", runtimeClassPath()));
    command.add("com.amazonaws.services.lambda.runtime.api.client.AWSLambda");
    command.add("io.logarchive.functions.aws." + function + "Handler");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(unpacked.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    builder
        .environment()
        .put("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:" + server.getAddress().getPort());
    builder.environment().put("AWS_LAMBDA_FUNCTION_NAME", function);
    builder.environment().put("AWS_EXECUTION_ENV", "AWS_Lambda_java21");
    builder.environment().put("LAMBDA_TASK_ROOT", unpacked.toString());
    startedNanos = System.nanoTime();
    process = builder.start();
  }

  /**
   * Starts one.
   *
   * @param function such as {@code Ingest}
   * @param output takes what it prints
   * @param options of the JVM
   */
  static LambdaProcess start(
      String function,
      Path unpacked,
      Path output,
      Map<String, String> environment,
      List<String> options)
      throws IOException {
    return new LambdaProcess(function, unpacked, output, environment, options);
  }

  /** Waits until it asks for its first event: milliseconds since its start. */
  double readyAfter() throws IOException, InterruptedException {
    if (!asked.await(MOST_SECONDS, TimeUnit.SECONDS)) {
      throw silent();
    }
    return (askedNanos - startedNanos) / 1e6;
  }

  /** What it made of one event, and in how many milliseconds. */
  record Invocation(String answer, double millis) {}

  Invocation invoke(String event) throws IOException, InterruptedException {
    long begun = System.nanoTime();
    events.add(event);
    Answer answer = null;
    for (int second = 0; answer == null && second < MOST_SECONDS; second++) {
      answer = answers.poll(1, TimeUnit.SECONDS);
      if (answer == null && !process.isAlive()) {
        break;
      }
    }
    if (answer == null) {
      throw silent();
    }
    if (answer.failed()) {
      throw new IOException("A function failed: " + answer.body() + "\n" + printed());
    }
    return new Invocation(answer.body(), (answer.nanos() - begun) / 1e6);
  }

  /** The most memory that it has had so far, in bytes. */
  long peakMemory() throws IOException {
    return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
        .findFirst()
        .orElseThrow();
  }

  /** The processor time that it has used so far, in milliseconds. */
  long processorTime() {
    return process.info().totalCpuDuration().orElseThrow().toMillis();
  }

  private String printed() throws IOException {
    return Files.readString(output);
  }

  private IllegalStateException silent() throws IOException {
    return new IllegalStateException("A function does not answer; it printed: " + printed());
  }

  /** AWS's runtime and what it stands on, out of this process's class path. */
  private static String runtimeClassPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(
            part ->
                part.matches(
                    ".*/(aws-lambda-java-(core|serialization|runtime-interface-client)|utils-lite)-[0-9][^/]*jar"))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private void serve(HttpExchange exchange) throws IOException {
    long now = System.nanoTime();
    try (exchange) {
      String call = exchange.getRequestURI().getPath().substring(API.length());
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      if (call.equals("invocation/next")) {
        if (asked.getCount() > 0) {
          askedNanos = now;
          asked.countDown();
        }
        byte[] event = events.take().getBytes(StandardCharsets.UTF_8);
        Headers headers = exchange.getResponseHeaders();
        headers.set("Content-Type", "application/json"); // The runtime crashes without.
        headers.set("Lambda-Runtime-Aws-Request-Id", Long.toString(now));
        headers.set("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:local:0:function:f");
        headers.set(
            "Lambda-Runtime-Deadline-Ms",
            Long.toString(System.currentTimeMillis() + DEADLINE_MILLIS));
        exchange.sendResponseHeaders(200, event.length);
        exchange.getResponseBody().write(event);
        return;
      }
      answers.add(new Answer(call.endsWith("error"), body, now));
      exchange.sendResponseHeaders(202, -1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends the process as Lambda does, so that it may write what its options have it write. */
  @Override
  public void close() throws IOException {
    process.destroy();
    try {
      if (!process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException("A function does not end");
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    } finally {
      threads.shutdownNow();
      server.stop(0);
    }
  }
}
