package io.logarchive.functions.azure;

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
import java.lang.management.ManagementFactory;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
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
      System.out.println("ANSWERED " + entryPoint + " " + sinceStart());
    }
    System.out.println("RESULT bucket " + bucket());
  }

  /** Milliseconds since the JVM began. */
  private static long sinceStart() {
    return System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime();
  }

  private static String call(Object function, Method method) throws IllegalAccessException {
    if (method.getParameterTypes()[0] == TaskOrchestrationContext.class) {
      return orchestrate(function, method);
    }
    Object[] arguments =
        Arrays.stream(method.getParameterTypes())
            .map(type -> argument(type, method.getName()))
            .toArray();
    try {
      Object result = method.invoke(function, arguments);
      return result instanceof HttpResponseMessage reply
          ? Integer.toString(reply.getStatusCode())
          : String.valueOf(result);
    } catch (InvocationTargetException e) {
      return "threw " + Objects.requireNonNull(e.getCause());
    }
  }

  private static Object argument(Class<?> type, String name) {
    if (type == HttpRequestMessage.class) {
      return request(name);
    }
    if (type == ExecutionContext.class) {
      return HostCall.of("invocation-1");
    }
    return type == DurableClientContext.class ? new DurableClientContext() : "1000001/0";
  }

  /** With a body as the host hands it over for its content type: text, or bytes. */
  private static HostRequest<?> request(String name) {
    Map<String, String> host = Map.of("Host", "example", "Content-Type", "application/json");
    byte[] log = "{\"message\":\"ğ\"}\n".getBytes(StandardCharsets.UTF_8);
    return switch (name) {
      case "ingest" -> HostRequest.text("/?token=planted-token&type=", host, log);
      case "octets" -> HostRequest.octets("/octets?token=planted-token&type=", host, log);
      default -> {
        String[] words = Objects.requireNonNull(PATHS.get(name), name).split(" ", 2);
        yield HostRequest.of(words[0], words[1], host);
      }
    };
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
}
