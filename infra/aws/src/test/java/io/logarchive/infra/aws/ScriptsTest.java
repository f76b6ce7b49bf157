package io.logarchive.infra.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code deploy} and {@code remove} with a stand-in for the AWS CLI, which writes down what it is
 * asked and answers as for an account with a deployment {@code logs} and customers' buckets.
 */
class ScriptsTest {
  private static final List<String> READING =
      List.of("describe-", "head-", "get-", "list-", "wait", "configure");

  private static final String AWS =
      """
      #!/usr/bin/env bash
      echo "$*" >> "$CALLS"
      case "$*" in
        "sts get-caller-identity"*) printf '111122223333\\tarn:aws:iam::111122223333:user/me\\n' ;;
        "cloudformation describe-stacks"*StackStatus*)
          [ -n "$STACK" ] || { echo "Stack with id logs does not exist" >&2; exit 254; }
          echo "$STACK" ;;
        "cloudformation describe-stacks"*) echo "" ;;
        "dynamodb describe-table"*TableStatus*) echo "${TABLE-ACTIVE}" ;;
        "dynamodb describe-table"*) echo 2000000000 ;;
        "s3api head-bucket"*) [ -z "$HEAD_BUCKET" ] || { echo "$HEAD_BUCKET" >&2; exit 254; } ;;
        "kms describe-key --key-id alias/logs-sealing"*) echo "arn:aws:kms:us-east-1:111122223333:key/1" ;;
        "kms describe-key --key-id alias/logs-signing"*) echo "arn:aws:kms:us-east-1:111122223333:key/2" ;;
        "kms describe-key"*) echo Enabled ;;
        "iam get-role"*) echo logs-us-east-1-archive-access ;;
        "iam list-role-policies"*) echo customers ;;
      esac
      """;

  private final Path folder;
  private final Path calls;

  ScriptsTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
    this.calls = folder.resolve("calls");
    Files.createFile(calls);
    Path bin = Files.createDirectory(folder.resolve("bin"));
    Path aws = Files.writeString(bin.resolve("aws"), AWS);
    Files.setPosixFilePermissions(aws, PosixFilePermissions.fromString("rwx------"));
  }

  @Test
  void removingAllTouchesWhatIsTheDeploymentsAndNothingElse() throws Exception {
    Run run = run("", Map.of(), "remove", "logs", "--all", "--yes", "--key-days", "7");
    assertThat(run.exitCode()).as(run.out()).isZero();
    assertThat(changes())
        .containsExactly(
            "cloudformation delete-stack --stack-name logs",
            "s3 rm s3://logs-111122223333-us-east-1-pkg --recursive --only-show-errors",
            "s3api delete-bucket --bucket logs-111122223333-us-east-1-pkg"
                + " --expected-bucket-owner 111122223333",
            "s3 rm s3://logs-111122223333-us-east-1 --recursive --only-show-errors",
            "s3api delete-bucket --bucket logs-111122223333-us-east-1"
                + " --expected-bucket-owner 111122223333",
            "dynamodb update-table --table-name logs --no-deletion-protection-enabled",
            "dynamodb delete-table --table-name logs",
            "iam delete-role-policy --role-name logs-us-east-1-archive-access"
                + " --policy-name customers",
            "iam delete-role --role-name logs-us-east-1-archive-access",
            "kms schedule-key-deletion --key-id arn:aws:kms:us-east-1:111122223333:key/1"
                + " --pending-window-in-days 7",
            "kms delete-alias --alias-name alias/logs-sealing",
            "kms schedule-key-deletion --key-id arn:aws:kms:us-east-1:111122223333:key/2"
                + " --pending-window-in-days 7",
            "kms delete-alias --alias-name alias/logs-signing");
  }

  @Test
  void keepingDataRemovesTheStackAndItsPackagesOnlyAndSaysWhatTheRestCosts() throws Exception {
    Run run = run("logs\n", Map.of(), "remove", "logs", "--keep-data");
    assertThat(run.exitCode()).as(run.out()).isZero();
    assertThat(run.out())
        .contains("This stays:\n  the table logs", "the key alias/logs-signing")
        .contains("costs about $2.90 a month in us-east-1: 2 keys at $1");
    assertThat(changes())
        .containsExactly(
            "cloudformation delete-stack --stack-name logs",
            "s3 rm s3://logs-111122223333-us-east-1-pkg --recursive --only-show-errors",
            "s3api delete-bucket --bucket logs-111122223333-us-east-1-pkg"
                + " --expected-bucket-owner 111122223333");
  }

  @Test
  void nothingIsRemovedUntilTheStacksNameIsTyped() throws Exception {
    for (String typed : List.of("", "\n", "yes\n", "log\n")) {
      Run run = run(typed, Map.of(), "remove", "logs", "--all");
      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.out()).contains("nothing was removed");
    }
    assertThat(changes()).isEmpty();
  }

  @Test
  void aBucketOfThatNameInAnotherAccountStopsIt() throws Exception {
    Map<String, String> foreign =
        Map.of("HEAD_BUCKET", "An error occurred (403) when calling HeadBucket: Forbidden");
    Run run = run("", foreign, "remove", "logs", "--all", "--yes");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).contains("cannot be used: An error occurred (403)");
    assertThat(changes()).isEmpty();
  }

  @Test
  void wrongOptionsAreNamedBeforeAnythingIsAsked() throws Exception {
    assertThat(run("", Map.of(), "remove", "logs", "--all", "--keep-data").out())
        .contains("either --keep-data or --all");
    assertThat(run("", Map.of(), "remove", "logs").out()).contains("Usage: infra/aws/remove");
    assertThat(run("", Map.of(), "remove", "logs", "--all", "--key-days", "6").out())
        .contains("--key-days takes 7 to 30");
    assertThat(run("", Map.of(), "deploy", "logs", "--parameter", "x").out())
        .contains("'x' is not NAME=VALUE");
    assertThat(run("", Map.of(), "remove", "Logs", "--all", "--yes").out())
        .contains("the stack's name has 3 to 28");
    assertThat(changes()).isEmpty();
  }

  @Test
  void deploySaysAllThatIsMissingAtOnce() throws Exception {
    Path bare = Files.createDirectory(folder.resolve("bare"));
    for (String program : List.of("bash", "cat", "cut", "dirname", "env", "readlink", "sed")) {
      Path found =
          Stream.of("/usr/bin", "/bin")
              .map(bin -> Path.of(bin, program))
              .filter(Files::exists)
              .findFirst()
              .orElseThrow();
      Files.createSymbolicLink(bare.resolve(program), found);
    }
    Run run =
        run("", Map.of("PATH", bare.toString()), "deploy", "logs", "--check-bucket", "my-bucket");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out())
        .contains("deploy cannot begin:")
        .contains("- there is no mvn on the PATH")
        .contains("- there is no sha256sum on the PATH")
        .contains("- --check-bucket goes with --check-access-key")
        .contains("- the check needs the access key's secret")
        .contains("- there is no aws on the PATH");
  }

  @Test
  void shellcheckFindsNothing() throws Exception {
    Assumptions.assumeTrue(
        Files.exists(Path.of("/usr/bin/shellcheck")), "shellcheck is not installed");
    Process shellcheck =
        new ProcessBuilder(
                "/usr/bin/shellcheck", "-x", "-P", "../..", "deploy", "remove", "common.sh")
            .redirectErrorStream(true)
            .start();
    String found = new String(shellcheck.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(shellcheck.waitFor()).as(found).isZero();
  }

  private record Run(int exitCode, String out) {}

  private Run run(String typed, Map<String, String> environment, String... call)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(call));
    command.set(0, Path.of(call[0]).toAbsolutePath().toString());
    Path input = Files.writeString(folder.resolve("typed"), typed);
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectInput(input.toFile());
    Map<String, String> variables = builder.environment();
    variables.keySet().removeIf(name -> name.startsWith("AWS_") || name.startsWith("LOGARCHIVE_"));
    variables.merge("PATH", folder.resolve("bin").toString(), (path, bin) -> bin + ":" + path);
    variables.put("AWS_REGION", "us-east-1");
    variables.put("CALLS", calls.toString());
    variables.put("STACK", "CREATE_COMPLETE");
    variables.put("HEAD_BUCKET", "");
    variables.putAll(environment);
    Process process = builder.start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Run(process.waitFor(), out);
  }

  /** What was asked for that changes something. */
  private List<String> changes() throws IOException {
    return Files.readAllLines(calls).stream()
        .filter(call -> READING.stream().noneMatch(call.split(" ", 3)[1]::startsWith))
        .toList();
  }
}
