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

  /**
   * An action, and on what.
   *
   * @param index whether on an index of a table, which is a resource of its own
   */
  private record Right(String action, boolean index) implements Comparable<Right> {
    @Override
    public int compareTo(Right other) {
      return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
      return index ? action + " on an index" : action;
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
        .filter(right -> !Actions.OF_THE_PLATFORM.containsKey(right.action()))
        .forEach(right -> problems.add(name + " may do " + right + " and never does"));
  }

  private static Stream<Right> rights(Fields operation) {
    String name = operation.requiredText("service") + "." + operation.requiredText("operation");
    boolean index = operation.text("resource").orElse("").contains("/index/");
    Optional<String> parts = operation.text("actions");
    Stream<String> names =
        parts.isEmpty()
            ? Stream.of(name)
            : Stream.of(parts.get().replaceAll("[\\[\\]]", "").split(", "))
                .map(part -> name + "." + part);
    return names
        .flatMap(
            each ->
                Optional.ofNullable(Actions.OF_OPERATIONS.get(each))
                    .orElseThrow(
                        () -> new IllegalStateException("Nobody reviewed what " + each + " needs"))
                    .stream())
        .map(action -> new Right(action, index));
  }

  private static Stream<Right> rights(Map<String, Object> statement) {
    boolean index =
        list(statement.get("Resource")).stream()
            .anyMatch(resource -> resource.toString().contains("/index/"));
    return list(statement.get("Action")).stream()
        .map(action -> new Right(Template.text(action), index));
  }
}
