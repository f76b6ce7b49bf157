package io.logarchive.infra.aws;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.AbstractConstruct;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * A SAM template as its author wrote it. {@code !Ref X} reads as {@code {Ref: X}}, any other tag as
 * {@code {Fn::Name: …}}.
 */
record Template(Map<String, Object> root) {
  static final Path FILE = Path.of("template.yaml");

  static Template ofThisModule() throws IOException {
    return parse(Files.readString(FILE));
  }

  static Template parse(String yaml) {
    return new Template(map(new Yaml(new Tags()).load(yaml)));
  }

  /** What a resource is called, and what it is. */
  record Resource(String name, Map<String, Object> declaration) {
    String type() {
      return text(declaration.get("Type"));
    }

    /** What stands at these members of its properties. */
    Optional<Object> property(String... path) {
      Object value = declaration.get("Properties");
      for (String member : path) {
        value = value instanceof Map<?, ?> map ? map.get(member) : null;
      }
      return Optional.ofNullable(value);
    }
  }

  Stream<Resource> resources() {
    return map(root.get("Resources")).entrySet().stream()
        .map(entry -> new Resource(entry.getKey(), map(entry.getValue())));
  }

  Stream<Resource> resources(String type) {
    return resources().filter(resource -> resource.type().equals(type));
  }

  Stream<Resource> functions() {
    return resources("AWS::Serverless::Function");
  }

  Resource resource(String name) {
    return resources()
        .filter(resource -> resource.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("There is no resource " + name));
  }

  /** The statements of the role of a function or of a state machine. */
  List<Map<String, Object>> statements(Resource runs) {
    String role = text(map(runs.property("Role").orElseThrow()).get("Fn::GetAtt"));
    return statementsOf(resource(role.substring(0, role.indexOf('.'))));
  }

  /** The statements of what a role may do. */
  static List<Map<String, Object>> statementsOf(Resource role) {
    return list(role.property("Policies").orElseThrow()).stream()
        .flatMap(policy -> list(map(map(policy).get("PolicyDocument")).get("Statement")).stream())
        .map(Template::map)
        .toList();
  }

  /** The variables of a function's environment, its own and everybody's. */
  Map<String, Object> environment(Resource function) {
    Map<String, Object> all =
        new LinkedHashMap<>(
            new Resource(
                    "Globals", Map.of("Properties", map(map(root.get("Globals")).get("Function"))))
                .property("Environment", "Variables")
                .map(Template::map)
                .orElse(Map.of()));
    function.property("Environment", "Variables").map(Template::map).ifPresent(all::putAll);
    return all;
  }

  static Map<String, Object> map(@Nullable Object value) {
    Map<String, Object> typed = new LinkedHashMap<>();
    if (value instanceof Map<?, ?> map) {
      map.forEach((key, member) -> typed.put(String.valueOf(key), member));
      return typed;
    }
    throw new IllegalArgumentException("Not a map: " + value);
  }

  /** A list, or one value in the place of a list. */
  static List<Object> list(@Nullable Object value) {
    return switch (value) {
      case null -> List.of();
      case List<?> list -> list.stream().<Object>map(item -> item).toList();
      default -> List.of(value);
    };
  }

  static String text(@Nullable Object value) {
    if (value instanceof String text) {
      return text;
    }
    throw new IllegalArgumentException("Not text: " + value);
  }

  private static final class Tags extends SafeConstructor {
    Tags() {
      super(new LoaderOptions());
      yamlMultiConstructors.put(
          "!",
          new AbstractConstruct() {
            @Override
            public Object construct(Node node) {
              String tag = node.getTag().getValue().substring(1);
              return Map.of(
                  tag.equals("Ref") || tag.equals("Condition") ? tag : "Fn::" + tag, value(node));
            }
          });
    }

    private Object value(Node node) {
      return switch (node) {
        case ScalarNode scalar -> scalar.getValue();
        case SequenceNode sequence -> constructSequence(sequence);
        case MappingNode mapping -> constructMapping(mapping);
        default -> throw new IllegalArgumentException("A tag on " + node);
      };
    }
  }
}
