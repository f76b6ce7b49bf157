package io.logarchive.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.azure.core.credential.AccessToken;
import com.azure.core.credential.TokenCredential;
import com.azure.core.credential.TokenRequestContext;
import io.logarchive.fault.ServiceException;
import java.net.ConnectException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Mono;

@Timeout(60)
final class AppTokenTest {
  private static final TokenRequestContext ANY = new TokenRequestContext().addScopes("any");
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration LONG = Duration.ofHours(1);
  private static final Duration NEARLY_OVER = Duration.ofMinutes(4);

  private final AtomicInteger asked = new AtomicInteger();

  @Test
  void oneIsKeptUntilItIsNearlyOver() {
    AppToken token = token(answers(List.of(given("first", LONG))));

    assertThat(token.getTokenSync(ANY).getToken()).isEqualTo("first");
    assertThat(token.getTokenSync(ANY).getToken()).isEqualTo("first");
    assertThat(token.getToken(ANY).block(PATIENCE))
        .extracting(AccessToken::getToken)
        .isEqualTo("first");
    assertThat(asked).hasValue(1);
  }

  @Test
  void whoComesAfterAFailureAsksAgainAtOnce() {
    AppToken token =
        token(
            answers(
                List.of(
                    Mono.error(new IllegalStateException("AADSTS7000215: planted")),
                    Mono.error(new ConnectException()),
                    given("third", LONG))));

    assertThatThrownBy(token::ensure)
        .isInstanceOf(ServiceException.Denied.class)
        .hasMessage("GetToken: AADSTS7000215");
    assertThatThrownBy(token::ensure)
        .isInstanceOf(ServiceException.Unavailable.class)
        .hasMessage("GetToken: Unreachable");
    token.ensure();
    assertThat(token.getTokenSync(ANY).getToken()).isEqualTo("third");
    assertThat(asked).hasValue(3);
  }

  @Test
  void whoWaitsGetsTheFailureOfTheOneWhoAsked() throws Exception {
    CountDownLatch isAsked = new CountDownLatch(1);
    CompletableFuture<AccessToken> reply = new CompletableFuture<>();
    AppToken token =
        token(
            request -> {
              asked.incrementAndGet();
              isAsked.countDown();
              return Mono.fromFuture(reply);
            });
    CompletableFuture<Throwable> asks = new CompletableFuture<>();
    CompletableFuture<Throwable> waits = new CompletableFuture<>();
    Thread.ofPlatform().start(() -> asks.complete(catchThrowable(token::ensure)));
    assertThat(isAsked.await(30, TimeUnit.SECONDS)).isTrue();
    Thread second = Thread.ofPlatform().start(() -> waits.complete(catchThrowable(token::ensure)));
    while (second.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    reply.completeExceptionally(new IllegalStateException("AADSTS700016: planted"));

    assertThat(asks.get(30, TimeUnit.SECONDS)).hasMessage("GetToken: AADSTS700016");
    assertThat(waits.get(30, TimeUnit.SECONDS)).hasMessage("GetToken: AADSTS700016");
    assertThat(asked).hasValue(1);
  }

  @Test
  void whileOneRenewsItTheOthersGoOn() throws Exception {
    CountDownLatch isAsked = new CountDownLatch(2);
    CompletableFuture<AccessToken> reply = new CompletableFuture<>();
    AppToken token =
        token(
            request -> {
              isAsked.countDown();
              return asked.incrementAndGet() == 1
                  ? given("first", NEARLY_OVER)
                  : Mono.fromFuture(reply);
            });
    token.ensure();
    CompletableFuture<String> renewed =
        CompletableFuture.supplyAsync(() -> token.getTokenSync(ANY).getToken());
    assertThat(isAsked.await(30, TimeUnit.SECONDS)).isTrue();

    assertThat(token.getTokenSync(ANY).getToken()).isEqualTo("first");
    reply.complete(given("second", LONG).block());
    assertThat(renewed.get(30, TimeUnit.SECONDS)).isEqualTo("second");
    assertThat(token.getTokenSync(ANY).getToken()).isEqualTo("second");
    assertThat(asked).hasValue(2);
  }

  @Test
  void oneThatCannotBeRenewedIsUsedAndNobodyAsksForAWhile() {
    AppToken token =
        token(answers(List.of(given("first", NEARLY_OVER), Mono.error(new ConnectException()))));

    token.ensure();
    for (int i = 0; i < 10; i++) {
      assertThat(token.getTokenSync(ANY).getToken()).isEqualTo("first");
    }
    assertThat(asked).hasValue(2);
  }

  @Test
  void afterAWhileItIsAskedForAgain() {
    AppToken token =
        new AppToken(
            answers(
                List.of(
                    given("first", NEARLY_OVER),
                    Mono.error(new ConnectException()),
                    given("third", NEARLY_OVER),
                    given("fourth", LONG))),
            AppToken.STORAGE,
            PATIENCE,
            Duration.ZERO);

    token.ensure();
    assertThat(token.getTokenSync(ANY).getToken()).isEqualTo("first");
    assertThat(token.getTokenSync(ANY).getToken()).isEqualTo("third");
    assertThat(token.getTokenSync(ANY).getToken()).isEqualTo("fourth");
  }

  @Test
  void aRenewalThatIsNotAnsweredHoldsNobodyUpForLong() {
    AppToken token = token(answers(List.of(given("first", NEARLY_OVER), Mono.never())));

    token.ensure();
    long begun = System.nanoTime();
    assertThat(token.getTokenSync(ANY).getToken()).isEqualTo("first");
    assertThat(token.getTokenSync(ANY).getToken()).isEqualTo("first");
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(8));
    assertThat(asked).hasValue(2);
  }

  @Test
  void oneThatIsOverAfterAFailedRenewalIsAskedForAtOnce() {
    AppToken token =
        token(
            answers(
                List.of(
                    given("first", Duration.ofMillis(500)),
                    Mono.error(new ConnectException()),
                    given("third", LONG))));

    token.ensure();
    AccessToken first = token.getTokenSync(ANY);
    while (!first.isExpired()) {
      Thread.onSpinWait();
    }
    assertThat(token.getTokenSync(ANY).getToken()).isEqualTo("third");
  }

  @Test
  void oneThatIsOverIsNotUsed() {
    AppToken token =
        token(
            answers(
                List.of(
                    given("first", Duration.ofSeconds(-1)), Mono.error(new ConnectException()))));

    token.ensure();
    assertThatThrownBy(token::ensure)
        .isInstanceOf(ServiceException.Unavailable.class)
        .hasMessage("GetToken: Unreachable");
  }

  @Test
  void anAnswerIsNotWaitedForLongerThanThis() {
    AppToken token = new AppToken(request -> Mono.never(), AppToken.STORAGE, Duration.ofMillis(50));

    assertThatThrownBy(token::ensure)
        .isInstanceOf(ServiceException.Unavailable.class)
        .hasMessage("GetToken: Timeout");
  }

  private static AppToken token(TokenCredential credential) {
    return new AppToken(credential, AppToken.STORAGE, PATIENCE);
  }

  private TokenCredential answers(List<Mono<AccessToken>> answers) {
    Queue<Mono<AccessToken>> left = new ArrayDeque<>(answers);
    return request -> {
      asked.incrementAndGet();
      return left.remove();
    };
  }

  private static Mono<AccessToken> given(String text, Duration valid) {
    return Mono.just(new AccessToken(text, Instant.now().plus(valid).atOffset(ZoneOffset.UTC)));
  }
}
