package io.logarchive.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.logarchive.account.Ids;
import io.logarchive.account.Token;
import io.logarchive.http.ApiResponse;
import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import io.logarchive.testkit.InMemoryDeployment.Customer;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** No operation tells one account of another, nor whether what it asks for is another's. */
class TenantIsolationTest {
  private static final String SETTINGS = "/v2/archive/settings";
  private static final String RESTORES = "/archive/restore";
  private static final String ACCOUNTS = "/v1/account-management/time-based-accounts";
  private static final String PREFIX = "others-prefix";
  private static final String TEXT = "others-log-text";
  private static final String NAME = "others-restore";
  private static final Set<Integer> NOT_ALLOWED = Set.of(401, 403);
  private static final String NO_ID = "";

  /** Far above what two equal calls differ by here, and far below one call of a real store. */
  private static final Duration NOISE = Duration.ofNanos(200_000);

  private static final int CALLS = 51;
  private static final int ROUNDS = 7;

  /** Which other account's id a request may name. */
  private enum Foreign {
    NOTHING,
    SETTINGS,
    RESTORE,
    ACCOUNT,
    TOKEN
  }

  /**
   * How an operation is tried.
   *
   * @param path with ID where an id stands
   * @param body the same
   * @param foreign whose id takes its place
   * @param status the reply to an account's own API token that names another's id
   */
  private record Trial(String path, String body, Foreign foreign, int status) {}

  /** Answered to everybody. */
  private static final Set<String> OPEN = Set.of("GET /healthz", "GET /openapi.yaml");

  private static final Map<String, Trial> TRIALS = new LinkedHashMap<>();

  private static void trial(
      String operation, String path, String body, Foreign foreign, int status) {
    TRIALS.put(operation, new Trial(path, body, foreign, status));
  }

  static {
    String own = InMemoryDeployment.settings("own-logs");
    String search = "{\"query\":{\"match_all\":{}},\"accountIds\":[ID]}";
    String token = "{\"name\":\"more\",\"scopes\":[\"search\"]}";
    trial("GET " + SETTINGS, SETTINGS, "", Foreign.NOTHING, 200);
    trial("POST " + SETTINGS, SETTINGS, own, Foreign.NOTHING, 409);
    trial("POST " + SETTINGS + "/test", SETTINGS + "/test", "{\"id\":ID}", Foreign.SETTINGS, 404);
    trial(
        "GET " + SETTINGS + "/aws-trust",
        SETTINGS + "/aws-trust?bucket=own-logs",
        "",
        Foreign.NOTHING,
        200);
    trial("GET " + SETTINGS + "/{id}", SETTINGS + "/ID", "", Foreign.SETTINGS, 404);
    trial("PUT " + SETTINGS + "/{id}", SETTINGS + "/ID", own, Foreign.SETTINGS, 404);
    trial("DELETE " + SETTINGS + "/{id}", SETTINGS + "/ID", "", Foreign.SETTINGS, 404);
    trial("GET " + RESTORES, RESTORES + "?before=ID", "", Foreign.RESTORE, 200);
    trial("POST " + RESTORES, RESTORES, "{\"accountName\":\"x\"}", Foreign.NOTHING, 400);
    trial("POST " + RESTORES + "/estimate", RESTORES + "/estimate", "{}", Foreign.NOTHING, 501);
    trial("GET " + RESTORES + "/{id}", RESTORES + "/ID", "", Foreign.RESTORE, 404);
    trial("DELETE " + RESTORES + "/{id}", RESTORES + "/ID", "", Foreign.RESTORE, 404);
    trial("POST /v1/search", "/v1/search", search, Foreign.RESTORE, 404);
    trial("POST /v1/scroll", "/v1/scroll", "{}", Foreign.NOTHING, 501);
    trial("POST /", "/", "{\"message\":\"own\"}", Foreign.NOTHING, 401);
    trial("GET " + ACCOUNTS, ACCOUNTS, "", Foreign.NOTHING, 403);
    trial(
        "POST " + ACCOUNTS,
        ACCOUNTS,
        "{\"accountName\":\"more\",\"maxDailyGB\":1}",
        Foreign.NOTHING,
        401);
    trial("GET " + ACCOUNTS + "/{id}", ACCOUNTS + "/ID", "", Foreign.ACCOUNT, 403);
    trial(
        "PUT " + ACCOUNTS + "/{id}",
        ACCOUNTS + "/ID",
        "{\"accountName\":\"mine\"}",
        Foreign.ACCOUNT,
        401);
    trial("DELETE " + ACCOUNTS + "/{id}", ACCOUNTS + "/ID?force=true", "", Foreign.ACCOUNT, 401);
    String tokens = ACCOUNTS + "/ID/tokens";
    trial("GET " + ACCOUNTS + "/{id}/tokens", tokens, "", Foreign.ACCOUNT, 403);
    trial("POST " + ACCOUNTS + "/{id}/tokens", tokens, token, Foreign.ACCOUNT, 403);
    String one = ACCOUNTS + "/{id}/tokens/{token}";
    trial("DELETE " + one, ACCOUNTS + "/OWN/tokens/ID", "", Foreign.TOKEN, 403);
    trial("POST " + one + "/rotate", ACCOUNTS + "/OWN/tokens/ID/rotate", "", Foreign.TOKEN, 403);
    trial("GET /v1/audit", "/v1/audit?accountId=ID", "", Foreign.ACCOUNT, 403);
  }

  private final List<String> storeCalls = new ArrayList<>();
  private final InMemoryDeployment deployment =
      new InMemoryDeployment(new InMemoryDeployment.Options().stores(this::noted));
  private final Customer own = deployment.archivingCustomer("own-logs");
  private final Customer other = deployment.customer("others-company");
  private final Map<Foreign, Integer> foreign = new LinkedHashMap<>();
  private String administering = "";

  private void fill() {
    deployment.storages.createBucket(
        "others-logs", InMemoryDeployment.ACCESS_KEY, InMemoryDeployment.SECRET_KEY);
    ApiResponse settings =
        deployment.createSettings(other, InMemoryDeployment.settings("others-logs/" + PREFIX));
    deployment.send(
        other,
        "{\"@timestamp\":\"%s\",\"message\":\"%s\"}\n".formatted(InMemoryDeployment.NOW, TEXT));
    JsonObject restore =
        deployment.restore(
            other,
            NAME,
            InMemoryDeployment.NOW.minus(Duration.ofHours(1)),
            InMemoryDeployment.NOW.plus(Duration.ofHours(1)));
    foreign.put(
        Foreign.SETTINGS, InMemoryDeployment.number(InMemoryDeployment.object(settings), "id"));
    foreign.put(Foreign.RESTORE, InMemoryDeployment.number(restore, "id"));
    foreign.put(Foreign.ACCOUNT, other.id());
    foreign.put(Foreign.TOKEN, InMemoryDeployment.number(token(other.id()), "id"));
    administering = InMemoryDeployment.text(token(own.id()), "token");
  }

  /** A token by which an account looks after itself. */
  private JsonObject token(int accountId) {
    return InMemoryDeployment.object(
        deployment.accounts(
            "POST",
            ACCOUNTS + "/" + accountId + "/tokens",
            deployment.adminToken(),
            "{\"name\":\"administering\",\"scopes\":[\"accounts\"]}"));
  }

  @Test
  void everyOperationIsTriedOrOpenToAll() {
    Set<String> known = new TreeSet<>(TRIALS.keySet());
    known.addAll(OPEN);
    assertThat(known)
        .isEqualTo(new TreeSet<>(OpenApi.ofTheService().operations()))
        .isEqualTo(new TreeSet<>(deployment.operations()));
  }

  @Test
  void noOperationAnswersWithoutATokenThatAllowsIt() {
    fill();
    String unknown = new Ids(new SecureRandom()).token(Token.Kind.API).value();
    TRIALS.forEach(
        (operation, trial) -> {
          int id = foreign.getOrDefault(trial.foreign(), 1);
          assertThat(call(operation, trial, "", id).status()).as(operation).isEqualTo(401);
          assertThat(call(operation, trial, unknown, id).status()).as(operation).isEqualTo(401);
          assertThat(call(operation, trial, wrongScope(operation), id).status())
              .as(operation)
              .isIn(NOT_ALLOWED);
        });
    isUntouched();
  }

  @Test
  void whatIsAnothersIsAnsweredLikeWhatIsNot() {
    fill();
    TRIALS.forEach(
        (operation, trial) -> {
          for (String token : List.of(own.apiToken(), administering)) {
            Seen others = seen(operation, trial, token, foreign.getOrDefault(trial.foreign(), 1));
            Seen absent = seen(operation, trial, token, 2_000_000_011);
            if (trial.foreign() != Foreign.NOTHING) {
              assertThat(others).as(operation).isEqualTo(absent);
            }
            if (token.equals(own.apiToken())) {
              assertThat(others.status()).as(operation + others).isEqualTo(trial.status());
            }
          }
        });
    isUntouched();
  }

  @Test
  void whatIsAnothersTakesAsLongAsWhatIsNot() {
    fill();
    TRIALS.forEach(
        (operation, trial) -> {
          if (trial.foreign() != Foreign.NOTHING) {
            int id = foreign.getOrDefault(trial.foreign(), 1);
            Duration apart =
                apart(
                    () -> call(operation, trial, administering, id),
                    () -> call(operation, trial, administering, 2_000_000_011));
            assertThat(apart).as(operation).isLessThan(NOISE);
          }
        });
  }

  @Test
  void aCallThatTakesLongerThanNoiseIsSeen() {
    fill();
    String operation = "GET " + RESTORES + "/{id}";
    Trial trial = Objects.requireNonNull(TRIALS.get(operation));
    Runnable call = () -> call(operation, trial, own.apiToken(), 1);
    Runnable longer =
        () -> {
          call.run();
          LockSupport.parkNanos(2 * NOISE.toNanos());
        };
    assertThat(apart(longer, call)).isGreaterThan(NOISE);
    assertThat(apart(call, longer)).isGreaterThan(NOISE);
  }

  /**
   * How far apart the usual times of two calls are, which take turns. The least of a few rounds:
   * what else runs on the machine widens it, and never hides what is there each time.
   */
  private static Duration apart(Runnable one, Runnable other) {
    Duration least = ChronoUnit.FOREVER.getDuration();
    for (int round = 0; round < ROUNDS && least.compareTo(NOISE) > 0; round++) {
      long[] ones = new long[CALLS];
      long[] others = new long[CALLS];
      for (int i = 0; i < CALLS; i++) {
        ones[i] = nanos(one);
        others[i] = nanos(other);
      }
      Arrays.sort(ones);
      Arrays.sort(others);
      Duration apart = Duration.ofNanos(ones[CALLS / 2] - others[CALLS / 2]).abs();
      least = apart.compareTo(least) < 0 ? apart : least;
    }
    return least;
  }

  private static long nanos(Runnable call) {
    long start = System.nanoTime();
    call.run();
    return System.nanoTime() - start;
  }

  @Test
  void anothersBucketIsRefusedWithoutAWordOfWhoseItIs() {
    fill();
    String theirs = InMemoryDeployment.settings("others-logs/mine");
    for (ApiResponse reply :
        List.of(
            deployment.createSettings(deployment.customer("fourth"), theirs),
            deployment.settings("PUT", SETTINGS + "/" + ownSettings(), own.apiToken(), theirs),
            deployment.settings("POST", SETTINGS + "/test", own.apiToken(), theirs))) {
      assertThat(reply.status()).isIn(409, 422);
      leaksNothing("another's bucket", reply, NO_ID);
    }
    isUntouched();
  }

  private int ownSettings() {
    return deployment.settingsStore.find(own.id()).orElseThrow().id();
  }

  private String wrongScope(String operation) {
    return operation.equals("POST /") ? own.apiToken() : own.shippingToken();
  }

  /** What a caller sees, and how often the stores are asked for it, which takes the time. */
  private record Seen(
      int status, Map<String, String> headers, String body, List<String> storeCalls) {}

  private Seen seen(String operation, Trial trial, String token, int id) {
    storeCalls.clear();
    ApiResponse reply = call(operation, trial, token, id);
    return new Seen(
        reply.status(),
        reply.headers(),
        reply.bodyText().replaceAll("\"requestId\":\"[^\"]*\"", ""),
        List.copyOf(storeCalls));
  }

  private ApiResponse call(String operation, Trial trial, String token, int id) {
    String method = operation.substring(0, operation.indexOf(' '));
    String named = Integer.toString(id);
    String path = trial.path().replace("ID", named).replace("OWN", Integer.toString(own.id()));
    if (operation.equals("POST /") && !token.isEmpty()) {
      path = "/?token=" + token;
    }
    ApiResponse reply =
        deployment.call(
            method,
            path,
            token.isEmpty() ? Map.of() : Map.of("X-API-TOKEN", token),
            trial.body().replace("ID", named).getBytes(StandardCharsets.UTF_8));
    leaksNothing(operation, reply, named);
    return reply;
  }

  private void leaksNothing(String operation, ApiResponse reply, String sent) {
    String all = reply.headers() + reply.bodyText();
    assertThat(all)
        .as(operation)
        .doesNotContain(
            PREFIX, TEXT, NAME, "others-company", other.apiToken(), other.shippingToken());
    if (!sent.isEmpty()) {
      assertThat(all).as(operation).doesNotContain("others-logs");
    }
    for (int id : foreign.values()) {
      assertThat(all).as(operation).doesNotContain(Integer.toString(id));
    }
  }

  private void isUntouched() {
    JsonValue restores =
        Json.value(deployment.restores("GET", RESTORES, other.apiToken(), "").body());
    assertThat(Json.text(restores)).contains(NAME, "\"status\":\"ACTIVE\"");
    assertThat(deployment.settings("GET", SETTINGS, other.apiToken(), "").bodyText())
        .contains("others-logs/" + PREFIX, "\"status\":\"archiving\"");
    assertThat(deployment.search(other.apiToken(), "{}").bodyText()).contains(TEXT);
    assertThat(deployment.send(other, "{\"message\":\"more\"}").status()).isEqualTo(200);
  }

  /** The same store, whose calls are noted by their names. */
  private <T> T noted(Class<T> type, T store) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              storeCalls.add(type.getSimpleName() + "." + method.getName());
              try {
                return method.invoke(store, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause() == null ? e : e.getCause();
              }
            }));
  }
}
