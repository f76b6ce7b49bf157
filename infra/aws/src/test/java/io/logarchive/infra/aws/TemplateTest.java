package io.logarchive.infra.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.logarchive.infra.aws.Template.Resource;
import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import io.logarchive.restore.SliceLimits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each check passes on the template as it is, and fails on one with a mistake in it. */
class TemplateTest {
  private static final Path STATE_MACHINE = Path.of("restore.asl.json");
  private static final Path HANDLERS =
      Path.of("..", "..", "functions-aws", "src", "main", "java", "io/logarchive/functions/aws");
  private static final Path DEPLOYING = Path.of("..", "..", "docs", "deploy-aws.md");
  private static final Path CONFIGURATION = Path.of("..", "..", "docs", "configuration.md");

  @Test
  void schedulesAreSchedules() throws IOException {
    assertThat(TemplateChecks.schedules(Template.ofThisModule())).isEmpty();
    for (String wrong :
        List.of("rate(1 minutes)", "rate(5 minute)", "rate(0 minutes)", "cron(0 1 * * *)")) {
      assertThat(planted("rate(5 minutes)", wrong, TemplateChecks::schedules))
          .containsExactly(wrong + " is no schedule");
    }
  }

  @Test
  void everyHandlerIsAFunctionAndEveryFunctionHasAHandler() throws IOException {
    Set<String> handlers = handlers();

    assertThat(TemplateChecks.handlers(Template.ofThisModule(), handlers)).isEmpty();
    assertThat(
            planted(
                "Handler: io.logarchive.functions.aws.SearchHandler",
                "Handler: io.logarchive.functions.aws.SeekHandler",
                template -> TemplateChecks.handlers(template, handlers)))
        .containsExactly(
            "The template has the handler io.logarchive.functions.aws.SeekHandler, the code does not",
            "The code has the handler io.logarchive.functions.aws.SearchHandler, the template does not");
  }

  /** What the code reads is what docs/configuration.md names: a test beside the code holds that. */
  @Test
  void everyVariableIsReadAndEveryKeyIsSet() throws IOException {
    Set<String> read = documentedKeys();

    assertThat(read).contains("TABLE_NAME", "RESTORE_SLICE_RAW_BYTES");
    assertThat(TemplateChecks.environment(Template.ofThisModule(), read)).isEmpty();
    assertThat(
            planted(
                "TABLE_NAME: ", "TABLE: ", template -> TemplateChecks.environment(template, read)))
        .containsExactly(
            "The template has the variable TABLE, the code does not",
            "The code has the variable TABLE_NAME, the template does not");
    assertThat(
            planted(
                "        LOG_LEVEL: ",
                "        AWS_ENDPOINT_URL: https://example.com\n        LOG_LEVEL: ",
                template -> TemplateChecks.environment(template, read)))
        .contains("AWS_ENDPOINT_URL is set, but the services are AWS's own");
  }

  @Test
  void everyParameterIsDocumented() throws IOException {
    String parameters =
        Files.readString(DEPLOYING)
            .lines()
            .filter(line -> line.startsWith("| `"))
            .collect(Collectors.joining());

    assertThat(Template.map(Template.ofThisModule().root().get("Parameters")).keySet())
        .contains("AdminTokenSha256", "Dashboard")
        .allMatch(name -> parameters.contains("`" + name + "`"));
  }

  /** Those that start restores; the others would only carry it along. */
  @Test
  void theStateMachineIsKnownToThoseThatStartRestores() throws IOException {
    Template template = Template.ofThisModule();

    assertThat(
            template
                .functions()
                .filter(
                    function ->
                        template.environment(function).containsKey("RESTORE_STATE_MACHINE_ARN"))
                .map(Resource::name))
        .containsExactlyInAnyOrder(
            "RestoreFunction", "RestoreRequestedFunction", "SweepRestoresFunction");
  }

  @Test
  void noVariableHoldsASecret() throws IOException {
    assertThat(TemplateChecks.secrets(Template.ofThisModule())).isEmpty();
    assertThat(
            planted(
                "        LOG_LEVEL: ",
                "        TOKEN: '{{resolve:secretsmanager:x}}'\n        LOG_LEVEL: ",
                TemplateChecks::secrets))
        .contains("HealthFunction has a secret in TOKEN");
  }

  @Test
  void everyErrorThatTheStateMachineKnowsCanCome() throws IOException {
    String definition = Files.readString(STATE_MACHINE);

    assertThat(TemplateChecks.errors(json(definition))).isEmpty();
    assertThat(definition).contains("io.logarchive.fault.ServiceException$OutcomeUnknown");
    assertThat(
            TemplateChecks.errors(
                json(
                    definition
                        .replace(
                            "ServiceException$OutcomeUnknown", "ServiceException.OutcomeUnknown")
                        .replace("\"Sandbox.Timedout\"", "\"Sandbox.TimedOut\""))))
        .containsExactlyInAnyOrder(
            "io.logarchive.fault.ServiceException.OutcomeUnknown is no error that can come",
            "Sandbox.TimedOut is no error that can come");
  }

  /**
   * Step Functions hands on at most 256 KiB. A plan's slices, however many objects they hold, are
   * read from the bucket, and each gives back two characters.
   */
  @Test
  void noStateHandsOnMoreWithALargerPlan() throws IOException {
    String definition = Files.readString(STATE_MACHINE);
    int most = SliceLimits.DEFAULT.most();

    assertThat(TemplateChecks.growing(json(definition))).isEmpty();
    assertThat(most * "{},".length()).isLessThan(256 * 1024 / 4);
    assertThat(most * 1_000).as("objects of slices at their own limit").isGreaterThan(1_000_000);
    assertThat(
            TemplateChecks.growing(
                json(
                    definition
                        .replace("\"ItemReader\"", "\"Reader\"")
                        .replace("\"Result\": {}", "\"Result\": {\"done\": true}"))))
        .contains(
            "CountSlices takes its items from its input",
            "RestoreSlices takes its items from its input",
            "CountSlices gathers {\"done\":true} from each item");
  }

  @Test
  void noRoleMayDoMoreThanItIsGiven() throws IOException {
    assertThat(TemplateChecks.stars(Template.ofThisModule())).isEmpty();
    assertThat(planted("Action: events:PutEvents", "Action: events:*", TemplateChecks::stars))
        .containsExactly("RestoreStateMachineRole may do events:*");
    assertThat(
            planted(
                "Action: events:PutEvents\n                Resource: !GetAtt Bus.Arn",
                "Action: events:PutEvents\n                Resource: '*'",
                TemplateChecks::stars))
        .containsExactly("RestoreStateMachineRole may do events:PutEvents to everything");
  }

  @Test
  void everyFunctionHasARoleOfItsOwn() throws IOException {
    List<Object> roles =
        Template.ofThisModule()
            .functions()
            .map(function -> function.property("Role").orElseThrow())
            .toList();

    assertThat(roles).hasSize(handlers().size()).doesNotHaveDuplicates();
  }

  @Test
  void customersRolesAreAssumedByOneRoleThatNamesAnExternalId() throws IOException {
    Template template = Template.ofThisModule();
    String role =
        "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/"
            + "${AWS::StackName}-${AWS::Region}-archive-access";

    assertThat(template.resource("ArchiveAccess").property("RoleName"))
        .contains(Map.of("Fn::Sub", "${AWS::StackName}-${AWS::Region}-archive-access"));
    assertThat(Template.statementsOf(template.resource("ArchiveAccess")))
        .singleElement()
        .satisfies(
            statement ->
                assertThat(Template.map(statement.get("Condition")))
                    .containsEntry("Null", Map.of("sts:ExternalId", "false"))
                    .containsKey("StringNotEquals"));
    assertThat(
            template
                .functions()
                .filter(
                    function ->
                        template.statements(function).stream()
                            .anyMatch(
                                statement ->
                                    "sts:AssumeRole".equals(statement.get("Action"))
                                        && Map.of("Fn::Sub", role)
                                            .equals(statement.get("Resource"))))
                .map(Resource::name))
        .containsExactlyInAnyOrder(
            "ArchiveSettingsFunction",
            "IngestFunction",
            "PlanRestoreFunction",
            "CountSliceFunction",
            "RestoreSliceFunction");
    assertThat(template.functions())
        .allSatisfy(
            function ->
                assertThat(template.environment(function))
                    .containsEntry("ARCHIVE_ACCESS_ROLE_ARN", Map.of("Fn::Sub", role)));
  }

  /** Where checkov is told to be silent. */
  @Test
  void whatHoldsCustomersDataIsEncrypted() throws IOException {
    Template template = Template.ofThisModule();

    assertThat(template.resource("SealingKey").property("EnableKeyRotation")).contains(true);
    assertThat(template.resource("Table").property("SSESpecification", "SSEEnabled"))
        .contains(true);
    assertThat(template.resources("AWS::SQS::Queue").toList())
        .isNotEmpty()
        .allMatch(
            queue -> queue.property("SqsManagedSseEnabled").equals(Optional.<Object>of(true)));
    assertThat(template.resources("AWS::Serverless::Function").toList())
        .allMatch(function -> function.property("FunctionUrlConfig").isEmpty());
  }

  @Test
  void everythingThatCannotBeMadeAgainStays() throws IOException {
    Set<String> kept =
        Template.ofThisModule()
            .resources()
            .filter(TemplateChecks::retained)
            .map(Resource::name)
            .collect(Collectors.toSet());

    assertThat(kept)
        .containsExactlyInAnyOrder(
            "Table",
            "Bucket",
            "BucketPolicy",
            "SealingKey",
            "SealingKeyAlias",
            "SigningKey",
            "SigningKeyAlias",
            "ArchiveAccess");
  }

  private static List<String> planted(
      String right, String wrong, Function<Template, List<String>> check) throws IOException {
    String template = Files.readString(Template.FILE);
    assertThat(template).contains(right);
    return check.apply(Template.parse(template.replace(right, wrong)));
  }

  private static JsonObject json(String text) {
    return Json.object(text.getBytes(StandardCharsets.UTF_8));
  }

  private static Set<String> documentedKeys() throws IOException {
    return Pattern.compile("(?m)^\\| `([A-Z0-9_]+)` \\|")
        .matcher(Files.readString(CONFIGURATION))
        .results()
        .map(match -> match.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> handlers() throws IOException {
    try (Stream<Path> files = Files.list(HANDLERS)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith("Handler.java"))
          .map(name -> "io.logarchive.functions.aws." + name.substring(0, name.length() - 5))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }
}
