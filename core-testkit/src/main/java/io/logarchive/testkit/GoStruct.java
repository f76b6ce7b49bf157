package io.logarchive.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;

/**
 * What Go's {@code encoding/json} takes for a struct: unknown members are skipped, names are found
 * whatever their case, null leaves a field as it was, and a value of another type is an error.
 */
record GoStruct(List<Field> fields) {

  /** The types of fields that are no structs themselves. */
  enum Type {
    STRING,
    BOOL,
    INT32,
    FLOAT64
  }

  /** A field by the name of its tag: of a simple type, or a struct. */
  sealed interface Field {
    String name();

    record Simple(String name, Type type) implements Field {}

    record Nested(String name, GoStruct struct) implements Field {}
  }

  GoStruct {
    fields = List.copyOf(fields);
  }

  static GoStruct of(Field... fields) {
    return new GoStruct(Arrays.asList(fields));
  }

  static Field string(String name) {
    return new Field.Simple(name, Type.STRING);
  }

  static Field bool(String name) {
    return new Field.Simple(name, Type.BOOL);
  }

  static Field int32(String name) {
    return new Field.Simple(name, Type.INT32);
  }

  static Field float64(String name) {
    return new Field.Simple(name, Type.FLOAT64);
  }

  static Field struct(String name, Field... fields) {
    return new Field.Nested(name, of(fields));
  }

  /**
   * Reads a value as Go would.
   *
   * @throws AssertionError where Go answers an error
   */
  void check(JsonNode value) {
    if (value.isNull()) {
      return;
    }
    if (!value.isObject()) {
      throw new AssertionError("Go reads no struct from " + value);
    }
    value
        .properties()
        .forEach(
            member ->
                fields.stream()
                    .filter(field -> field.name().equalsIgnoreCase(member.getKey()))
                    .forEach(field -> check(field, member.getValue())));
  }

  private static void check(Field field, JsonNode value) {
    switch (field) {
      case Field.Nested nested -> nested.struct().check(value);
      case Field.Simple simple -> {
        if (!value.isNull() && !fits(simple.type(), value)) {
          throw new AssertionError(
              "Go reads no " + simple.type() + " from " + simple.name() + ": " + value);
        }
      }
    }
  }

  private static boolean fits(Type type, JsonNode value) {
    return switch (type) {
      case STRING -> value.isTextual();
      case BOOL -> value.isBoolean();
      case INT32 -> value.isIntegralNumber() && value.canConvertToInt();
      case FLOAT64 -> value.isNumber() && Double.isFinite(value.doubleValue());
    };
  }
}
