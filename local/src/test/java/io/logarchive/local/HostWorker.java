package io.logarchive.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.annotation.FunctionName;
import com.microsoft.durabletask.azurefunctions.DurableClientContext;
import io.logarchive.functions.azure.BackgroundFunctions;
import io.logarchive.functions.azure.HttpFunctions;
import io.logarchive.functions.azure.IngestFunctions;
import io.logarchive.functions.azure.RestoreSteps;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Stands for Microsoft's worker, in a {@link HostProcess}. */
final class HostWorker {
  private static final List<Class<?>> TRIGGERED =
      List.of(RestoreSteps.class, BackgroundFunctions.class);

  private final String durable;

  HostWorker(String durable) {
    this.durable = durable;
  }

  /** With the host's port and the address of Durable Functions. */
  public static void main(String[] arguments) throws IOException, ReflectiveOperationException {
    HostWorker worker = new HostWorker(arguments[1]);
    try (Socket host =
        new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0]))) {
      host.setTcpNoDelay(true);
      DataInputStream calls = new DataInputStream(new BufferedInputStream(host.getInputStream()));
      DataOutputStream answers =
          new DataOutputStream(new BufferedOutputStream(host.getOutputStream()));
      while (true) {
        String function = calls.readUTF();
        Reply reply =
            function.isEmpty()
                ? worker.http(calls)
                : new Reply(
                    200, Map.of(), worker.trigger(function, calls.readUTF()).getBytes(UTF_8));
        answers.writeInt(reply.status());
        answers.writeInt(reply.body().length);
        answers.write(reply.body());
        answers.flush();
      }
    }
  }

  private Reply http(DataInputStream call) throws IOException {
    String method = call.readUTF();
    String path = call.readUTF();
    String query = call.readUTF();
    Map<String, List<String>> headers = new HashMap<>();
    for (int header = call.readInt(); header > 0; header--) {
      headers.put(call.readUTF(), List.of(call.readUTF()));
    }
    byte[] body = call.readNBytes(call.readInt());
    Object functions = path.equals("/octets") ? new IngestFunctions() : new HttpFunctions();
    return new HostEndpoint(this::context, functions)
        .answer(
            new Request(
                method,
                path,
                query.equals("null") ? null : query,
                headers,
                body,
                "127.0.0.1",
                "invocation"));
  }

  /** Calls a function that no request calls. */
  String trigger(String function, String input) throws ReflectiveOperationException {
    Method method =
        TRIGGERED.stream()
            .flatMap(type -> Arrays.stream(type.getMethods()))
            .filter(
                each ->
                    each.isAnnotationPresent(FunctionName.class)
                        && each.getAnnotation(FunctionName.class).value().equals(function))
            .findFirst()
            .orElseThrow();
    Object[] arguments =
        Arrays.stream(method.getParameterTypes())
            .map(
                type ->
                    type == String.class
                        ? input
                        : type == ExecutionContext.class
                            ? new HostCall(function, "invocation")
                            : context())
            .toArray();
    Object result =
        method.invoke(method.getDeclaringClass().getConstructor().newInstance(), arguments);
    return result == null ? "" : result.toString();
  }

  /** Filled as the worker does, which reads it from JSON. */
  private DurableClientContext context() {
    try {
      DurableClientContext context = new DurableClientContext();
      Field address = DurableClientContext.class.getDeclaredField("rpcBaseUrl");
      address.setAccessible(true);
      address.set(context, durable);
      return context;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
