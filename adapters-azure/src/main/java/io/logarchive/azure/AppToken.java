package io.logarchive.azure;

import com.azure.core.credential.AccessToken;
import com.azure.core.credential.SimpleTokenCache;
import com.azure.core.credential.TokenCredential;
import com.azure.core.credential.TokenRequestContext;
import io.logarchive.azure.AzureFault.Effect;
import io.logarchive.fault.ServiceException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The token of one app registration or managed identity, for one service. It is renewed by one
 * caller 5 minutes before it expires, while the others go on with what they have.
 */
final class AppToken implements TokenCredential {
  private static final String GET_TOKEN = "GetToken";
  static final String STORAGE = "https://storage.azure.com/.default";
  private static final Pattern ENTRA_CODE = Pattern.compile("\\b(AADSTS\\d{4,8})\\b");

  private final SimpleTokenCache cache;
  private final Duration patience;

  AppToken(TokenCredential credential, String scope, Duration patience) {
    TokenRequestContext request = new TokenRequestContext().addScopes(scope);
    this.cache = new SimpleTokenCache(() -> credential.getToken(request));
    this.patience = patience;
  }

  /**
   * Makes sure that there is a token.
   *
   * @throws ServiceException if Entra refuses or does not answer, with its own code
   */
  void ensure() {
    try {
      cache.getToken().block(patience);
    } catch (RuntimeException e) {
      throw failure(e);
    }
  }

  @Override
  public Mono<AccessToken> getToken(TokenRequestContext request) {
    return cache.getToken();
  }

  private static ServiceException failure(RuntimeException e) {
    String code = entraCode(e);
    return code == null
        ? AzureFault.of(GET_TOKEN, Effect.READ, e, false)
        : new ServiceException.Denied(GET_TOKEN, code, null, e);
  }

  private static @Nullable String entraCode(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      Matcher code = ENTRA_CODE.matcher(String.valueOf(cause.getMessage()));
      if (code.find()) {
        return code.group(1);
      }
    }
    return null;
  }
}
