package io.logarchive.http;

import io.logarchive.fault.ServiceException;
import io.logarchive.json.InvalidFieldException;
import io.logarchive.json.MalformedJsonException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds what answers a request by method and path, and turns every failure into a reply: an unknown
 * path {@code 404}, another method {@code 405} with {@code Allow}, bad input {@code 400}, a store
 * that fails {@code 503}, a bug {@code 500}. Logs only the last two: what became of every request
 * is for the entry point to log.
 */
public final class Routes implements Api {
  private static final Logger LOG = LoggerFactory.getLogger(Routes.class);

  /** What answers a route; {@code variables} are the path's parts in braces. */
  @FunctionalInterface
  public interface Action {
    ApiResponse answer(ApiRequest request, Map<String, String> variables);
  }

  private record Route(String method, String template, List<String> parts, Action action) {

    boolean matches(List<String> path) {
      return path.size() == parts.size()
          && IntStream.range(0, path.size())
              .allMatch(i -> isVariable(parts.get(i)) || parts.get(i).equals(path.get(i)));
    }

    Map<String, String> variables(List<String> path) {
      Map<String, String> variables = new HashMap<>();
      for (int i = 0; i < path.size(); i++) {
        String part = parts.get(i);
        if (isVariable(part)) {
          variables.put(part.substring(1, part.length() - 1), path.get(i));
        }
      }
      return variables;
    }

    private static boolean isVariable(String part) {
      return part.startsWith("{");
    }
  }

  private final List<Route> routes;

  private Routes(List<Route> routes) {
    this.routes = routes;
  }

  public static Routes none() {
    return new Routes(List.of());
  }

  /**
   * These routes and one more.
   *
   * @param template such as {@code /archive/restore/{id}}
   */
  public Routes and(String method, String template, Action action) {
    List<Route> more = new ArrayList<>(routes);
    more.add(new Route(method, template, parts(template), action));
    return new Routes(List.copyOf(more));
  }

  /** These routes and those. */
  public Routes and(Routes others) {
    return new Routes(Stream.concat(routes.stream(), others.routes.stream()).toList());
  }

  /**
   * These routes and one that answers {@code 501}, to those who may call it.
   *
   * @param guard refuses all others
   */
  public Routes notBuilt(String method, String template, Consumer<ApiRequest> guard) {
    return and(
        method,
        template,
        (request, variables) -> {
          guard.accept(request);
          throw Refusal.notBuilt(method + " " + template);
        });
  }

  @Override
  public ApiResponse handle(ApiRequest request) {
    try {
      return route(request);
    } catch (Refusal e) {
      return e.reply(request.id());
    } catch (InvalidFieldException e) {
      return Refusal.invalid(String.valueOf(e.getMessage())).reply(request.id());
    } catch (MalformedJsonException e) {
      return Refusal.invalid("The body " + e.getMessage()).reply(request.id());
    } catch (ServiceException e) {
      LOG.atError().setCause(e).addKeyValue("requestId", request.id()).log("a service failed");
      return Refusal.later("UNAVAILABLE", "A service behind this one failed; try again", 5)
          .reply(request.id());
    } catch (RuntimeException e) {
      LOG.atError().setCause(e).addKeyValue("requestId", request.id()).log("request failed");
      return new Refusal(
              500, "INTERNAL", "Something is wrong on our side; the request id helps to find it")
          .reply(request.id());
    }
  }

  @Override
  public Set<String> operations() {
    return routes.stream()
        .map(route -> route.method() + " " + route.template())
        .collect(Collectors.toUnmodifiableSet());
  }

  private ApiResponse route(ApiRequest request) {
    List<Route> found = withPath(parts(request.path()));
    for (Route route : found) {
      if (route.method().equals(request.method())) {
        LogContext.route(route.template());
        return route.action().answer(request, route.variables(parts(request.path())));
      }
    }
    if (found.isEmpty()) {
      throw Refusal.notFound("This path");
    }
    Set<String> allowed = new TreeSet<>(found.stream().map(Route::method).toList());
    throw new Refusal(405, "METHOD_NOT_ALLOWED", "This path takes " + String.join(", ", allowed))
        .with("Allow", String.join(", ", allowed));
  }

  /** Those of one path: a path that is written out is no other's variable. */
  private List<Route> withPath(List<String> path) {
    List<Route> exact = routes.stream().filter(route -> route.parts().equals(path)).toList();
    return exact.isEmpty() ? routes.stream().filter(route -> route.matches(path)).toList() : exact;
  }

  private static List<String> parts(String path) {
    return List.of(
        (path.endsWith("/") ? path.substring(0, path.length() - 1) : path).split("/", -1));
  }
}
