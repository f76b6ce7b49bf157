package io.logarchive.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.logarchive.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A function as Lambda runs it: a JVM of its own in the unpacked package, with nothing on the class
 * path but AWS's Java runtime, which loads the package itself.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html">Lambda runtime
 *     API</a>
 */
final class LambdaProcess implements FunctionProcess {
  private static final String API = "/2018-06-01/runtime/";
  private static final long DEADLINE_MILLIS = 900_000;

  /** AWS's runtime and what it stands on. */
  private static final String RUNTIME =
      ".*/(aws-lambda-java-(core|serialization|runtime-interface-client)|utils-lite)-[0-9][^/]*jar";

  private record Answer(boolean failed, byte[] body, long nanos) {}

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final BlockingQueue<byte[]> events = new LinkedBlockingQueue<>();
  private final BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
  private final CountDownLatch asked = new CountDownLatch(1);
  private volatile long askedNanos;
  private final ChildJvm jvm;

  private LambdaProcess(
      String function,
      Path unpacked,
      Path output,
      Map<String, String> environment,
      List<String> options)
      throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext(API, this::serve);
    server.start();
    List<String> arguments = new ArrayList<>(options);
    arguments.add("com.amazonaws.services.lambda.runtime.api.client.AWSLambda");
    arguments.add("io.logarchive.functions.aws." + function + "Handler");
    Map<String, String> all = new HashMap<>(environment);
    all.put("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:" + server.getAddress().getPort());
    all.put("AWS_LAMBDA_FUNCTION_NAME", function);
    all.put("AWS_EXECUTION_ENV", "AWS_Lambda_java21");
    all.put("LAMBDA_TASK_ROOT", unpacked.toString());
    jvm = ChildJvm.start(unpacked, output, all, ChildJvm.classPath(RUNTIME), arguments);
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

  @Override
  public double readyAfter() throws IOException, InterruptedException {
    if (!asked.await(ChildJvm.MOST_SECONDS, TimeUnit.SECONDS)) {
      throw jvm.silent();
    }
    return jvm.millisSinceStart(askedNanos);
  }

  @Override
  public Invocation invoke(FunctionCall call) throws IOException, InterruptedException {
    byte[] event = event(call);
    long begun = System.nanoTime();
    events.add(event);
    Answer answer = null;
    for (int second = 0; answer == null && second < ChildJvm.MOST_SECONDS; second++) {
      answer = answers.poll(1, TimeUnit.SECONDS);
      if (answer == null && !jvm.isAlive()) {
        break;
      }
    }
    if (answer == null) {
      throw jvm.silent();
    }
    if (answer.failed()) {
      throw new IOException(
          "A function failed: " + new String(answer.body(), UTF_8) + "\n" + jvm.printed());
    }
    boolean http = call instanceof FunctionCall.Http || call instanceof FunctionCall.Shipment;
    return new Invocation(
        http ? LambdaEvents.reply(answer.body()) : new Reply(200, Map.of(), answer.body()),
        (answer.nanos() - begun) / 1e6);
  }

  private static byte[] event(FunctionCall call) {
    return switch (call) {
      case FunctionCall.Http http -> LambdaEvents.restApi(http.request(), Instant.now());
      case FunctionCall.Shipment logs -> LambdaEvents.functionUrl(logs.request(), Instant.now());
      case FunctionCall.Step step -> {
        JsonObject.Builder input = JsonObject.builder().put("restoreId", step.restoreId());
        Integer slice = step.slice();
        yield (slice == null ? input : input.put("slice", (int) slice)).build().bytes();
      }
      case FunctionCall.Failure failure ->
          JsonObject.builder()
              .put("restoreId", failure.restoreId())
              .put(
                  "error",
                  JsonObject.builder().put("Error", "States.Timeout").put("Cause", "").build())
              .build()
              .bytes();
      case FunctionCall.RestoreEvent event ->
          JsonObject.builder()
              .put("id", event.id())
              .put("detail-type", "Restore Requested")
              .put("detail", event.data())
              .build()
              .bytes();
      case FunctionCall.Schedule schedule ->
          JsonObject.builder()
              .put("id", "schedule")
              .put("detail-type", "Scheduled Event")
              .put("source", "aws.events")
              .put("account", "123456789012")
              .put("time", "2026-11-23T10:00:00Z")
              .put("region", "eu-central-1")
              .put("resources", List.of())
              .put("detail", JsonObject.EMPTY)
              .build()
              .bytes();
    };
  }

  @Override
  public ChildJvm jvm() {
    return jvm;
  }

  private void serve(HttpExchange exchange) throws IOException {
    long now = System.nanoTime();
    try (exchange) {
      String call = exchange.getRequestURI().getPath().substring(API.length());
      byte[] body = exchange.getRequestBody().readAllBytes();
      if (call.equals("invocation/next")) {
        if (asked.getCount() > 0) {
          askedNanos = now;
          asked.countDown();
        }
        byte[] event = events.take();
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

  @Override
  public void close() throws IOException {
    try {
      jvm.close();
    } finally {
      threads.shutdownNow();
      server.stop(0);
    }
  }
}
