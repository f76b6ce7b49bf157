package io.logarchive.local;

import io.logarchive.account.Secret;
import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** The steps of a check, with what came of each and how long it took. */
final class CheckRun {
  private static final Duration PATIENCE = Duration.ofMinutes(15);
  private static final long POLL_MILLIS = 1_000;
  private static final int MAX_DAILY_GB = 1;
  private static final long SEED = 20_261_122;
  private static final DateTimeFormatter FOLDER =
      DateTimeFormatter.ofPattern("'logarchive-check-'uuuuMMdd'T'HHmmss'Z-'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  /** The deployment, and the storage to use. */
  record Target(URI service, URI ingest, Secret adminToken, CheckStorage storage) {}

  /** What becomes of what was made. */
  enum After {
    KEEP,
    REMOVE
  }

  /** A step: says what was done. */
  @FunctionalInterface
  private interface Work {
    String run() throws IOException, InterruptedException;
  }

  /** A step that did not do what it should, with what to do about it. */
  private static final class Failure extends IOException {
    private static final long serialVersionUID = 1;
    private final String remedy;

    Failure(String message, String remedy) {
      super(message);
      this.remedy = remedy;
    }
  }

  private final Target target;
  private final int logs;
  private final After after;
  private final LocalWiring machine;
  private final PrintWriter out;
  private final Progress progress;
  private final ServiceClient client;
  private final String name;
  private final CheckStorage storage;
  private final Instant day;
  private int step;
  private long errors;
  private ServiceClient.@Nullable AccountTokens account;
  private @Nullable Long settings;
  private @Nullable Long restore;
  private boolean archived;
  private boolean sending;

  CheckRun(Target target, int logs, After after, LocalWiring machine, PrintWriter out) {
    this.target = target;
    this.logs = logs;
    this.after = after;
    this.machine = machine;
    this.out = out;
    this.progress = new Progress(out, machine.clock(), Boolean.getBoolean("logarchive.terminal"));
    this.client = new ServiceClient(target.service(), target.ingest());
    Instant now = machine.clock().instant();
    // Two checks may begin in one second.
    this.name = FOLDER.format(now) + HexFormat.of().toHexDigits(machine.random().nextInt());
    this.storage = target.storage().folder(name);
    this.day = now.truncatedTo(ChronoUnit.DAYS).minus(1, ChronoUnit.DAYS);
  }

  /** Whether every step worked. Removes what it made also where one did not. */
  boolean run() throws InterruptedException {
    out.printf("Checks the deployment at %s%n%n", target.service());
    out.flush();
    Instant begun = machine.clock().instant();
    boolean passed = false;
    try (client) {
      try {
        passed = steps();
      } finally {
        passed &= after == After.KEEP ? kept() : removed();
      }
    }
    Duration took = Duration.between(begun, machine.clock().instant());
    out.printf(
        "%n%s; %s in all%n",
        passed ? "The deployment works" : "THE CHECK FAILED", Text.seconds(took));
    out.flush();
    return passed;
  }

  private boolean steps() throws InterruptedException {
    return step("reach the service", this::reach)
        && step("make an account", this::makeAccount)
        && step("test the storage " + storage.place().uri(), this::testStorage)
        && step("set up the archive", this::setUpArchive)
        && step("send logs", this::send)
        && step("restore them", this::restore)
        && step("search them", this::search);
  }

  private String reach() throws IOException, InterruptedException {
    client.health();
    return "the service answers";
  }

  private String makeAccount() throws IOException, InterruptedException {
    account = client.createAccount(target.adminToken().value(), name, MAX_DAILY_GB);
    return "made an account: id " + account().accountId();
  }

  private String testStorage() throws IOException, InterruptedException {
    JsonObject report = client.testSettings(apiToken(), storage.settings());
    List<JsonObject> checks =
        report.member("checks").orElse(null) instanceof JsonValue.Array array
            ? array.values().stream().map(JsonObject.class::cast).toList()
            : List.of();
    Optional<JsonObject> failed =
        checks.stream()
            .filter(check -> isTrue(check, "required") && !isTrue(check, "ok"))
            // One that was not tried only follows from another.
            .min(Comparator.comparing(check -> text(check, "error").startsWith("not tried")));
    if (failed.isPresent()) {
      JsonObject check = failed.get();
      throw new Failure(
          "the check " + text(check, "name") + " failed: " + text(check, "error"),
          text(check, "remedy"));
    }
    if (!isTrue(report, "ok")) {
      throw new Failure("the report says neither yes nor no", "Compare the versions of both sides");
    }
    return "tested the storage "
        + storage.place().uri()
        + ": "
        + checks.stream().map(check -> text(check, "name")).collect(Collectors.joining(", "));
  }

  private String setUpArchive() throws IOException, InterruptedException {
    settings = ServiceClient.number(client.createSettings(apiToken(), storage.settings()), "id");
    return "set up the archive: settings " + settings;
  }

  private String send() throws IOException, InterruptedException {
    WebShopLogs madeUp = new WebShopLogs(SEED, day, logs);
    Shipper shipper = new Shipper(client, account().shippingToken(), "webshop", progress);
    archived = true;
    sending = true;
    Shipper.Shipped sent = shipper.ship(() -> madeUp.hasNext() ? counted(madeUp.next()) : null);
    agree("taken", sent.taken(), logs);
    return "sent %s made-up logs of %s (%s), %s of them errors"
        .formatted(
            Text.count(logs),
            LocalDate.ofInstant(day, ZoneOffset.UTC),
            Text.megabytes(sent.rawBytes()),
            Text.count(errors));
  }

  private byte[] counted(byte[] line) {
    if (new String(line, StandardCharsets.UTF_8).contains("\"level\":\"error\"")) {
      errors++;
    }
    return line;
  }

  private String restore() throws IOException, InterruptedException {
    long from = day.getEpochSecond();
    JsonObject operation =
        client.startRestore(apiToken(), name, from, from + Duration.ofDays(1).toSeconds());
    long id = ServiceClient.number(operation, "id");
    restore = id;
    Instant giveUp = machine.clock().instant().plus(PATIENCE);
    while (text(operation, "status").equals("IN_PROGRESS")) {
      if (machine.clock().instant().isAfter(giveUp)) {
        throw new Failure(
            "restore " + id + " does not end within " + PATIENCE.toMinutes() + " minutes",
            "Look for restore " + id + " in the deployment's logs, and at its alarms");
      }
      progress.show("     %s logs restored".formatted(Text.count(logsRestored(operation))));
      Thread.sleep(POLL_MILLIS);
      operation = client.restore(apiToken(), id);
    }
    progress.clear();
    if (!text(operation, "status").equals("ACTIVE")) {
      JsonObject why = ServiceClient.object(operation, "failure");
      throw new Failure(
          "restore %d ended as %s: %s %s"
              .formatted(id, text(operation, "status"), text(why, "code"), text(why, "message")),
          "Look for restore " + id + " in the deployment's logs, and at its alarms");
    }
    agree("restored", logsRestored(operation), logs);
    return "restored " + Text.count(logs) + " logs: restore " + id;
  }

  private String search() throws IOException, InterruptedException {
    agree("found", found(query("match_all", JsonObject.EMPTY)), logs);
    JsonObject level = JsonObject.builder().put("level", "error").build();
    agree("found as errors", found(query("term", level)), errors);
    return "found %s logs, %s of them errors".formatted(Text.count(logs), Text.count(errors));
  }

  private static JsonObject query(String type, JsonObject query) {
    return JsonObject.builder().put(type, query).build();
  }

  private long found(JsonObject query) throws IOException, InterruptedException {
    JsonObject body =
        JsonObject.builder()
            .put("accountIds", List.of(new JsonValue.Num(String.valueOf(restore))))
            .put("query", query)
            .put("size", 0)
            .put("track_total_hits", true)
            .build();
    JsonObject hits = ServiceClient.object(client.search(apiToken(), body), "hits");
    return ServiceClient.number(ServiceClient.object(hits, "total"), "value");
  }

  private static void agree(String what, long counted, long expected) throws Failure {
    if (counted != expected) {
      throw new Failure(
          "%s are %s, and not %s".formatted(what, Text.count(counted), Text.count(expected)),
          "Logs are missing or doubled: look at the deployment's logs and alarms");
    }
  }

  private boolean kept() {
    ServiceClient.AccountTokens made = account;
    if (made != null) {
      out.printf("%nThe account %d is kept, with what it has:%n", made.accountId());
      out.println("  LOGARCHIVE_URL=" + target.service());
      out.println("  LOGARCHIVE_INGEST_URL=" + target.ingest());
      out.println("  LOGARCHIVE_API_TOKEN=" + made.apiToken());
      out.println("  LOGARCHIVE_SHIPPING_TOKEN=" + made.shippingToken());
    }
    return true;
  }

  /** All of it, as far as it goes: one that cannot be removed does not keep the others. */
  private boolean removed() throws InterruptedException {
    Long restored = restore;
    Long archive = settings;
    ServiceClient.AccountTokens made = account;
    boolean all = true;
    if (restored != null) {
      all =
          step(
              "remove the restored account",
              () -> {
                client.removeRestore(apiToken(), restored);
                return "removed the restored account";
              });
    }
    if (archive != null) {
      all &=
          step(
              "remove the archive settings",
              () -> {
                client.removeSettings(apiToken(), archive);
                return "removed the archive settings";
              });
    }
    if (made != null) {
      all &=
          step(
              "remove the account " + made.accountId(),
              () -> {
                client.removeAccount(target.adminToken().value(), made.accountId());
                return "removed the account";
              });
    }
    if (archived) {
      out.printf(
          "%nWhat was archived is the %s owner's and stays: %s%n  %s%n",
          storage.kind(), storage.place().uri(), storage.removal());
    }
    return all;
  }

  private boolean step(String aim, Work work) throws InterruptedException {
    step++;
    sending = false;
    Instant begun = machine.clock().instant();
    try {
      String done = work.run();
      line(begun, done);
      return true;
    } catch (IOException e) {
      progress.clear();
      line(begun, "FAILED to " + aim + ": " + explanation(e));
      if (e instanceof Refused refused && refused.requestId() != null) {
        note("request id: " + refused.requestId());
      }
      note("to do: " + remedy(e));
      return false;
    }
  }

  private static String explanation(IOException e) {
    return switch (e) {
      case Failure failure -> String.valueOf(failure.getMessage());
      case Refused refused ->
          refused.status()
              + " "
              + (refused.explanation().isEmpty() ? "without a body" : refused.explanation());
      // The JDK's have no message of their own.
      default ->
          e.getClass().getSimpleName() + (e.getMessage() == null ? "" : " " + e.getMessage());
    };
  }

  private String remedy(IOException e) {
    return switch (e) {
      case Failure failure -> failure.remedy;
      case ConnectException unreachable -> notThere();
      case HttpConnectTimeoutException unreachable -> notThere();
      case SSLException tls -> "Make sure that the certificate is valid for this address";
      case Refused refused -> remedy(refused);
      default -> "Try again; if it stays so, look at the deployment's logs";
    };
  }

  private String remedy(Refused refused) {
    if (sending && refused.status() == 500 && !refused.isOfTheService()) {
      return "On Azure give OctetsUrl as --ingest-url: no function takes bytes at IngestUrl."
          + " Elsewhere try again; if it stays so, look at the deployment's logs";
    }
    return switch (refused.status()) {
      case 401 ->
          account == null
              ? "Give the administrator's token whose SHA-256 the deployment has, by "
                  + Check.ADMIN_TOKEN
                  + " or --admin-token-file"
              : "Check --ingest-url: it must be the same deployment's";
      case 403, 404 -> "Check --url and --ingest-url: nothing of Log Archive answers there";
      case 400, 409, 422, 501 -> "See what the reply says";
      default -> "Try again; if it stays so, look for the request id in the deployment's logs";
    };
  }

  private String notThere() {
    return "Nothing answers at "
        + (sending ? target.ingest() : target.service())
        + ": check "
        + (sending ? "--ingest-url" : "--url")
        + ", and that the deployment is up";
  }

  private void line(Instant begun, String what) {
    Duration took = Duration.between(begun, machine.clock().instant());
    out.printf("%2d  %7s  %s%n", step, Text.seconds(took), what);
    out.flush();
  }

  private void note(String what) {
    out.printf("             %s%n", what);
    out.flush();
  }

  private ServiceClient.AccountTokens account() {
    return Objects.requireNonNull(account);
  }

  private String apiToken() {
    return account().apiToken();
  }

  private static long logsRestored(JsonObject operation) {
    return ServiceClient.number(ServiceClient.object(operation, "progress"), "logsRestored");
  }

  private static String text(JsonObject object, String name) {
    return ServiceClient.text(object, name);
  }

  private static boolean isTrue(JsonObject object, String name) {
    return object.member(name).orElse(null) instanceof JsonValue.Bool bool && bool.value();
  }
}
