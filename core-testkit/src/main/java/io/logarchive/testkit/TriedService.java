package io.logarchive.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.logarchive.account.Secret;
import io.logarchive.archive.StorageAccess;
import io.logarchive.http.ApiRequest;
import io.logarchive.http.ApiResponse;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A service that runs, as {@link ServiceContract} calls it: over HTTP alone. Every reply is held to
 * {@code openapi.yaml}, and none may show a secret that the service was given.
 */
public final class TriedService {
  private static final String ACCOUNTS = "/v1/account-management/time-based-accounts";
  private static final String SETTINGS = "/v2/archive/settings";
  private static final Duration TIME_LIMIT = Duration.ofSeconds(90);
  private static final OpenApi FILE = OpenApi.ofTheService();
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Where it answers.
   *
   * @param api without a slash at its end
   * @param text takes logs as text
   * @param octets takes logs as bytes; may be the same
   */
  public record Addresses(URI api, URI text, URI octets) {}

  /** A bucket that is nobody's archive, with a key that opens it. */
  public record Bucket(String name, String accessKey, Secret secretKey) {}

  /** Changes a file in the bucket, as its owner may. */
  @FunctionalInterface
  public interface Owner {
    /**
     * Writes it, over what was there.
     *
     * @param content null removes it
     */
    void put(String key, byte @Nullable [] content);
  }

  /**
   * What it may be archived in.
   *
   * @param container null where containers cannot be opened
   */
  public record Storages(
      Bucket bucket, Owner bucketsOwner, StorageAccess.@Nullable Blob container) {}

  /**
   * From where on it refuses.
   *
   * @param searchesPerMinute of one token
   * @param logBytesAtOnce of one account
   */
  public record Limits(int searchesPerMinute, int logBytesAtOnce) {}

  /**
   * What came back.
   *
   * @param headers by names as HTTP documents write them
   */
  public record Reply(int status, Map<String, String> headers, byte[] body) {
    public String text() {
      return new String(body, StandardCharsets.UTF_8);
    }

    JsonNode json() throws IOException {
      return JSON.readTree(body);
    }

    Optional<String> header(String name) {
      return Optional.ofNullable(headers.get(name));
    }
  }

  /** An account that is there until it is closed, with all that it has. */
  public final class Customer implements AutoCloseable {
    private final String place = "tried-" + Samples.uid().value();
    private final int id;
    private final String apiToken;
    private final String shippingToken;

    private Customer(JsonNode account) {
      this.id = account.path("accountId").intValue();
      this.apiToken = account.path("apiToken").textValue();
      this.shippingToken = account.path("shippingToken").textValue();
    }

    int id() {
      return id;
    }

    String apiToken() {
      return apiToken;
    }

    String shippingToken() {
      return shippingToken;
    }

    Reply call(String method, String path, @Nullable String body)
        throws IOException, InterruptedException {
      return TriedService.this.call(method, path, apiToken, body);
    }

    /** Logs as text. */
    Reply ship(String logs) throws IOException, InterruptedException {
      return logs("?token=" + shippingToken, Map.of(), bytes(logs));
    }

    /** Settings for its place in the bucket. */
    String bucket() {
      return inBucket(place, storages.bucket().secretKey().value());
    }

    /** Settings for its place in the container. */
    String container() {
      return inContainer(place);
    }

    /** Puts a file of another's where the bucket says whose archive it is. */
    void loseThePlace(String proof) {
      storages.bucketsOwner().put(place + "/" + proof, bytes("{}"));
    }

    void regainThePlace(String proof) {
      storages.bucketsOwner().put(place + "/" + proof, null);
    }

    /** Sets up what it archives into, and gives the settings' id. */
    int archive(String settings) throws IOException, InterruptedException {
      Reply reply = call("POST", SETTINGS, settings);
      assertThat(reply.status()).as(reply.text()).isEqualTo(200);
      return reply.json().path("id").intValue();
    }

    @Override
    public void close() throws IOException {
      try {
        Reply reply = admin("DELETE", ACCOUNTS + "/" + id + "?force=true", null);
        assertThat(reply.status()).as(reply.text()).isIn(200, 404);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("The account " + id + " may still be there", e);
      }
    }
  }

  private final HttpClient http;
  private final Addresses addresses;
  private final Secret adminToken;
  private final Storages storages;
  private final Limits limits;

  public TriedService(
      HttpClient http, Addresses addresses, Secret adminToken, Storages storages, Limits limits) {
    this.http = http;
    this.addresses = addresses;
    this.adminToken = adminToken;
    this.storages = storages;
    this.limits = limits;
  }

  Limits limits() {
    return limits;
  }

  boolean opensContainers() {
    return storages.container() != null;
  }

  /** A new account without an archive. */
  Customer customer(String name) throws IOException, InterruptedException {
    Reply reply =
        admin("POST", ACCOUNTS, "{\"accountName\":\"%s\",\"maxDailyGB\":10}".formatted(name));
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    return new Customer(reply.json());
  }

  /** A new account that archives into the bucket. */
  Customer archivingCustomer(String name) throws IOException, InterruptedException {
    Customer customer = customer(name);
    customer.archive(customer.bucket());
    return customer;
  }

  /** Settings for a place in the bucket. */
  String inBucket(String place, String secretKey) {
    return """
        {"storageType":"S3","amazonS3StorageSettings":{"credentialsType":"KEYS","path":"%s",
         "s3SecretCredentials":{"accessKey":"%s","secretKey":"%s"}}}"""
        .formatted(
            storages.bucket().name() + "/" + place, storages.bucket().accessKey(), secretKey);
  }

  private String inContainer(String place) {
    StorageAccess.Blob container = storages.container();
    if (container == null) {
      throw new IllegalStateException("This service opens no container");
    }
    return """
        {"storageType":"BLOB","azureBlobStorageSettings":{"tenantId":"%s","clientId":"%s",
         "clientSecret":"%s","accountName":"%s","containerName":"%s","path":"%s"}}"""
        .formatted(
            container.tenantId(),
            container.clientId(),
            container.clientSecret().value(),
            container.location().accountName(),
            container.location().containerName(),
            place);
  }

  Reply admin(String method, String path, @Nullable String body)
      throws IOException, InterruptedException {
    return call(method, path, adminToken.value(), body);
  }

  /**
   * @param token null for none
   * @param body null for none
   */
  Reply call(String method, String path, @Nullable String token, @Nullable String body)
      throws IOException, InterruptedException {
    return callWith(
        method,
        path,
        token == null ? Map.of() : Map.of("X-API-TOKEN", token),
        body == null ? null : bytes(body));
  }

  Reply callWith(String method, String path, Map<String, String> headers, byte @Nullable [] body)
      throws IOException, InterruptedException {
    Map<String, String> all = new HashMap<>(headers);
    all.put("Content-Type", "application/json");
    String plain = path.contains("?") ? path.substring(0, path.indexOf('?')) : path;
    return held(
        method,
        plain,
        send(method, addresses.api() + path, all, body == null ? null : whole(body)));
  }

  /** Sends logs where text is taken. */
  Reply logs(String query, Map<String, String> headers, byte[] body)
      throws IOException, InterruptedException {
    Map<String, String> all = new HashMap<>(headers);
    all.put("Content-Type", "application/x-ndjson");
    return held("POST", "/", send("POST", addresses.text() + query, all, whole(body)));
  }

  /** The same in chunks. */
  Reply chunkedLogs(String query, byte[] body) throws IOException, InterruptedException {
    BodyPublisher chunks = BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body));
    Map<String, String> type = Map.of("Content-Type", "application/x-ndjson");
    return held("POST", "/", send("POST", addresses.text() + query, type, chunks));
  }

  /** Sends logs where bytes are taken. */
  Reply octets(String query, Map<String, String> headers, byte[] body)
      throws IOException, InterruptedException {
    Map<String, String> all = new HashMap<>(headers);
    all.put("Content-Type", "application/octet-stream");
    return held("POST", "/", send("POST", addresses.octets() + query, all, whole(body)));
  }

  /** Any method, where text is taken. */
  Reply ingestion(String method) throws IOException, InterruptedException {
    return held(method, "/", send(method, addresses.text().toString(), Map.of(), null));
  }

  /** A call whose reply may be that of what stands before the service. */
  Reply anything(String method, String path) throws IOException, InterruptedException {
    return send(method, addresses.api() + path, Map.of(), null);
  }

  private static BodyPublisher whole(byte[] body) {
    return BodyPublishers.ofByteArray(body);
  }

  private Reply send(
      String method, String address, Map<String, String> headers, @Nullable BodyPublisher body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(address))
            .version(HttpClient.Version.HTTP_1_1)
            .timeout(TIME_LIMIT)
            .method(method, body == null ? BodyPublishers.noBody() : body);
    headers.forEach(request::header);
    HttpResponse<byte[]> response = http.send(request.build(), BodyHandlers.ofByteArray());
    Map<String, String> received =
        response.headers().map().entrySet().stream()
            .collect(
                Collectors.toMap(
                    header -> written(header.getKey()),
                    header -> String.join(",", header.getValue())));
    Reply reply = new Reply(response.statusCode(), received, response.body());
    assertThat(reply.text() + reply.headers()).doesNotContain(secrets().toArray(String[]::new));
    return reply;
  }

  private List<String> secrets() {
    Stream<Secret> given = Stream.of(adminToken, storages.bucket().secretKey());
    StorageAccess.Blob container = storages.container();
    return (container == null ? given : Stream.concat(given, Stream.of(container.clientSecret())))
        .map(Secret::value)
        .toList();
  }

  /** HTTP/1.1 knows no capitals in a header's name; the file and Java's client differ in them. */
  private static String written(String header) {
    return Arrays.stream(header.split("-", -1))
        .filter(part -> !part.isEmpty())
        .map(part -> part.substring(0, 1).toUpperCase(Locale.ROOT) + part.substring(1))
        .collect(Collectors.joining("-"));
  }

  private static Reply held(String method, String path, Reply reply) {
    List<String> faults =
        FILE.faults(
            new ApiRequest(method, path, Map.of(), Map.of(), new byte[0], true, "tried"),
            new ApiResponse(reply.status(), reply.headers(), reply.body()));
    assertThat(faults)
        .as(method + " " + path + ": " + reply.status() + " " + reply.text())
        .isEmpty();
    return reply;
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static byte[] gzip(byte[]... parts) {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(compressed)) {
      for (byte[] part : parts) {
        out.write(part);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return compressed.toByteArray();
  }

  /** The operations that the file knows, each with ids that nothing has. */
  static Stream<String> operations(Predicate<String> which) {
    return FILE.operations().stream()
        .filter(which)
        .map(operation -> operation.replaceAll("\\{\\w+}", "2000000011"));
  }
}
