package io.logarchive.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.logarchive.account.Account;
import io.logarchive.account.Scope;
import io.logarchive.account.Token;
import io.logarchive.account.TokenRecord;
import io.logarchive.account.Uid;
import io.logarchive.archive.ArchiveStorage;
import io.logarchive.archive.Content;
import io.logarchive.fault.ServiceException;
import io.logarchive.format.ObjectName;
import io.logarchive.http.ApiResponse;
import io.logarchive.json.JsonObject;
import io.logarchive.testkit.ArchiveStorageDecorator;
import io.logarchive.testkit.InMemoryDeployment;
import io.logarchive.testkit.InMemoryDeployment.Customer;
import io.logarchive.testkit.Samples;
import io.logarchive.testkit.TestArchive;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IngestApiTest {
  private static final String LOG =
      "{\"@timestamp\":\"2026-11-22T17:00:00.000Z\",\"type\":\"t\",\"n\":1}";

  private final InMemoryDeployment deployment = new InMemoryDeployment();
  private final Customer customer = deployment.archivingCustomer("bucket-1");

  @Test
  void goodLogsAreArchivedWithTheirBytes() {
    String second =
        "{ \"n\" : 2.50, \"type\":\"t\", \"@timestamp\" : \"2026-11-22T17:00:01Z\" , \"u\":\"ü\\u00fc\" }";
    ApiResponse reply = deployment.send(customer, LOG + "\n" + second + "\n");
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body()).isEmpty();
    assertThat(lines()).containsExactly(LOG, second);
  }

  @Test
  void aMissingLastNewlineAndWindowsLineEndsAreFine() {
    assertThat(deployment.send(customer, LOG + "\r\n" + LOG.replace('1', '3')).status())
        .isEqualTo(200);
    assertThat(lines()).containsExactly(LOG, LOG.replace('1', '3'));
  }

  @Test
  void aLogWithoutTimeOrTypeGetsBoth() {
    deployment.send(customer, "{}\n{\"a\":1}\n{\"type\":\"own\"}\n");
    assertThat(lines())
        .containsExactly(
            "{\"@timestamp\":\"2026-11-22T17:30:00.000Z\",\"type\":\"http-bulk\"}",
            "{\"@timestamp\":\"2026-11-22T17:30:00.000Z\",\"type\":\"http-bulk\",\"a\":1}",
            "{\"@timestamp\":\"2026-11-22T17:30:00.000Z\",\"type\":\"own\"}");
  }

  @Test
  void theTypeOfTheRequestIsEscaped() {
    ingest(Map.of("token", customer.shippingToken(), "type", "a\"b\\ü"), Map.of(), bytes("{}"));
    assertThat(lines().getFirst()).contains("\"type\":\"a\\\"b\\\\ü\"");
  }

  @Test
  void aTimeThatIsPresentIsNeverChangedOrAdded() {
    List<String> logs =
        List.of(
            "{\"@timestamp\":\"yesterday\",\"type\":\"t\"}",
            "{\"@timestamp\":null,\"type\":\"t\"}",
            "{\"\\u0040timestamp\":\"2026-11-22T17:00:00Z\",\"type\":\"t\"}");
    assertThat(deployment.send(customer, String.join("\n", logs)).status()).isEqualTo(200);
    assertThat(lines()).containsExactlyInAnyOrderElementsOf(logs);
  }

  @Test
  void logsOfDifferentHoursAreDifferentObjects() {
    deployment.send(
        customer,
        at("2026-11-22T16:59:59.999Z")
            + "\n"
            + at("2026-11-22T17:00:00Z")
            + "\n"
            + at("2026-11-22T16:00:00Z"));
    assertThat(names())
        .extracting(ObjectName::lines, name -> name.path().substring(0, 20))
        .containsExactly(tuple(2L, "dt=20261122/hour=16/"), tuple(1L, "dt=20261122/hour=17/"));
  }

  @Test
  void logsWithoutAUsableTimeAreAnObjectOfTheirOwnUnderTheirArrival() {
    deployment.send(
        customer,
        String.join(
            "\n",
            LOG,
            at("2026-11-23T17:30:00.001Z"),
            at("1969-12-31T23:59:59Z"),
            at("no time"),
            "{\"n\":1}"));
    long arrival = InMemoryDeployment.NOW.toEpochMilli();
    assertThat(names()).hasSize(2);
    assertThat(names())
        .anySatisfy(
            name -> {
              assertThat(name.lines()).isEqualTo(4);
              assertThat(name.min()).isEqualTo(arrival);
              assertThat(name.max()).isEqualTo(arrival);
            });
  }

  @Test
  void aTimeUpToADayAheadIsUsed() {
    deployment.send(customer, at("2026-11-23T17:30:00Z"));
    assertThat(names().getFirst().path()).startsWith("dt=20261123/hour=17/");
  }

  @Test
  void moreThan48HoursInOneBodyAreFiledUnderTheirArrival() {
    StringBuilder body = new StringBuilder();
    for (int hour = 0; hour < 50; hour++) {
      body.append(at(InMemoryDeployment.NOW.minus(Duration.ofHours(hour)).toString())).append('\n');
    }
    assertThat(deployment.send(customer, body.toString()).status()).isEqualTo(200);
    assertThat(names()).hasSize(49);
    assertThat(names().stream().mapToLong(ObjectName::lines).sum()).isEqualTo(50);
  }

  @Test
  void theSameBodyAgainAddsNothing() {
    String body = LOG + "\n" + at("2026-11-22T03:00:00Z") + "\n";
    deployment.send(customer, body);
    List<ObjectName> once = names();
    deployment.clock.advance(Duration.ofMinutes(1));
    assertThat(deployment.send(customer, body).status()).isEqualTo(200);
    assertThat(names()).isEqualTo(once);
  }

  @Test
  void badLinesAreCountedAndTheGoodOnesKept() {
    String oversized = "{\"a\":\"" + "x".repeat(500_000) + "\"}";
    ApiResponse reply =
        deployment.send(
            customer,
            String.join(
                "\n",
                LOG,
                "not json",
                "{\"a\":",
                "",
                oversized,
                "[1]",
                at("2026-11-22T17:00:02Z")));
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.bodyText())
        .isEqualTo(
            "{\"malformedLines\":3,\"successfulLines\":2,\"oversizedLines\":1,\"emptyLogLines\":1}");
    assertThat(lines()).containsExactly(LOG, at("2026-11-22T17:00:02Z"));
  }

  @Test
  void aLineOf500000BytesIsTakenAndOneMoreIsNot() {
    String line = "{\"type\":\"t\",\"a\":\"" + "x".repeat(500_000 - 19) + "\"}";
    assertThat(line).hasSize(500_000);
    assertThat(deployment.send(customer, line).status()).isEqualTo(200);
    assertThat(
            deployment
                .send(customer, line.replace("xx", "xxx").substring(0, 499_999) + "\"}")
                .bodyText())
        .contains("\"oversizedLines\":1");
  }

  @Test
  void blankLinesBehindTheLastLogAreNoFault() {
    assertThat(deployment.send(customer, LOG + "\n\n \r\n").status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", " \r\n\t\n"})
  void aBodyWithoutALogIsRefused(String body) {
    ApiResponse reply = deployment.send(customer, body);
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.bodyText()).contains("holds no log");
  }

  @Test
  void onePrettyPrintedObjectIsOneLog() {
    ApiResponse reply =
        deployment.send(
            customer,
            "{\r\n  \"type\": \"t\",\n  \"@timestamp\": \"2026-11-22T17:00:00Z\",\n  \"a\": {\n \"b\": [1,\n2]}\n}\n");
    assertThat(reply.status()).isEqualTo(200);
    assertThat(lines())
        .containsExactly(
            "{    \"type\": \"t\",   \"@timestamp\": \"2026-11-22T17:00:00Z\",   \"a\": {  \"b\": [1, 2]} }");
  }

  @Test
  void aTokenIsAskedFor() {
    ApiResponse missing = ingest(Map.of(), Map.of(), bytes(LOG));
    assertThat(missing.status()).isEqualTo(401);
    assertThat(missing.bodyText()).isEqualTo("Logging token is missing");
    ApiResponse wrong = ingest(Map.of("token", "la_ship_wrong"), Map.of(), bytes(LOG));
    assertThat(wrong.status()).isEqualTo(401);
    assertThat(wrong.bodyText()).isEqualTo("Logging token is not valid");
    assertThat(lines()).isEmpty();
  }

  @Test
  void anApiTokenDoesNotShip() {
    assertThat(ingest(Map.of("token", customer.apiToken()), Map.of(), bytes(LOG)).status())
        .isEqualTo(401);
  }

  @Test
  void gzipIsInflated() throws IOException {
    byte[] body = gzip(bytes(LOG + "\n" + at("2026-11-22T17:00:01Z") + "\n"));
    assertThat(ingest(token(), Map.of("Content-Encoding", "gzip"), body).status()).isEqualTo(200);
    assertThat(lines()).containsExactly(LOG, at("2026-11-22T17:00:01Z"));
  }

  @Test
  void brokenGzipIsRefusedAndNothingOfItIsKept() throws IOException {
    byte[] whole = gzip(bytes((LOG + "\n").repeat(1_000)));
    for (byte[] broken :
        List.of(bytes(LOG), Arrays.copyOf(whole, whole.length - 9), Arrays.copyOf(whole, 3))) {
      ApiResponse reply = ingest(token(), Map.of("Content-Encoding", "gzip"), broken);
      assertThat(reply.status()).isEqualTo(400);
      assertThat(reply.bodyText()).contains("not whole gzip");
    }
    assertThat(lines()).isEmpty();
  }

  @Test
  void aGzipBombIsRefused() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      byte[] spaces = new byte[1 << 20];
      Arrays.fill(spaces, (byte) ' ');
      for (int i = 0; i < 129; i++) {
        gzip.write(spaces);
      }
    }
    ApiResponse reply = ingest(token(), Map.of("content-encoding", "gzip"), out.toByteArray());
    assertThat(reply.status()).isEqualTo(413);
    assertThat(reply.bodyText()).contains("inflated body is over 134217728 bytes");
  }

  @Test
  void whatItsLogsLackCountsForTheSizeOfABody() throws IOException {
    // 3 MiB of empty objects, 41 kB compressed: times and types make more than 128 MiB of them.
    byte[] body = gzip(bytes("{}\n".repeat(2_300_000)));
    assertThat(body).hasSizeLessThan(100_000);
    ApiResponse reply = ingest(token(), Map.of("content-encoding", "gzip"), body);
    assertThat(reply.status()).isEqualTo(413);
    assertThat(reply.bodyText()).contains("with the times and types that its logs lack");
    assertThat(names()).isEmpty();
  }

  @Test
  void aBodyOver10MiBIsRefused() {
    byte[] body = new byte[(10 << 20) + 1];
    Arrays.fill(body, (byte) ' ');
    assertThat(ingest(token(), Map.of(), body).status()).isEqualTo(413);
  }

  @Test
  void anEncodingThatIsNotKnownIsRefused() {
    assertThat(ingest(token(), Map.of("content-encoding", "br"), bytes(LOG)).status())
        .isEqualTo(415);
  }

  @Test
  void gzipThatWasTakenForTextOnItsWayIsRefused() throws IOException {
    ApiResponse reply =
        deployment.ingest(token(), Map.of("content-encoding", "gzip"), gzip(bytes(LOG)), false);
    assertThat(reply.status()).isEqualTo(415);
    assertThat(reply.bodyText()).contains("application/octet-stream");
  }

  @Test
  void withoutAnArchiveTheShipperKeepsTheLogs() {
    ApiResponse reply = deployment.send(deployment.customer("no archive"), LOG);
    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.headers()).containsKey("Retry-After");
    assertThat(reply.bodyText()).contains("no archive set up");
  }

  @Test
  void whilePausedLogsAreCountedAndLetGo() {
    Customer paused = deployment.customer("paused");
    deployment.storages.createBucket(
        "bucket-2", InMemoryDeployment.ACCESS_KEY, InMemoryDeployment.SECRET_KEY);
    deployment.createSettings(
        paused,
        InMemoryDeployment.settings("bucket-2")
            .replace("{\"storageType\"", "{\"enabled\":false,\"storageType\""));
    ApiResponse reply = deployment.send(paused, LOG);
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.headers()).containsEntry("X-Archive", "paused");
    assertThat(names("bucket-2")).isEmpty();
  }

  @Test
  void afterARefusedPutTheSameBodyIsTakenOnce() {
    Switch broken = new Switch();
    InMemoryDeployment failing =
        new InMemoryDeployment(new InMemoryDeployment.Options().archive(broken::around));
    Customer shipper = failing.archivingCustomer("bucket-4");
    String body = LOG + "\n" + at("2026-11-22T03:00:00Z");
    for (int attempt = 0; attempt < 3; attempt++) {
      broken.failing = attempt < 2;
      ApiResponse reply = failing.send(shipper, body);
      assertThat(reply.status()).isEqualTo(attempt < 2 ? 503 : 200);
      if (attempt < 2) {
        assertThat(reply.bodyText()).contains("SlowDown").contains("send again");
        assertThat(reply.headers()).containsKey("Retry-After");
      }
    }
    assertThat(TestArchive.lines(storage(failing, "bucket-4"))).hasSize(2);
  }

  /** Lets puts of logs through, or fails them after they were done: the worst moment. */
  private static final class Switch {
    private boolean failing;

    ArchiveStorage around(ArchiveStorage storage) {
      return new ArchiveStorageDecorator(storage) {
        @Override
        public boolean putIfAbsent(String key, Content content) {
          boolean written = super.putIfAbsent(key, content);
          if (failing && key.startsWith("dt=")) {
            throw new ServiceException.OutcomeUnknown("PutObject", "SlowDown", "r-1", null);
          }
          return written;
        }
      };
    }
  }

  @Test
  void anExpiredOrUnknownTokenMayBeRememberedFor60Seconds() {
    String token = "la_ship_not-yet-known";
    assertThat(ingest(Map.of("token", token), Map.of(), bytes(LOG)).status()).isEqualTo(401);
    deployment.accountStore.create(
        new Account(
            1_000_007,
            new Uid("00000000000000000000000000000007"),
            "late",
            BigDecimal.ONE,
            InMemoryDeployment.NOW,
            1),
        List.of(
            TokenRecord.made(
                1_000_008,
                new Token(token).hash(),
                1_000_007,
                "shipping",
                Set.of(Scope.INGEST),
                InMemoryDeployment.NOW,
                InMemoryDeployment.NOW.plusSeconds(90))),
        Samples.changed(1_000_007));
    deployment.clock.advance(Duration.ofSeconds(59));
    assertThat(ingest(Map.of("token", token), Map.of(), bytes(LOG)).status()).isEqualTo(401);
    deployment.clock.advance(Duration.ofSeconds(1));
    assertThat(ingest(Map.of("token", token), Map.of(), bytes(LOG)).status()).isEqualTo(503);
    deployment.clock.advance(Duration.ofSeconds(30));
    assertThat(ingest(Map.of("token", token), Map.of(), bytes(LOG)).status()).isEqualTo(401);
  }

  @Test
  void aForeignProofStopsArchiving() {
    ArchiveStorage storage = storage(deployment, "bucket-1");
    storage.put(
        "logzio-verified",
        Content.of(
            JsonObject.builder().put("deploymentId", "other").build().bytes(), "application/json"));
    ApiResponse reply = deployment.send(customer, LOG);
    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.bodyText()).contains("belongs to another deployment");
    assertThat(names()).isEmpty();
  }

  private ApiResponse ingest(Map<String, String> query, Map<String, String> headers, byte[] body) {
    return deployment.ingest(query, headers, body, true);
  }

  private Map<String, String> token() {
    return Map.of("token", customer.shippingToken());
  }

  private List<ObjectName> names() {
    return names("bucket-1");
  }

  private List<ObjectName> names(String bucket) {
    return TestArchive.names(storage(deployment, bucket));
  }

  private List<String> lines() {
    return TestArchive.lines(storage(deployment, "bucket-1"));
  }

  private static ArchiveStorage storage(InMemoryDeployment deployment, String bucket) {
    return deployment.bucket(bucket);
  }

  private static String at(String time) {
    return "{\"@timestamp\":\"" + time + "\",\"type\":\"t\",\"n\":1}";
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }
}
