package io.logarchive.infra.aws;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;

/**
 * Prints a line for every request that the SDK sends, inside of a deployed function. The SDK finds
 * it by a file in {@link RecorderJar}.
 */
public final class OperationRecorder implements ExecutionInterceptor {
  static final String START = "SDK-OPERATION ";

  private static final String FUNCTION = "function";
  private static final Pattern SIGNER = Pattern.compile("Credential=([^/]+)/");

  /** What says which resource a request is about, by the names of the services' members. */
  private static final String[] RESOURCES = {
    "Bucket",
    "TableName",
    "KeyId",
    "SecretId",
    "stateMachineArn",
    "executionArn",
    "RoleArn",
    "Name",
    "QueueUrl"
  };

  @Override
  public void beforeTransmission(
      Context.BeforeTransmission context, ExecutionAttributes attributes) {
    SdkRequest request = context.request();
    Map<String, String> line = new TreeMap<>();
    line.put("function", System.getenv("AWS_LAMBDA_FUNCTION_NAME"));
    line.put("handler", System.getenv("_HANDLER"));
    line.put("service", attributes.getAttribute(SdkExecutionAttribute.SERVICE_NAME));
    line.put("operation", attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME));
    String signer = signer(context);
    line.put("signedBy", signer);
    if (signer.equals(FUNCTION)) {
      resource(request).ifPresent(resource -> line.put("resource", resource));
    }
    if (request instanceof TransactWriteItemsRequest transaction) {
      line.put("actions", actions(transaction));
    }
    System.out.println(START + json(line));
  }

  private static String signer(Context.BeforeTransmission context) {
    return context
        .httpRequest()
        .firstMatchingHeader("Authorization")
        .map(SIGNER::matcher)
        .filter(Matcher::find)
        .map(
            found ->
                found.group(1).equals(System.getenv("AWS_ACCESS_KEY_ID")) ? FUNCTION : "customer")
        .orElse("nobody");
  }

  private static Optional<String> resource(SdkRequest request) {
    for (String name : RESOURCES) {
      Optional<String> value =
          request
              .getValueForField(name, Object.class)
              .map(found -> found.toString().replaceAll("(:execution:[^:]+:).*", "$1*"));
      if (value.isPresent()) {
        return value.map(found -> found + within(request, name));
      }
    }
    return request instanceof TransactWriteItemsRequest transaction
        ? transaction.transactItems().stream().map(OperationRecorder::table).findFirst()
        : Optional.empty();
  }

  /** The part of a bucket or table that it is about: the key's first folder, or the index. */
  private static String within(SdkRequest request, String resource) {
    return switch (resource) {
      case "Bucket" ->
          request
              .getValueForField("Key", Object.class)
              .or(() -> request.getValueForField("Prefix", Object.class))
              .map(key -> "/" + key.toString().replaceAll("(?s)/.*", "/*"))
              .orElse("");
      case "TableName" ->
          request
              .getValueForField("IndexName", Object.class)
              .map(index -> "/index/" + index)
              .orElse("");
      default -> "";
    };
  }

  private static String table(TransactWriteItem item) {
    if (item.put() != null) {
      return item.put().tableName();
    }
    if (item.update() != null) {
      return item.update().tableName();
    }
    return item.delete() != null ? item.delete().tableName() : item.conditionCheck().tableName();
  }

  private static String actions(TransactWriteItemsRequest transaction) {
    return transaction.transactItems().stream()
        .map(
            item ->
                item.put() != null
                    ? "Put"
                    : item.update() != null
                        ? "Update"
                        : item.delete() != null ? "Delete" : "ConditionCheck")
        .collect(Collectors.toCollection(TreeSet::new))
        .toString();
  }

  private static String json(Map<String, String> members) {
    return members.entrySet().stream()
        .map(member -> '"' + member.getKey() + "\":\"" + escaped(member.getValue()) + '"')
        .collect(Collectors.joining(",", "{", "}"));
  }

  private static String escaped(String value) {
    return value.replace("\\", "\\\\").replace("\"", "\\\"");
  }
}
