package io.logarchive.azure;

import com.azure.core.credential.AccessToken;
import com.azure.core.credential.TokenCredential;
import com.azure.core.credential.TokenRequestContext;
import com.microsoft.aad.msal4j.MsalServiceException;
import io.logarchive.archive.ContainerProvider;
import io.logarchive.azure.AzureFault.Effect;
import io.logarchive.fault.ServiceException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * The token of one app registration or managed identity, for one service. Of all callers one asks
 * for it, and the others wait for the same answer; in the last 5 minutes before it expires they go
 * on with what they have, and the one who asks waits for 4 s at most, then goes on too: for the
 * next 30 s nobody asks. Who has no token asks anew after each failure: the SDK's own cache would
 * let nobody ask for 30 s.
 */
final class AppToken implements TokenCredential {
  private static final String GET_TOKEN = ContainerProvider.GET_TOKEN;
  static final String STORAGE = "https://storage.azure.com/.default";
  private static final Pattern ENTRA_CODE = Pattern.compile("\\b(AADSTS\\d{4,8})\\b");
  private static final Pattern STATUS = Pattern.compile("returned status code:? (\\d{3})\\b");

  /** The SDK's own word for a failure without a name. */
  private static final String UNKNOWN = "unknown";

  private static final Duration EARLY = Duration.ofMinutes(5);
  private static final Duration EARLY_PATIENCE = Duration.ofSeconds(4);
  private static final Duration PAUSE = Duration.ofSeconds(30);

  private final TokenCredential credential;
  private final TokenRequestContext request;
  private final Duration patience;
  private final Duration pause;
  private @Nullable AccessToken token;

  /** How long the token was still good for when it could not be renewed; null if that is not so. */
  private @Nullable Duration leftAtFailure;

  /** What the one who asks will get; null while nobody does. */
  private @Nullable CompletableFuture<AccessToken> answer;

  /**
   * @param patience how long an answer is waited for
   */
  AppToken(TokenCredential credential, String scope, Duration patience) {
    this(credential, scope, patience, PAUSE);
  }

  /**
   * @param pause how long an early renewal that failed is not tried again
   */
  AppToken(TokenCredential credential, String scope, Duration patience, Duration pause) {
    this.credential = credential;
    this.request = new TokenRequestContext().addScopes(scope);
    this.patience = patience;
    this.pause = pause;
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
    boolean valid;
    synchronized (this) {
      AccessToken known = token;
      others = answer;
      valid = known != null && !known.isExpired();
      if (known != null && valid && (others != null || !isToBeRenewed(known))) {
        return known;
      }
      if (others == null) {
        answer = mine;
      }
    }
    return others == null ? ask(mine, valid) : others.join();
  }

  private boolean isToBeRenewed(AccessToken known) {
    Duration left = known.getDurationUntilExpiration();
    return left.compareTo(EARLY) < 0
        && (leftAtFailure == null || left.compareTo(leftAtFailure.minus(pause)) <= 0);
  }

  /**
   * @param early whether there is a token to go on with
   */
  private AccessToken ask(CompletableFuture<AccessToken> mine, boolean early) {
    Duration wait = early && patience.compareTo(EARLY_PATIENCE) > 0 ? EARLY_PATIENCE : patience;
    try {
      AccessToken given = whole(credential.getToken(request).block(wait));
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

  /** The SDK makes a token of a reply without one too. */
  private static AccessToken whole(@Nullable AccessToken given) {
    if (given == null || given.getToken() == null || given.getToken().isEmpty()) {
      throw new IllegalStateException("There is no token in the reply");
    }
    return given;
  }

  /** Gives what is known from now on. */
  private synchronized @Nullable AccessToken answered(@Nullable AccessToken given) {
    answer = null;
    if (given != null) {
      token = given;
      leftAtFailure = null;
    } else if (token != null) {
      leftAtFailure = token.getDurationUntilExpiration();
    }
    return token;
  }

  /** Entra has codes of the same form for what passes by itself too. */
  private static ServiceException failure(RuntimeException e) {
    MsalServiceException answered = AzureFault.cause(e, MsalServiceException.class);
    int status = answered == null ? 0 : status(answered);
    String error = answered == null ? UNKNOWN : String.valueOf(answered.errorCode());
    String code = code(entraCode(e), error, status);
    if (code == null) {
      return AzureFault.of(GET_TOKEN, Effect.READ, e, false);
    }
    boolean passes =
        status == 408 || status == 429 || status >= 500 || error.equals("temporarily_unavailable");
    return passes
        ? new ServiceException.Unavailable(GET_TOKEN, code, null, e)
        : new ServiceException.Denied(GET_TOKEN, code, null, e);
  }

  /** The most exact that there is; null where it is not sure that Entra said it. */
  private static @Nullable String code(@Nullable String entraCode, String error, int status) {
    if (entraCode != null || status == 0) {
      return entraCode;
    }
    return error.equals(UNKNOWN) ? "Http" + status : error;
  }

  /** Of a reply that is not as OAuth has it, the SDK tells the status in its message alone. */
  private static int status(MsalServiceException answered) {
    Integer status = answered.statusCode();
    if (status != null) {
      return status;
    }
    Matcher told = STATUS.matcher(String.valueOf(answered.getMessage()));
    return told.find() ? Integer.parseInt(told.group(1)) : 0;
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
