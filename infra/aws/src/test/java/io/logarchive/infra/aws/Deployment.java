package io.logarchive.infra.aws;

import io.logarchive.json.JsonValue;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The template and the package as they are, deployed by AWS's own tool.
 *
 * @param outputs the stack's
 */
record Deployment(String stack, AwsCli aws, Service service, Map<String, String> outputs) {
  private static final Pattern API_URL =
      Pattern.compile("https://([^.]+)\\.execute-api\\.[^/]+/([^/]+)");

  /** What LocalStack logs of a type that it does not know, and then says was created. */
  private static final String NOT_DEPLOYED = "will fail";

  /**
   * Deploys them.
   *
   * @param folder for files on the way
   * @throws AssertionError if LocalStack left out a resource
   */
  static Deployment deploy(
      LocalStack localStack,
      AwsCli aws,
      String stack,
      Path functionsPackage,
      Map<String, String> parameters,
      Path folder)
      throws IOException, InterruptedException {
    int logBefore = localStack.log().length();
    Path infra = Files.createDirectories(folder.resolve("infra/aws"));
    Files.copy(Path.of("template.yaml"), infra.resolve("template.yaml"));
    Files.copy(Path.of("restore.asl.json"), infra.resolve("restore.asl.json"));
    RecorderJar.copyWithRecorder(
        functionsPackage, folder.resolve("functions-aws/target/functions-aws.zip"));
    String packages = stack + "-packages";
    Path packaged = folder.resolve("packaged.yaml");
    aws.text("s3", "mb", "s3://" + packages);
    aws.text(
        "cloudformation",
        "package",
        "--template-file=" + infra.resolve("template.yaml"),
        "--s3-bucket=" + packages,
        "--output-template-file=" + packaged);
    List<String> deploy =
        new ArrayList<>(
            List.of(
                "cloudformation",
                "deploy",
                "--template-file=" + packaged,
                "--s3-bucket=" + packages,
                "--stack-name=" + stack,
                "--capabilities",
                "CAPABILITY_IAM",
                "CAPABILITY_NAMED_IAM",
                "CAPABILITY_AUTO_EXPAND",
                "--parameter-overrides"));
    parameters.forEach((name, value) -> deploy.add(name + "=" + value));
    aws.text(deploy.toArray(String[]::new));
    List<String> leftOut =
        localStack
            .log()
            .substring(logBefore)
            .lines()
            .filter(line -> line.contains(NOT_DEPLOYED))
            .toList();
    if (!leftOut.isEmpty()) {
      throw new AssertionError("LocalStack left out: " + String.join("\n", leftOut));
    }
    Map<String, String> outputs = outputs(aws, stack);
    return new Deployment(stack, aws, service(localStack.endpoint(), outputs), outputs);
  }

  String output(String name) {
    String value = outputs.get(name);
    if (value == null) {
      throw new AssertionError("The stack has no output " + name + ", only " + outputs.keySet());
    }
    return value;
  }

  private static Map<String, String> outputs(AwsCli aws, String stack)
      throws IOException, InterruptedException {
    Map<String, String> outputs = new TreeMap<>();
    JsonValue stacks = aws.json("cloudformation", "describe-stacks", "--stack-name=" + stack);
    for (JsonValue output : Reply.list(Reply.list(stacks, "Stacks").getFirst(), "Outputs")) {
      outputs.put(Reply.text(output, "OutputKey"), Reply.text(output, "OutputValue"));
    }
    return outputs;
  }

  private static Service service(URI endpoint, Map<String, String> outputs) {
    Matcher api = API_URL.matcher(outputs.getOrDefault("ApiUrl", ""));
    if (!api.matches()) {
      throw new AssertionError("Not where an API answers: " + outputs.get("ApiUrl"));
    }
    return new Service(
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build(),
        endpoint.resolve("/_aws/execute-api/" + api.group(1) + "/" + api.group(2)),
        endpoint,
        URI.create(outputs.getOrDefault("IngestUrl", "")).getAuthority());
  }
}
