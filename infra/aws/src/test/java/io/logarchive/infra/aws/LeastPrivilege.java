package io.logarchive.infra.aws;

import static io.logarchive.infra.aws.Template.list;

import io.logarchive.infra.aws.Template.Resource;
import io.logarchive.json.Fields;
import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Compares what functions asked of AWS with what their roles let them do. */
final class LeastPrivilege {
  private static final List<String> PARTS = List.of("/index/", "/restores/");

  /**
   * An action, and on what.
   *
   * @param part of a table or bucket, if it is about one: {@code /index/} or {@code /restores/}
   */
  private record Right(String action, String part) implements Comparable<Right> {
    @Override
    public int compareTo(Right other) {
      return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
      return part.isEmpty() ? action : action + " on " + part;
    }
  }

  private LeastPrivilege() {}

  /**
   * What a role lacks, and what it has for nothing.
   *
   * @param operations for each handler's simple name what {@link OperationRecorder} saw
   */
  static List<String> problems(Template template, JsonObject operations) {
    List<String> problems = new ArrayList<>();
    template.functions().forEach(function -> compare(template, function, operations, problems));
    return problems;
  }

  private static void compare(
      Template template, Resource function, JsonObject operations, List<String> problems) {
    String handler = Template.text(function.property("Handler").orElseThrow());
    String name = handler.substring(handler.lastIndexOf('.') + 1);
    Set<Right> used = new TreeSet<>();
    if (operations.members().get(name) instanceof JsonValue.Array seen) {
      seen.values().stream()
          .map(operation -> Fields.of((JsonObject) operation))
          .filter(operation -> operation.requiredText("signedBy").equals("function"))
          .flatMap(LeastPrivilege::rights)
          .forEach(used::add);
    }
    Set<Right> given = new TreeSet<>();
    template.statements(function).stream().flatMap(LeastPrivilege::rights).forEach(given::add);
    used.stream()
        .filter(right -> !given.contains(right))
        .forEach(right -> problems.add(name + " needs " + right + " and may not"));
    given.stream()
        .filter(right -> !used.contains(right))
        .filter(right -> !isThePlatforms(function, right, used))
        .forEach(right -> problems.add(name + " may do " + right + " and never does"));
  }

  private static Stream<Right> rights(Fields operation) {
    String name = operation.requiredText("service") + "." + operation.requiredText("operation");
    String part = part(operation.text("resource").orElse(""));
    Optional<String> parts = operation.text("actions");
    Stream<String> names =
        parts.isEmpty()
            ? Stream.of(name)
            : Stream.of(parts.get().replaceAll("[\\[\\]]", "").split(", "))
                .map(each -> name + "." + each);
    return names
        .flatMap(
            each ->
                Optional.ofNullable(Actions.OF_OPERATIONS.get(each))
                    .orElseThrow(
                        () -> new IllegalStateException("Nobody reviewed what " + each + " needs"))
                    .stream())
        .map(action -> new Right(action, part));
  }

  private static Stream<Right> rights(Map<String, Object> statement) {
    return list(statement.get("Action")).stream()
        .flatMap(
            action ->
                list(statement.get("Resource")).stream()
                    .map(resource -> new Right(Template.text(action), part(resource.toString()))));
  }

  private static String part(String resource) {
    return PARTS.stream().filter(resource::contains).findFirst().orElse("");
  }

  /** Why a function may do what none of its operations needs. */
  private static boolean isThePlatforms(Resource function, Right right, Set<Right> used) {
    return switch (right.action()) {
      case "s3:ListBucket" -> used.stream().anyMatch(each -> each.action().equals("s3:GetObject"));
      // Whoever opens archives reads their proofs.
      case "sts:AssumeRole" ->
          used.stream().anyMatch(each -> each.action().equals("kms:GenerateMac"));
      case "sqs:SendMessage" -> function.property("EventInvokeConfig").isPresent();
      default -> Actions.OF_THE_PLATFORM.containsKey(right.action());
    };
  }
}
