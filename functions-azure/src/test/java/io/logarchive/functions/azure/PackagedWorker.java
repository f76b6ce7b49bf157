package io.logarchive.functions.azure;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.StringValue;
import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.HttpRequestMessage;
import com.microsoft.azure.functions.HttpResponseMessage;
import com.microsoft.durabletask.OrchestrationRunner;
import com.microsoft.durabletask.TaskOrchestrationContext;
import com.microsoft.durabletask.azurefunctions.DurableClientContext;
import com.microsoft.durabletask.implementation.protobuf.OrchestratorService.ExecutionStartedEvent;
import com.microsoft.durabletask.implementation.protobuf.OrchestratorService.HistoryEvent;
import com.microsoft.durabletask.implementation.protobuf.OrchestratorService.OrchestratorRequest;
import com.microsoft.durabletask.implementation.protobuf.OrchestratorService.OrchestratorResponse;
import com.microsoft.durabletask.implementation.protobuf.OrchestratorService.OrchestratorStartedEvent;
import io.logarchive.account.Secret;
import io.logarchive.archive.ArchiveStorageProvider.Patience;
import io.logarchive.archive.S3Location;
import io.logarchive.archive.StorageAccess;
import io.logarchive.aws.AwsClients;
import io.logarchive.aws.AwsEndpoints;
import io.logarchive.aws.S3ArchiveStorageProvider;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URI;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;

/**
 * A worker with nothing but the package: makes the function of each entry point that it is given,
 * as the host's worker does, calls it once, and prints what came of it.
 */
final class PackagedWorker {
  private static final String NOWHERE = "http://127.0.0.1:1";

  /** Where each function behind HTTP is called, and how, but for those that shippers call. */
  private static final Map<String, String> PATHS =
      Map.of(
          "accounts", "GET /v1/account-management/time-based-accounts",
          "audit", "GET /v1/audit",
          "archiveSettings", "GET /v2/archive/settings",
          "restores", "GET /archive/restore",
          "search", "POST /v1/search",
          "scroll", "POST /v1/scroll",
          "health", "GET /healthz",
          "description", "GET /openapi.yaml");

  /** What functions are called with that no request calls. */
  private static final Map<String, String> INPUTS =
      Map.of(
          "plan", "1000001/",
          "count", "1000001/0",
          "cut", "1000001/",
          "restore", "1000001/0",
          "finish", "1000001/",
          "fail", "1000001/io.logarchive.fault.ServiceException$Denied/GetBlob: Forbidden",
          "restoreRequested",
              "{\"id\":\"event-1\",\"data\":{\"accountId\":1000001,\"accountName\":\"r\","
                  + "\"startTime\":1795366800,\"endTime\":1795370400}}");

  private PackagedWorker() {}

  public static void main(String[] entryPoints) throws Exception {
    for (String entryPoint : entryPoints) {
      int dot = entryPoint.lastIndexOf('.');
      Class<?> type = Class.forName(entryPoint.substring(0, dot));
      String name = entryPoint.substring(dot + 1);
      Method method =
          Arrays.stream(type.getMethods())
              .filter(each -> each.getName().equals(name))
              .findFirst()
              .orElseThrow();
      Object function = type.getConstructor().newInstance();
      System.out.println("RESULT " + entryPoint + " " + call(function, method));
    }
    System.out.println("RESULT bucket " + bucket());
    System.out.println("RESULT durable " + durableFunctions());
  }

  private static String call(Object function, Method method) throws IllegalAccessException {
    if (method.getParameterTypes()[0] == TaskOrchestrationContext.class) {
      return orchestrate(function, method);
    }
    if (method.getParameterTypes()[0] == HttpRequestMessage.class) {
      StringBuilder results = new StringBuilder();
      for (HostRequest<?> request : requests(method.getName())) {
        results.append(results.isEmpty() ? "" : " ");
        // The worker looks for the kind that the function declares, and knows no other.
        results.append(request.isFor(method) ? invoke(function, method, request) : "uncalled");
      }
      return results.toString();
    }
    return invoke(function, method, INPUTS.getOrDefault(method.getName(), ""));
  }

  private static String invoke(Object function, Method method, Object first)
      throws IllegalAccessException {
    Object[] arguments =
        Arrays.stream(method.getParameterTypes()).map(PackagedWorker::argument).toArray();
    arguments[0] = first;
    try {
      Object result = method.invoke(function, arguments);
      return result instanceof HttpResponseMessage reply
          ? Integer.toString(reply.getStatusCode())
          : String.valueOf(result);
    } catch (InvocationTargetException e) {
      return "threw " + Objects.requireNonNull(e.getCause());
    }
  }

  private static @Nullable Object argument(Class<?> type) {
    if (type == ExecutionContext.class) {
      return HostCall.of("invocation-1");
    }
    return type == DurableClientContext.class ? durable() : null;
  }

  /** With an address, as the worker fills it from JSON: nobody answers there. */
  private static DurableClientContext durable() {
    try {
      DurableClientContext context = new DurableClientContext();
      Field address = DurableClientContext.class.getDeclaredField("rpcBaseUrl");
      address.setAccessible(true);
      address.set(context, NOWHERE);
      return context;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** As the host hands them over for the types of their bodies. */
  private static List<HostRequest<?>> requests(String name) {
    String path = PATHS.get(name);
    if (path != null) {
      String[] words = path.split(" ", 2);
      byte[] body = words[0].equals("GET") ? new byte[0] : "{}".getBytes(UTF_8);
      return List.of(HostRequest.marshalled(words[0], words[1], type("application/json"), body));
    }
    String root = name.equals("octets") ? "/octets" : "/";
    byte[] log = "{\"message\":\"ğ\"}\n".getBytes(UTF_8);
    return Stream.of(
            type("text/plain"),
            type("application/x-ndjson"),
            type("Application/Octet-Stream"),
            type("multipart/form-data; boundary=x"),
            Map.of("Transfer-Encoding", "chunked", "Content-Type", "text/plain"))
        .<HostRequest<?>>map(
            headers ->
                HostRequest.marshalled("POST", root + "?token=planted-token&type=", headers, log))
        .toList();
  }

  private static Map<String, String> type(String type) {
    return Map.of("Host", "example", "Content-Type", type);
  }

  /** What it decides first, for the input that a new one has. */
  private static String orchestrate(Object function, Method method) {
    String input = method.getName().equals("slices") ? "CountSlice/1000001/0/3" : "1000001/1";
    OrchestratorRequest request =
        OrchestratorRequest.newBuilder()
            .setInstanceId("1000001-1")
            .addNewEvents(
                HistoryEvent.newBuilder()
                    .setOrchestratorStarted(OrchestratorStartedEvent.getDefaultInstance()))
            .addNewEvents(
                HistoryEvent.newBuilder()
                    .setExecutionStarted(
                        ExecutionStartedEvent.newBuilder()
                            .setName("*")
                            .setInput(StringValue.of("\"" + input + "\""))))
            .build();
    byte[] reply =
        OrchestrationRunner.loadAndRun(
            request.toByteArray(),
            context -> {
              try {
                return (String) method.invoke(function, context);
              } catch (InvocationTargetException e) {
                throw (RuntimeException) Objects.requireNonNull(e.getCause());
              } catch (IllegalAccessException e) {
                throw new IllegalStateException(e);
              }
            });
    try {
      return OrchestratorResponse.parseFrom(reply).getActionsList().stream()
          .map(action -> action.getScheduleTask().getName())
          .toList()
          .toString();
    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
      throw new IllegalStateException(Base64.getEncoder().encodeToString(reply), e);
    }
  }

  /**
   * Customers' buckets need more of the package than any function does before it has an account.
   */
  private static String bucket() {
    AwsEndpoints nowhere = new AwsEndpoints(URI.create(NOWHERE), null, null, null, null, null);
    try {
      new S3ArchiveStorageProvider(
              new AwsClients("us-east-1", AnonymousCredentialsProvider.create(), nowhere))
          .open(
              StorageAccess.S3.keys(new S3Location("bucket", ""), "AKIAEXAMPLE", new Secret("s")),
              Patience.BRIEF)
          .head("key");
      return "found";
    } catch (RuntimeException e) {
      return "threw " + e.getClass().getName();
    }
  }

  /** The way to Durable Functions needs more of it than any function does before a restore. */
  private static String durableFunctions() {
    DurableClients clients = new DurableClients();
    clients.show(durable());
    try {
      return "running: " + new DurableRestoreWorkflow(clients).isRunning(1_000_001, 1);
    } catch (RuntimeException e) {
      return "threw " + e;
    }
  }
}
