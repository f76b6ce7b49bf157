package io.logarchive.azure;

import com.azure.core.credential.AccessToken;
import com.azure.core.credential.TokenCredential;
import com.azure.core.credential.TokenRequestContext;
import io.logarchive.azure.AzureFault.Effect;
import io.logarchive.fault.ServiceException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * The token of one app registration or managed identity, for one service. Of all callers one asks
 * for it, and the others wait for the same answer; in the last 5 minutes before it expires they go
 * on with what they have. Who comes after a failure asks anew: the SDK's own cache would let nobody
 * ask for 30 s.
 */
final class AppToken implements TokenCredential {
  private static final String GET_TOKEN = "GetToken";
  static final String STORAGE = "https://storage.azure.com/.default";
  private static final Pattern ENTRA_CODE = Pattern.compile("\\b(AADSTS\\d{4,8})\\b");
  private static final Duration EARLY = Duration.ofMinutes(5);

  private final TokenCredential credential;
  private final TokenRequestContext request;
  private final Duration patience;
  private @Nullable AccessToken token;

  /** What the one who asks will get; null while nobody does. */
  private @Nullable CompletableFuture<AccessToken> answer;

  /**
   * @param patience how long an answer is waited for
   */
  AppToken(TokenCredential credential, String scope, Duration patience) {
    this.credential = credential;
    this.request = new TokenRequestContext().addScopes(scope);
    this.patience = patience;
  }

  /**
   * Makes sure that there is a token.
   *
   * @throws ServiceException if Entra refuses or does not answer, with its own code
   */
  void ensure() {
    try {
      current();
    } catch (RuntimeException e) {
      throw failure(e);
    }
  }

  @Override
  public AccessToken getTokenSync(TokenRequestContext anyRequest) {
    return current();
  }

  @Override
  public Mono<AccessToken> getToken(TokenRequestContext anyRequest) {
    return Mono.fromCallable(this::current).subscribeOn(Schedulers.boundedElastic());
  }

  private AccessToken current() {
    CompletableFuture<AccessToken> mine = new CompletableFuture<>();
    CompletableFuture<AccessToken> others;
    synchronized (this) {
      AccessToken known = token;
      others = answer;
      if (known != null && !known.isExpired()) {
        boolean early = known.getDurationUntilExpiration().compareTo(EARLY) < 0;
        if (!early || others != null) {
          return known;
        }
      }
      if (others == null) {
        answer = mine;
      }
    }
    return others == null ? ask(mine) : others.join();
  }

  private AccessToken ask(CompletableFuture<AccessToken> mine) {
    try {
      AccessToken given = Objects.requireNonNull(credential.getToken(request).block(patience));
      answered(given);
      mine.complete(given);
      return given;
    } catch (RuntimeException e) {
      AccessToken known = answered(null);
      mine.completeExceptionally(e);
      if (known == null || known.isExpired()) {
        throw e;
      }
      return known;
    } catch (Error e) {
      answered(null);
      mine.completeExceptionally(e);
      throw e;
    }
  }

  /** Gives what is known from now on. */
  private synchronized @Nullable AccessToken answered(@Nullable AccessToken given) {
    answer = null;
    if (given != null) {
      token = given;
    }
    return token;
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
