package io.logarchive.infra.aws;

import io.logarchive.json.Json;
import io.logarchive.json.JsonValue;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The {@code aws} command of somebody who holds an access key. */
record AwsCli(Path program, URI endpoint, String accessKey, String secretKey) {
  static final String REGION = "us-east-1";

  AwsCli with(String otherAccessKey, String otherSecretKey) {
    return new AwsCli(program, endpoint, otherAccessKey, otherSecretKey);
  }

  /** The output of a command that prints JSON. */
  JsonValue json(String... command) throws IOException, InterruptedException {
    return Json.value(text(command).getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The output of a command.
   *
   * @throws IOException with what the command says of its failure
   */
  String text(String... command) throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of(program.toString()));
    all.addAll(List.of(command));
    ProcessBuilder builder = new ProcessBuilder(all);
    builder.environment().keySet().removeIf(name -> name.startsWith("AWS_"));
    builder.environment().put("AWS_ENDPOINT_URL", endpoint.toString());
    builder.environment().put("AWS_ACCESS_KEY_ID", accessKey);
    builder.environment().put("AWS_SECRET_ACCESS_KEY", secretKey);
    builder.environment().put("AWS_DEFAULT_REGION", REGION);
    builder.environment().put("AWS_CONFIG_FILE", "/dev/null");
    builder.environment().put("AWS_SHARED_CREDENTIALS_FILE", "/dev/null");
    builder.environment().put("AWS_PAGER", "");
    Path errors = Files.createTempFile("aws-", ".err");
    try {
      Process process = builder.redirectError(errors.toFile()).start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IOException(
            "aws " + command[0] + " " + command[1] + ": " + Files.readString(errors) + output);
      }
      return output;
    } finally {
      Files.delete(errors);
    }
  }

  @Override
  public String toString() {
    return "AwsCli[" + accessKey + " at " + endpoint + "]";
  }
}
