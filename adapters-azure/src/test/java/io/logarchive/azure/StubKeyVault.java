package io.logarchive.azure;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.logarchive.azurite.LoopbackTls;
import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Cipher;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import org.jspecify.annotations.Nullable;

/**
 * A Key Vault with RSA keys and their versions: {@code wrapkey}, {@code unwrapkey} and {@code
 * sign}, as the service's reference has them; nobody may read keys. Whoever shows no token is first
 * told which to get.
 */
final class StubKeyVault implements AutoCloseable {
  private static final HexFormat HEX = HexFormat.of();
  private static final byte[] DIGEST_INFO = HEX.parseHex("3031300d060960864801650304020105000420");

  /** What was asked with a token, after the challenge. */
  record Request(String target, String token, JsonObject body) {
    /** Such as {@code /keys/sealing//wrapkey}. */
    String path() {
      return target.substring(0, target.indexOf('?'));
    }
  }

  /** An answer that is no result. */
  record Failure(int status, String code, @Nullable String innerCode, Map<String, String> headers) {
    /** None: the result. */
    static final Failure NONE = new Failure(200, "", null);

    Failure(int status, String code, @Nullable String innerCode) {
      this(status, code, innerCode, Map.of());
    }
  }

  private record Version(String id, KeyPair pair, boolean enabled) {}

  private static final Map<Integer, KeyPair> PAIRS = new ConcurrentHashMap<>();

  private final HttpsServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, List<Version>> keys = new ConcurrentHashMap<>();
  private final AtomicInteger made = new AtomicInteger();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private volatile List<Failure> failures = List.of();
  private volatile @Nullable Integer cutOff;
  private volatile @Nullable String nonsense;

  StubKeyVault(LoopbackTls tls) throws IOException {
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls.context()));
    server.createContext("/", this::serve);
    server.setExecutor(threads);
    server.start();
  }

  String keyUrl(String name) {
    return "https://localhost:" + server.getAddress().getPort() + "/keys/" + name;
  }

  /** Makes a key, or a new version of one that there is; gives the version's URL. */
  String rotate(String name) {
    List<Version> versions = new ArrayList<>(keys.getOrDefault(name, List.of()));
    String id = "%032x".formatted(0xabc000 + versions.size());
    versions.add(new Version(id, pair(made.getAndIncrement()), true));
    keys.put(name, List.copyOf(versions));
    return keyUrl(name) + "/" + id;
  }

  /** Another for each of a vault's, but the same for all vaults: to make one takes long. */
  private static KeyPair pair(int number) {
    return PAIRS.computeIfAbsent(
        number,
        n -> {
          try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
          } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  void disable(String versionUrl) {
    keys.replaceAll(
        (name, versions) ->
            versions.stream()
                .map(
                    version ->
                        versionUrl.endsWith("/" + version.id())
                            ? new Version(version.id(), version.pair(), false)
                            : version)
                .toList());
  }

  /** Answers so from now on, one after the other, and with the last again and again. */
  void fail(Failure... answers) {
    failures = List.of(answers);
  }

  /** Ends the connection after so many bytes of a result, or before its last. */
  void cutOffAfter(int bytes) {
    cutOff = bytes;
  }

  /** Answers so in place of every result. */
  void talkNonsense(String reply) {
    nonsense = reply;
  }

  List<Request> requests() {
    return List.copyOf(requests);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void serve(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    exchange.getResponseHeaders().add("Content-Type", "application/json; charset=utf-8");
    exchange.getResponseHeaders().add("x-ms-request-id", "REQUEST-1");
    if (authorization == null) {
      exchange
          .getResponseHeaders()
          .add(
              "WWW-Authenticate",
              "Bearer authorization=\"https://login.microsoftonline.com/"
                  + StubEntra.TENANT
                  + "\", resource=\"https://vault.azure.net\"");
      refuse(exchange, new Failure(401, "Unauthorized", null));
      return;
    }
    Request request =
        new Request(
            exchange.getRequestURI().toString(),
            authorization,
            body.length == 0 ? JsonObject.EMPTY : Json.object(body));
    requests.add(request);
    List<Failure> next = failures;
    if (!next.isEmpty()) {
      failures = next.size() == 1 ? next : next.subList(1, next.size());
      if (!next.getFirst().equals(Failure.NONE)) {
        refuse(exchange, next.getFirst());
        return;
      }
    }
    if (!exchange.getRequestMethod().equals("POST")) {
      refuse(exchange, new Failure(403, "Forbidden", "ForbiddenByRbac"));
      return;
    }
    String[] path = request.path().split("/", -1);
    Version version = version(path[2], path[3]);
    if (version == null) {
      refuse(exchange, new Failure(404, "KeyNotFound", null));
    } else if (!version.enabled()) {
      refuse(exchange, new Failure(403, "Forbidden", "KeyDisabled"));
    } else {
      try {
        byte[] result = result(path[4], request.body(), version.pair());
        send(
            exchange,
            200,
            JsonObject.builder()
                .put("kid", keyUrl(path[2]) + "/" + version.id())
                .put("value", Base64.getUrlEncoder().withoutPadding().encodeToString(result))
                .build());
      } catch (GeneralSecurityException e) {
        refuse(exchange, new Failure(400, "BadParameter", null));
      }
    }
  }

  private @Nullable Version version(String name, String id) {
    List<Version> versions = keys.getOrDefault(name, List.of());
    return id.isEmpty() && !versions.isEmpty()
        ? versions.getLast()
        : versions.stream().filter(version -> version.id().equals(id)).findFirst().orElse(null);
  }

  private static byte[] result(String operation, JsonObject body, KeyPair pair)
      throws GeneralSecurityException {
    byte[] value = Base64.getUrlDecoder().decode(text(body, "value"));
    return switch (operation + " " + text(body, "alg")) {
      case "wrapkey RSA-OAEP-256" -> {
        Cipher cipher = oaep();
        cipher.init(Cipher.ENCRYPT_MODE, pair.getPublic(), PARAMETERS);
        yield cipher.doFinal(value);
      }
      case "unwrapkey RSA-OAEP-256" -> {
        Cipher cipher = oaep();
        cipher.init(Cipher.DECRYPT_MODE, pair.getPrivate(), PARAMETERS);
        yield cipher.doFinal(value);
      }
      case "sign RS256" -> {
        Signature signature = Signature.getInstance("NONEwithRSA");
        signature.initSign(pair.getPrivate());
        signature.update(DIGEST_INFO);
        signature.update(value);
        yield signature.sign();
      }
      default -> throw new GeneralSecurityException("No such operation: " + operation);
    };
  }

  private static final OAEPParameterSpec PARAMETERS =
      new OAEPParameterSpec(
          "SHA-256", "MGF1", MGF1ParameterSpec.SHA256, PSource.PSpecified.DEFAULT);

  private static Cipher oaep() throws GeneralSecurityException {
    return Cipher.getInstance("RSA/ECB/OAEPPadding");
  }

  private static String text(JsonObject body, String name) {
    return body.member(name).orElseThrow() instanceof JsonValue.Text text ? text.value() : "";
  }

  /** The names in the message are as the vault's are: it shows the caller and the key. */
  private void refuse(HttpExchange exchange, Failure failure) throws IOException {
    failure.headers().forEach(exchange.getResponseHeaders()::add);
    JsonObject.Builder error =
        JsonObject.builder()
            .put("code", failure.code())
            .put("message", "Caller: appid=planted;oid=planted\r\nVault: planted");
    if (failure.innerCode() != null) {
      error.put("innererror", JsonObject.builder().put("code", failure.innerCode()).build());
    }
    send(exchange, failure.status(), JsonObject.builder().put("error", error.build()).build());
  }

  private void send(HttpExchange exchange, int status, JsonObject json) throws IOException {
    String other = nonsense;
    byte[] body = status == 200 && other != null ? other.getBytes(UTF_8) : json.bytes();
    Integer cut = cutOff;
    int most = status == 200 && cut != null ? Math.min(cut, body.length - 1) : body.length;
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body, 0, most);
    exchange.close();
  }
}
