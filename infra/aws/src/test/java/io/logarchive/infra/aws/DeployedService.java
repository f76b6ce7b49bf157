package io.logarchive.infra.aws;

import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import io.logarchive.local.EmbeddedOpenSearch;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** A deployment with all around it: LocalStack, an OpenSearch node, and customers as needed. */
final class DeployedService implements AutoCloseable {
  private static final String OPEN_SEARCH_USER = "logarchive";
  private static final String ACCOUNTS = "/v1/account-management/time-based-accounts";
  private static final HexFormat HEX = HexFormat.of();

  private final SecureRandom random = new SecureRandom();
  private final Queue<String> secrets = new ConcurrentLinkedQueue<>();
  private final HttpClient http = HttpClient.newHttpClient();
  private final String adminToken = secret("admin-");
  private final LocalStack localStack;
  private final EmbeddedOpenSearch openSearch;
  private final OpenSearchDoor door;
  private final AwsCli operator;
  private final Deployment deployment;

  /**
   * Deploys it.
   *
   * @param folder for files on the way
   */
  DeployedService(LocalStack localStack, Path folder) throws Exception {
    this.localStack = localStack;
    this.operator = new AwsCli(localStack.aws(), localStack.endpoint(), "test", "test");
    this.openSearch =
        EmbeddedOpenSearch.start(Files.createDirectories(folder.resolve("opensearch")));
    String password = secret("");
    this.door = OpenSearchDoor.open(openSearch.endpoint(), OPEN_SEARCH_USER, password);
    String stack = "it-" + hex(4);
    JsonObject login =
        JsonObject.builder().put("username", OPEN_SEARCH_USER).put("password", password).build();
    JsonValue kept =
        operator.json(
            "secretsmanager",
            "create-secret",
            "--name=" + stack + "-login",
            "--secret-string=" + new String(login.bytes(), StandardCharsets.UTF_8));
    this.deployment =
        Deployment.deploy(
            localStack,
            operator,
            stack,
            FunctionsPackage.ofThisBuild().zip(),
            Map.of(
                "AdminTokenSha256", sha256(adminToken),
                "Dashboard", "none", // LocalStack has none
                "OpenSearchEndpoint", "http://" + localStack.hostOf(door.port()),
                "OpenSearchSecretArn", Reply.text(kept, "ARN"),
                "OpenSearchReplicas", "0",
                "RestoreConcurrency", "3",
                "RestoreSliceObjects", "1",
                "RestoreStartGraceSeconds", "5"),
            folder);
  }

  Deployment deployment() {
    return deployment;
  }

  /** {@code aws} as whoever runs the deployment uses it. */
  AwsCli operator() {
    return operator;
  }

  OpenSearchDoor door() {
    return door;
  }

  Service service() {
    return deployment.service();
  }

  /** What must be in no log. */
  List<String> secrets() {
    return List.copyOf(secrets);
  }

  /**
   * An account with an archive. One at a time, so that not every one starts functions of its own.
   */
  synchronized Customer customer(String name, String maxDailyGb)
      throws IOException, InterruptedException {
    JsonObject account = account(name, maxDailyGb);
    String bucket = name + "-" + hex(4);
    AwsCli aws = customersKey();
    aws.text("s3", "mb", "s3://" + bucket);
    Customer customer =
        new Customer(
            service(),
            (int) Reply.number(account, "accountId"),
            kept(Reply.text(account, "apiToken")),
            kept(Reply.text(account, "shippingToken")),
            bucket,
            aws,
            secret("text-"));
    service()
        .ask("POST", "/v2/archive/settings", customer.apiToken(), Customer.settings(bucket, aws));
    return customer;
  }

  Customer customer(String name) throws IOException, InterruptedException {
    return customer(name, "100");
  }

  JsonObject account(String name, String maxDailyGb) throws IOException, InterruptedException {
    return service()
        .ask(
            "POST",
            ACCOUNTS,
            adminToken,
            JsonObject.builder()
                .put("accountName", name)
                .put("maxDailyGB", new JsonValue.Num(maxDailyGb))
                .build());
  }

  /** Removes an account with all that belongs to it. */
  Reply removeAccount(int accountId) throws IOException, InterruptedException {
    return administer("DELETE", "/" + accountId + "?force=true", null);
  }

  /**
   * Calls the administration.
   *
   * @param path behind that of all accounts
   */
  Reply administer(String method, String path, @Nullable JsonObject body)
      throws IOException, InterruptedException {
    return service().call(method, ACCOUNTS + path, adminToken, body);
  }

  /** {@code aws} with an access key that is nobody's but a customer's. */
  AwsCli customersKey() {
    return operator.with("AKIA" + hex(8).toUpperCase(Locale.ROOT), secret("planted-"));
  }

  /** How many logs with this text the OpenSearch node holds, in whatever index. */
  long indexed(String text) throws IOException, InterruptedException {
    URI count =
        openSearch
            .endpoint()
            .resolve("/_count?q=" + URLEncoder.encode('"' + text + '"', StandardCharsets.UTF_8));
    byte[] reply =
        http.send(HttpRequest.newBuilder(count).build(), BodyHandlers.ofByteArray()).body();
    return Reply.number(new Reply(200, reply).json(), "count");
  }

  /** How an execution of the restore's workflow stands. */
  String workflowStatus(long restoreId, int attempt) throws IOException, InterruptedException {
    return Reply.text(
        operator.json(
            "stepfunctions",
            "describe-execution",
            "--execution-arn=" + execution(restoreId, attempt)),
        "status");
  }

  /** How many items of its last map failed. */
  long failedItems(long restoreId, int attempt) throws IOException, InterruptedException {
    JsonValue runs =
        operator.json(
            "stepfunctions", "list-map-runs", "--execution-arn=" + execution(restoreId, attempt));
    return Reply.number(
        operator.json(
            "stepfunctions",
            "describe-map-run",
            "--map-run-arn=" + Reply.text(Reply.list(runs, "mapRuns").getFirst(), "mapRunArn")),
        "itemCounts",
        "failed");
  }

  String execution(long restoreId, int attempt) {
    return deployment.output("StateMachineArn").replace(":stateMachine:", ":execution:")
        + ":"
        + restoreId
        + "-"
        + attempt;
  }

  String physicalId(String logicalId) throws IOException, InterruptedException {
    return Reply.text(
        operator.json(
            "cloudformation",
            "describe-stack-resource",
            "--stack-name=" + deployment.stack(),
            "--logical-resource-id=" + logicalId),
        "StackResourceDetail",
        "PhysicalResourceId");
  }

  /** What a log group holds. */
  String log(String group) throws IOException, InterruptedException {
    return operator.text(
        "logs",
        "filter-log-events",
        "--log-group-name=" + group,
        "--output=text",
        "--query=events[].[message]");
  }

  List<String> logGroups() throws IOException, InterruptedException {
    return Reply.list(
            operator.json(
                "logs",
                "describe-log-groups",
                "--log-group-name-prefix=/aws/lambda/" + deployment.stack() + "-"),
            "logGroups")
        .stream()
        .map(group -> Reply.text(group, "logGroupName"))
        .toList();
  }

  @Override
  public void close() throws IOException {
    door.close();
    openSearch.close();
    localStack.close();
  }

  private String secret(String start) {
    return kept(start + hex(16));
  }

  private String kept(String secret) {
    secrets.add(secret);
    return secret;
  }

  private String hex(int bytes) {
    byte[] drawn = new byte[bytes];
    random.nextBytes(drawn);
    return HEX.formatHex(drawn);
  }

  private static String sha256(String text) throws Exception {
    return HEX.formatHex(
        MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
  }
}
