package io.logarchive.testkit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import io.logarchive.http.ApiRequest;
import io.logarchive.http.ApiResponse;
import io.logarchive.http.HealthApi;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A file in OpenAPI 3.1, and what replies say that it does not. Safe for concurrent use. */
public final class OpenApi {
  private static final String DOCUMENT = "https://logarchive.example/openapi";
  private static final String ERROR = "#/components/schemas/Error";
  private static final int MOST_FAULTS = 10;
  private static final Set<String> METHODS =
      Set.of("get", "put", "post", "delete", "options", "head", "patch", "trace");
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

  private final JsonNode root;
  private final SchemaRegistry schemas;

  private OpenApi(JsonNode root) {
    this.root = root;
    this.schemas =
        SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12,
            builder ->
                builder
                    .schemas(Map.of(DOCUMENT, root.toString()))
                    .schemaRegistryConfig(
                        SchemaRegistryConfig.builder().locale(Locale.ENGLISH).build()));
  }

  /** The file as the service gives it out. */
  public static OpenApi ofTheService() {
    ApiRequest request =
        new ApiRequest("GET", "/openapi.yaml", Map.of(), Map.of(), new byte[0], true, "openapi");
    return parse(new HealthApi().handle(request).bodyText());
  }

  /** Reads a file. */
  public static OpenApi parse(String yaml) {
    try {
      return new OpenApi(new YAMLMapper().readTree(yaml));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("This is not YAML", e);
    }
  }

  /** All operations, such as {@code GET /archive/restore/{id}}. */
  public Set<String> operations() {
    Set<String> operations = new TreeSet<>();
    root.path("paths")
        .properties()
        .forEach(
            path -> methods(path.getValue()).forEach(m -> operations.add(m + " " + path.getKey())));
    return operations;
  }

  /** Whether an operation has a reply that is a success: else it is not there yet. */
  public boolean isBuilt(String operation) {
    String[] parts = operation.split(" ", 2);
    return at("#/paths/" + escaped(parts[1]) + "/" + lower(parts[0]) + "/responses").has("200");
  }

  /**
   * What a reply says that the file does not: its status, a header, its kind or its body.
   *
   * @return empty if it is as the file has it
   */
  public List<String> faults(ApiRequest request, ApiResponse reply) {
    Optional<String> template = template(request.path());
    List<String> faults = new ArrayList<>();
    if (template.isEmpty()) {
      expectError(404, reply, faults);
    } else if (!methods(item(template.get())).contains(request.method())) {
      expectError(405, reply, faults);
      String allow = String.join(", ", methods(item(template.get())));
      if (!allow.equals(reply.headers().get("Allow"))) {
        faults.add("Allow is " + reply.headers().get("Allow") + ", not " + allow);
      }
    } else {
      declared(template.get(), request.method(), reply, faults);
    }
    return faults;
  }

  private void declared(String template, String method, ApiResponse reply, List<String> faults) {
    String pointer =
        "#/paths/" + escaped(template) + "/" + lower(method) + "/responses/" + reply.status();
    JsonNode declared = at(pointer);
    if (declared.has("$ref")) {
      pointer = declared.path("$ref").asText();
      declared = at(pointer);
    }
    if (declared.isMissingNode()) {
      faults.add("The status " + reply.status() + " is not declared");
      return;
    }
    for (Map.Entry<String, JsonNode> header : declared.path("headers").properties()) {
      String value = reply.headers().get(header.getKey());
      JsonNode described =
          header.getValue().has("$ref")
              ? at(header.getValue().path("$ref").asText())
              : header.getValue();
      if (value == null && described.path("required").asBoolean()) {
        faults.add("The header " + header.getKey() + " is missing");
      }
    }
    JsonNode content = declared.path("content");
    if (content.isMissingNode()) {
      if (reply.body().length > 0) {
        faults.add("There is a body, and none is declared");
      }
      return;
    }
    String type = mediaType(reply);
    if (!content.has(type)) {
      faults.add("The Content-Type is " + type + ", which is not declared");
      return;
    }
    body(pointer + "/content/" + escaped(type) + "/schema", type, reply, faults);
  }

  private void expectError(int status, ApiResponse reply, List<String> faults) {
    if (reply.status() != status) {
      faults.add("The status is " + reply.status() + ", not " + status);
    }
    body(ERROR, mediaType(reply), reply, faults);
  }

  private void body(String schema, String type, ApiResponse reply, List<String> faults) {
    JsonNode body;
    try {
      body =
          type.equals("application/json")
              ? JSON.readTree(reply.body())
              : TextNode.valueOf(new String(reply.body(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      faults.add("The body is not JSON");
      return;
    }
    schemas.getSchema(SchemaLocation.of(DOCUMENT + schema)).validate(body).stream()
        .limit(MOST_FAULTS)
        .forEach(error -> faults.add(error.toString()));
  }

  /** The path as the file has it; one that is written out comes before one with a variable. */
  private Optional<String> template(String path) {
    List<String> parts = parts(path);
    return root.path("paths").properties().stream()
        .map(Map.Entry::getKey)
        .filter(template -> matches(parts(template), parts))
        .min((a, b) -> Boolean.compare(a.contains("{"), b.contains("{")));
  }

  private static boolean matches(List<String> template, List<String> path) {
    if (template.size() != path.size()) {
      return false;
    }
    for (int i = 0; i < path.size(); i++) {
      if (!template.get(i).startsWith("{") && !template.get(i).equals(path.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static List<String> parts(String path) {
    return List.of(
        (path.endsWith("/") ? path.substring(0, path.length() - 1) : path).split("/", -1));
  }

  private JsonNode item(String template) {
    return root.path("paths").path(template);
  }

  private static Set<String> methods(JsonNode item) {
    Set<String> methods = new TreeSet<>();
    item.fieldNames()
        .forEachRemaining(
            name -> {
              if (METHODS.contains(name)) {
                methods.add(name.toUpperCase(Locale.ROOT));
              }
            });
    return methods;
  }

  private JsonNode at(String pointer) {
    return root.at(pointer.substring(1));
  }

  private static String lower(String method) {
    return method.toLowerCase(Locale.ROOT);
  }

  private static String escaped(String part) {
    return part.replace("~", "~0").replace("/", "~1");
  }

  private static String mediaType(ApiResponse reply) {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    headers.putAll(reply.headers());
    @Nullable String type = headers.get("Content-Type");
    return type == null ? "" : type.split(";", 2)[0].strip();
  }
}
