package io.logarchive.search;

import io.logarchive.account.Authentication;
import io.logarchive.account.Caller;
import io.logarchive.account.Scope;
import io.logarchive.http.Api;
import io.logarchive.http.ApiRequest;
import io.logarchive.http.ApiResponse;
import io.logarchive.http.Refusal;
import io.logarchive.http.Routes;
import io.logarchive.search.SearchRestoredAccounts.Outcome;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** {@code /v1/search}: searches restored accounts. */
public final class SearchApi implements Api {
  private final Authentication authentication;
  private final SearchRestoredAccounts search;
  private final Routes routes;

  public SearchApi(Authentication authentication, SearchRestoredAccounts search) {
    this.authentication = authentication;
    this.search = search;
    Consumer<ApiRequest> guard = request -> authentication.caller(request, Scope.SEARCH);
    this.routes =
        Routes.none().and("POST", "/v1/search", this::search).notBuilt("POST", "/v1/scroll", guard);
  }

  @Override
  public ApiResponse handle(ApiRequest request) {
    return routes.handle(request);
  }

  @Override
  public Set<String> operations() {
    return routes.operations();
  }

  private ApiResponse search(ApiRequest request, Map<String, String> variables) {
    Caller caller = authentication.caller(request, Scope.SEARCH);
    return switch (search.run(caller, decode(request))) {
      case Outcome.Found found -> ApiResponse.json(200, found.reply());
      case Outcome.NoSuchAccount none ->
          throw Refusal.notFound("A restored account that accountIds names");
      case Outcome.Refused refused -> throw new Refusal(400, "SEARCH_REFUSED", refused.reason());
    };
  }

  private static SearchBody decode(ApiRequest request) {
    return SearchBody.of(request.json().object());
  }
}
