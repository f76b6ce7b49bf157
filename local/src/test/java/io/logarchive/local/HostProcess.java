package io.logarchive.local;

import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.annotation.HttpTrigger;
import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A function as the Functions host has it run: a JVM of its own with the unpacked package and the
 * worker's libraries on one class path. Microsoft's worker cannot be had from a registry of Maven,
 * so {@link HostWorker} stands for it: it asks for calls over a socket as that does by gRPC, and
 * makes the function's object anew for each.
 */
final class HostProcess implements FunctionProcess {
  private final String function;
  private final ServerSocket host;
  private final Socket worker;
  private final DataOutputStream calls;
  private final DataInputStream answers;
  private final long askedNanos;
  private final ChildJvm jvm;

  private HostProcess(
      String function,
      Path unpacked,
      Path output,
      Map<String, String> environment,
      List<String> options,
      String durable)
      throws IOException {
    this.function = function;
    host = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    host.setSoTimeout(1_000);
    List<String> arguments = new ArrayList<>(options);
    arguments.addAll(
        List.of(HostWorker.class.getName(), Integer.toString(host.getLocalPort()), durable));
    jvm = ChildJvm.start(unpacked, output, environment, classPath(unpacked), arguments);
    worker = accept();
    askedNanos = System.nanoTime();
    worker.setTcpNoDelay(true);
    calls = new DataOutputStream(worker.getOutputStream());
    answers = new DataInputStream(worker.getInputStream());
  }

  /**
   * Starts one.
   *
   * @param function such as {@code Ingest}
   * @param output takes what it prints
   * @param options of the JVM
   * @param durable address of Durable Functions
   */
  static HostProcess start(
      String function,
      Path unpacked,
      Path output,
      Map<String, String> environment,
      List<String> options,
      String durable)
      throws IOException {
    return new HostProcess(function, unpacked, output, environment, options, durable);
  }

  private Socket accept() throws IOException {
    for (int second = 0; second < ChildJvm.MOST_SECONDS && jvm.isAlive(); second++) {
      try {
        return host.accept();
      } catch (SocketTimeoutException e) {
        // Not yet.
      }
    }
    try (host;
        jvm) {
      throw jvm.silent();
    }
  }

  /** The package, what the worker brings itself, and its stand-in with what that needs. */
  static String classPath(Path unpacked) throws IOException {
    Path tests = ChildJvm.placeOf(HostWorker.class);
    try (Stream<Path> jars =
        Files.find(unpacked, 2, (path, of) -> path.toString().endsWith(".jar"))) {
      return Stream.concat(
              jars.sorted(),
              Stream.of(
                  ChildJvm.placeOf(HttpTrigger.class),
                  ChildJvm.placeOf(ExecutionContext.class),
                  tests,
                  tests.resolveSibling("classes")))
          .map(Path::toString)
          .collect(Collectors.joining(File.pathSeparator));
    }
  }

  @Override
  public double readyAfter() {
    return jvm.millisSinceStart(askedNanos);
  }

  @Override
  public Invocation invoke(FunctionCall call) throws IOException {
    long begun = System.nanoTime();
    switch (call) {
      case FunctionCall.Http http -> send(http.request(), "/", Map.of());
      case FunctionCall.Shipment logs ->
          send(
              logs.request(),
              "/octets",
              Map.of("Content-Type", List.of("application/octet-stream")));
      case FunctionCall.Step step ->
          send(step.restoreId() + "/" + (step.slice() == null ? "" : step.slice()));
      case FunctionCall.Failure failure ->
          send(failure.restoreId() + "/WorkerLost/the worker died");
      case FunctionCall.RestoreEvent event ->
          send(
              Json.text(
                  JsonObject.builder().put("id", event.id()).put("data", event.data()).build()));
      case FunctionCall.Schedule schedule -> send("{}");
    }
    calls.flush();
    try {
      int status = answers.readInt();
      byte[] body = answers.readNBytes(answers.readInt());
      return new Invocation(new Reply(status, Map.of(), body), (System.nanoTime() - begun) / 1e6);
    } catch (IOException e) {
      throw new IOException(function + " does not answer; it printed: " + jvm.printed(), e);
    }
  }

  private void send(Request request, String root, Map<String, List<String>> more)
      throws IOException {
    Map<String, List<String>> headers = new HashMap<>(request.headers());
    headers.putAll(more);
    calls.writeUTF("");
    calls.writeUTF(request.method());
    calls.writeUTF(request.path().equals("/") ? root : request.path());
    calls.writeUTF(String.valueOf(request.query()));
    calls.writeInt(headers.size());
    for (Map.Entry<String, List<String>> header : headers.entrySet()) {
      calls.writeUTF(header.getKey());
      calls.writeUTF(String.join(",", header.getValue()));
    }
    calls.writeInt(request.body().length);
    calls.write(request.body());
  }

  private void send(String input) throws IOException {
    calls.writeUTF(function);
    calls.writeUTF(input);
  }

  @Override
  public ChildJvm jvm() {
    return jvm;
  }

  @Override
  public void close() throws IOException {
    try (host;
        worker) {
      jvm.close();
    }
  }
}
