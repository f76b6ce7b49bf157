package io.logarchive.functions.azure;

import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.HttpMethod;
import com.microsoft.azure.functions.HttpRequestMessage;
import com.microsoft.azure.functions.HttpResponseMessage;
import com.microsoft.azure.functions.annotation.AuthorizationLevel;
import com.microsoft.azure.functions.annotation.FunctionName;
import com.microsoft.azure.functions.annotation.HttpTrigger;
import java.util.Optional;

/**
 * Where shippers send logs. The host hands bodies of {@code application/octet-stream} over as bytes
 * and all others as text, and the worker gives a function only one of them, the one that it
 * declares: so there are two, with two paths.
 */
public final class IngestFunctions {
  private static final String REQUEST = "request";

  private final AzureWiring wiring;

  /** For the host, which makes one for each invocation. */
  public IngestFunctions() {
    this(AzureWiring.ofWorker());
  }

  public IngestFunctions(AzureWiring wiring) {
    this.wiring = wiring;
  }

  /** Logs as text. */
  @FunctionName("Ingest")
  public HttpResponseMessage ingest(
      @HttpTrigger(
              name = REQUEST,
              authLevel = AuthorizationLevel.ANONYMOUS,
              route = "/",
              methods = {
                HttpMethod.GET,
                HttpMethod.HEAD,
                HttpMethod.POST,
                HttpMethod.PUT,
                HttpMethod.DELETE,
                HttpMethod.OPTIONS,
                HttpMethod.PATCH,
                HttpMethod.TRACE
              })
          HttpRequestMessage<Optional<String>> request,
      ExecutionContext context) {
    return wiring.ingest().answer(request, context);
  }

  /** Logs as bytes, compressed or not. */
  @FunctionName("IngestOctets")
  public HttpResponseMessage octets(
      @HttpTrigger(
              name = REQUEST,
              authLevel = AuthorizationLevel.ANONYMOUS,
              route = HttpMessages.OCTETS,
              dataType = "binary",
              methods = {
                HttpMethod.GET,
                HttpMethod.HEAD,
                HttpMethod.POST,
                HttpMethod.PUT,
                HttpMethod.DELETE,
                HttpMethod.OPTIONS,
                HttpMethod.PATCH,
                HttpMethod.TRACE
              })
          HttpRequestMessage<Optional<byte[]>> request,
      ExecutionContext context) {
    return wiring.ingest().answer(request, context);
  }
}
