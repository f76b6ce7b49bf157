package io.logarchive.functions.aws;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Runs a handler as Lambda does: in a process of its own, under AWS's Java runtime, which asks for
 * events and hands back replies over HTTP.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html">Lambda runtime
 *     API</a>
 */
final class LambdaRuntime implements AutoCloseable {
  private static final String API = "/2018-06-01/runtime/";
  private static final int MOST_SECONDS = 60;

  /** The trace to which every invocation belongs. */
  static final String TRACE = "1-5759e988-bd862e3fe1be46a994272793";

  /** What came back: the handler's output, or the report of its failure. */
  record Answer(boolean failed, String body) {}

  private record Event(String id, String body) {}

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
  private final Path folder;
  private final Process process;

  private LambdaRuntime(
      Class<?> handler, Map<String, String> environment, String classPath, Path folder)
      throws IOException {
    this.folder = folder;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext(API, this::serve);
    server.start();
    Map<String, String> all = new HashMap<>(environment);
    all.put("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:" + server.getAddress().getPort());
    all.put("AWS_LAMBDA_FUNCTION_NAME", handler.getSimpleName());
    all.put("AWS_EXECUTION_ENV", "AWS_Lambda_java21");
    all.put("LAMBDA_TASK_ROOT", folder.toString());
    process =
        JavaProcess.start(
            all,
            classPath,
            folder,
            List.of(
                "com.amazonaws.services.lambda.runtime.api.client.AWSLambda", handler.getName()));
  }

  static LambdaRuntime start(Class<?> handler, Map<String, String> environment, Path folder)
      throws IOException {
    return new LambdaRuntime(handler, environment, JavaProcess.productClassPath(), folder);
  }

  Answer invoke(String id, String event) throws InterruptedException, IOException {
    events.add(new Event(id, event));
    Answer answer = null;
    for (int second = 0; answer == null && second < MOST_SECONDS; second++) {
      answer = answers.poll(1, TimeUnit.SECONDS);
      if (answer == null && !process.isAlive()) {
        break;
      }
    }
    if (answer == null) {
      throw new IllegalStateException("No answer; the process wrote: " + output());
    }
    return answer;
  }

  /** What the process has printed so far. */
  String output() throws IOException {
    return JavaProcess.output(folder);
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      String call = exchange.getRequestURI().getPath().substring(API.length());
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      if (call.equals("invocation/next")) {
        Event event = events.take();
        Headers headers = exchange.getResponseHeaders();
        headers.set("Content-Type", "application/json"); // The runtime crashes without.
        headers.set("Lambda-Runtime-Aws-Request-Id", event.id());
        headers.set(
            "Lambda-Runtime-Trace-Id", "Root=" + TRACE + ";Parent=53995c3f42cd8ad8;Sampled=1");
        headers.set("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:local:0:function:f");
        headers.set(
            "Lambda-Runtime-Deadline-Ms",
            Long.toString(Instant.now().plusSeconds(MOST_SECONDS).toEpochMilli()));
        byte[] reply = event.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, reply.length);
        exchange.getResponseBody().write(reply);
        return;
      }
      answers.add(new Answer(call.endsWith("error"), body));
      exchange.sendResponseHeaders(202, -1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    threads.shutdownNow();
    server.stop(0);
  }
}
