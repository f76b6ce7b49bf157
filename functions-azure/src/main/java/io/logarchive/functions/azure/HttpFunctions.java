package io.logarchive.functions.azure;

import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.HttpMethod;
import com.microsoft.azure.functions.HttpRequestMessage;
import com.microsoft.azure.functions.HttpResponseMessage;
import com.microsoft.azure.functions.annotation.AuthorizationLevel;
import com.microsoft.azure.functions.annotation.FunctionName;
import com.microsoft.azure.functions.annotation.HttpTrigger;
import com.microsoft.durabletask.azurefunctions.DurableClientContext;
import com.microsoft.durabletask.azurefunctions.DurableClientInput;
import java.util.Optional;

/**
 * The paths of the API but ingestion. The host takes every caller: the API itself asks for tokens.
 * It takes every method, too, so that the API can say which are allowed.
 */
public final class HttpFunctions {
  private static final String REQUEST = "request";

  private final AzureWiring wiring;

  /** For the host, which makes one for each invocation. */
  public HttpFunctions() {
    this(AzureWiring.ofWorker());
  }

  public HttpFunctions(AzureWiring wiring) {
    this.wiring = wiring;
  }

  /** Accounts and their tokens. */
  @FunctionName("Accounts")
  public HttpResponseMessage accounts(
      @HttpTrigger(
              name = REQUEST,
              authLevel = AuthorizationLevel.ANONYMOUS,
              route = "v1/account-management/{*rest}",
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
    return wiring.accounts().answer(request, context);
  }

  /** What was done to accounts. */
  @FunctionName("Audit")
  public HttpResponseMessage audit(
      @HttpTrigger(
              name = REQUEST,
              authLevel = AuthorizationLevel.ANONYMOUS,
              route = "v1/audit",
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
    return wiring.accounts().answer(request, context);
  }

  /** Where an account archives. */
  @FunctionName("ArchiveSettings")
  public HttpResponseMessage archiveSettings(
      @HttpTrigger(
              name = REQUEST,
              authLevel = AuthorizationLevel.ANONYMOUS,
              route = "v2/archive/settings/{*rest}",
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
    return wiring.archiveSettings().answer(request, context);
  }

  /** Starts, shows and removes restores. */
  @FunctionName("Restores")
  public HttpResponseMessage restores(
      @HttpTrigger(
              name = REQUEST,
              authLevel = AuthorizationLevel.ANONYMOUS,
              route = "archive/restore/{*rest}",
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
      @DurableClientInput(name = AzureWiring.DURABLE) DurableClientContext durable,
      ExecutionContext context) {
    wiring.durable().show(durable);
    return wiring.restores().answer(request, context);
  }

  /** Searches restored accounts. */
  @FunctionName("Search")
  public HttpResponseMessage search(
      @HttpTrigger(
              name = REQUEST,
              authLevel = AuthorizationLevel.ANONYMOUS,
              route = "v1/search",
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
    return wiring.search().answer(request, context);
  }

  /** Says that scrolling is not built. */
  @FunctionName("Scroll")
  public HttpResponseMessage scroll(
      @HttpTrigger(
              name = REQUEST,
              authLevel = AuthorizationLevel.ANONYMOUS,
              route = "v1/scroll",
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
    return wiring.search().answer(request, context);
  }

  /** That the service answers, and that its configuration is whole. */
  @FunctionName("Health")
  public HttpResponseMessage health(
      @HttpTrigger(
              name = REQUEST,
              authLevel = AuthorizationLevel.ANONYMOUS,
              route = "healthz",
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
    return wiring.health().answer(request, context);
  }

  /** The description of the API. */
  @FunctionName("Description")
  public HttpResponseMessage description(
      @HttpTrigger(
              name = REQUEST,
              authLevel = AuthorizationLevel.ANONYMOUS,
              route = "openapi.yaml",
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
    return wiring.health().answer(request, context);
  }
}
