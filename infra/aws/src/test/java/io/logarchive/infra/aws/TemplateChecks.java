package io.logarchive.infra.aws;

import static io.logarchive.infra.aws.Template.list;
import static io.logarchive.infra.aws.Template.map;

import io.logarchive.infra.aws.Template.Resource;
import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What public checkers of templates and state machines do not see. Each gives what is wrong. */
final class TemplateChecks {
  private static final Pattern RATE = Pattern.compile("rate\\((\\d+) (minute|hour|day)(s?)\\)");
  private static final Pattern CRON = Pattern.compile("cron\\((\\S+ ){5}\\S+\\)");

  /** Errors that Lambda and Step Functions raise themselves. */
  private static final Set<String> PLATFORM_ERRORS =
      Set.of(
          "EventBridge.FailedEntry",
          "Lambda.AWSLambdaException",
          "Lambda.ClientExecutionTimeoutException",
          "Lambda.SdkClientException",
          "Lambda.ServiceException",
          "Lambda.TooManyRequestsException",
          "Lambda.Unknown",
          "Runtime.ExitError",
          "Sandbox.Timedout",
          "States.ALL",
          "States.ItemReaderFailed",
          "States.TaskFailed",
          "States.Timeout");

  /** Keys that a deployment on AWS does not set, and why. */
  private static final Map<String, String> NOT_SET =
      Map.ofEntries(
          Map.entry("AWS_REGION", "Lambda sets it"),
          Map.entry("AWS_ACCESS_KEY_ID", "Lambda sets it"),
          Map.entry("AWS_SECRET_ACCESS_KEY", "Lambda sets it"),
          Map.entry("AWS_SESSION_TOKEN", "Lambda sets it"),
          Map.entry("AWS_CONTAINER_CREDENTIALS_FULL_URI", "Lambda sets it"),
          Map.entry("AWS_CONTAINER_AUTHORIZATION_TOKEN", "Lambda sets it"),
          Map.entry("AWS_ENDPOINT_URL", "the services are AWS's own"),
          Map.entry("AWS_ENDPOINT_URL_S3", "the services are AWS's own"),
          Map.entry("AWS_ENDPOINT_URL_DYNAMODB", "the services are AWS's own"),
          Map.entry("AWS_ENDPOINT_URL_SFN", "the services are AWS's own"),
          Map.entry("AWS_ENDPOINT_URL_KMS", "the services are AWS's own"),
          Map.entry("AWS_ENDPOINT_URL_SECRETS_MANAGER", "the services are AWS's own"),
          Map.entry("AWS_ENDPOINT_URL_STS", "the services are AWS's own"),
          Map.entry("AZURE_AUTHORITY_HOST", "the services are Azure's own"),
          Map.entry("AZURE_BLOB_ENDPOINT", "the services are Azure's own"),
          Map.entry("SEALING_KEY_FILE", "the keys lie in KMS"),
          Map.entry("OPENSEARCH_USERNAME", "the login lies in Secrets Manager"),
          Map.entry("OPENSEARCH_PASSWORD", "the login lies in Secrets Manager"));

  private TemplateChecks() {}

  /** Schedules that EventBridge would refuse only when they are deployed. */
  static List<String> schedules(Template template) {
    return template
        .resources("AWS::Events::Rule")
        .flatMap(rule -> rule.property("ScheduleExpression").stream())
        .map(String::valueOf)
        .filter(schedule -> !isSchedule(schedule))
        .map(schedule -> schedule + " is no schedule")
        .toList();
  }

  private static boolean isSchedule(String schedule) {
    Matcher rate = RATE.matcher(schedule);
    if (!rate.matches()) {
      return CRON.matcher(schedule).matches();
    }
    int number = Integer.parseInt(rate.group(1));
    return number > 0 && (number == 1) == rate.group(3).isEmpty();
  }

  /**
   * Handlers that are not in the package, and handlers in the package that no function has.
   *
   * @param handlers those in the package
   */
  static List<String> handlers(Template template, Set<String> handlers) {
    Set<String> used =
        new TreeSet<>(
            template
                .functions()
                .map(function -> String.valueOf(function.property("Handler").orElse("none")))
                .toList());
    return differences("handler", used, handlers);
  }

  /**
   * Variables that the code does not read, and keys that it reads and nobody sets.
   *
   * @param read by the code
   */
  static List<String> environment(Template template, Set<String> read) {
    Set<String> set = new TreeSet<>();
    template.functions().forEach(function -> set.addAll(template.environment(function).keySet()));
    Set<String> expected = new TreeSet<>(read);
    List<String> problems =
        new ArrayList<>(
            NOT_SET.keySet().stream()
                .filter(set::contains)
                .map(key -> key + " is set, but " + NOT_SET.get(key))
                .toList());
    expected.removeAll(NOT_SET.keySet());
    problems.addAll(differences("variable", set, expected));
    return problems;
  }

  /** Errors named in a state machine that neither the platform nor our code raises. */
  static List<String> errors(JsonObject definition) {
    return errorNames(definition)
        .distinct()
        .filter(name -> !PLATFORM_ERRORS.contains(name) && !isException(name))
        .map(name -> name + " is no error that can come")
        .toList();
  }

  private static boolean isException(String name) {
    try {
      return Throwable.class.isAssignableFrom(Class.forName(name));
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /** What hands on more the more slices there are. */
  static List<String> growing(JsonObject definition) {
    List<String> problems = new ArrayList<>();
    states(definition)
        .forEach(
            (name, state) -> {
              if (text(state, "Type").equals("Map")) {
                if (state.member("ItemReader").isEmpty()) {
                  problems.add(name + " takes its items from its input");
                }
                JsonObject items = (JsonObject) state.member("ItemProcessor").orElseThrow();
                states(items).values().stream()
                    .filter(item -> item.members().containsKey("End"))
                    .map(item -> item.member("Result").map(Json::text).orElse("its whole state"))
                    .filter(result -> !result.equals("{}"))
                    .forEach(
                        result -> problems.add(name + " gathers " + result + " from each item"));
              }
            });
    return problems;
  }

  private static Map<String, JsonObject> states(JsonObject machine) {
    Map<String, JsonObject> states = new LinkedHashMap<>();
    ((JsonObject) machine.member("States").orElseThrow())
        .members()
        .forEach((name, state) -> states.put(name, (JsonObject) state));
    return states;
  }

  private static String text(JsonObject object, String name) {
    return ((JsonValue.Text) object.member(name).orElseThrow()).value();
  }

  private static Stream<String> errorNames(JsonValue value) {
    return switch (value) {
      case JsonObject object ->
          object.members().entrySet().stream()
              .flatMap(
                  member ->
                      member.getKey().equals("ErrorEquals")
                              && member.getValue() instanceof JsonValue.Array names
                          ? names.values().stream().map(name -> ((JsonValue.Text) name).value())
                          : errorNames(member.getValue()));
      case JsonValue.Array array -> array.values().stream().flatMap(TemplateChecks::errorNames);
      default -> Stream.of();
    };
  }

  /** Actions with a star in roles, and resources that are a star where AWS knows others. */
  static List<String> stars(Template template) {
    List<String> problems = new ArrayList<>();
    template
        .resources("AWS::IAM::Role")
        .filter(role -> role.property("Policies").isPresent())
        .forEach(role -> Template.statementsOf(role).forEach(each -> stars(role, each, problems)));
    template
        .resources("AWS::IAM::Role")
        .flatMap(role -> list(role.property("ManagedPolicyArns").orElse(null)).stream())
        .filter(policy -> !String.valueOf(policy).contains("AmazonAPIGatewayPushToCloudWatchLogs"))
        .forEach(policy -> problems.add("Nobody reviewed the managed policy " + policy));
    return problems;
  }

  private static void stars(Resource role, Map<String, Object> statement, List<String> problems) {
    List<Object> actions = list(statement.get("Action"));
    for (Object action : actions) {
      if (String.valueOf(action).contains("*")) {
        problems.add(role.name() + " may do " + action);
      }
      if (list(statement.get("Resource")).contains("*")
          && !Actions.WITHOUT_RESOURCES.contains(action)) {
        problems.add(role.name() + " may do " + action + " to everything");
      }
    }
  }

  /** Text that would put a secret into an environment. */
  static List<String> secrets(Template template) {
    return template
        .functions()
        .flatMap(
            function ->
                template.environment(function).entrySet().stream()
                    .filter(variable -> String.valueOf(variable.getValue()).contains("{{resolve:"))
                    .map(variable -> function.name() + " has a secret in " + variable.getKey()))
        .toList();
  }

  private static List<String> differences(String what, Set<String> template, Set<String> code) {
    return Stream.concat(
            template.stream()
                .filter(name -> !code.contains(name))
                .map(name -> "The template has the " + what + " " + name + ", the code does not"),
            code.stream()
                .filter(name -> !template.contains(name))
                .map(name -> "The code has the " + what + " " + name + ", the template does not"))
        .toList();
  }

  /** Whether it stays when the stack goes, by both of its policies. */
  static boolean retained(Resource resource) {
    return "Retain".equals(map(resource.declaration()).get("DeletionPolicy"))
        && "Retain".equals(map(resource.declaration()).get("UpdateReplacePolicy"));
  }
}
