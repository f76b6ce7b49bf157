package io.logarchive.infra.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
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
          printf '%s\\t%s\\tarn:aws:iam::111122223333:role/logs\\n' "$STACK" "$DESCRIPTION" ;;
        "cloudformation describe-stacks"*IngestUrl*) echo "https://abc.lambda-url.us-east-1.on.aws/" ;;
        "cloudformation describe-stacks"*) echo "" ;;
        "dynamodb describe-table"*)
          [ -z "$THROTTLED" ] || { echo "ThrottlingException: Rate exceeded" >&2; exit 254; }
          [ -z "$EMPTY" ] || { echo "ResourceNotFoundException" >&2; exit 254; }
          printf 'arn:aws:dynamodb:us-east-1:111122223333:table/logs\\t2000000000\\tpk+sk\\n' ;;
        "s3api head-bucket"*)
          [ -z "$EMPTY" ] || { echo "An error occurred (404)" >&2; exit 254; }
          [ -z "$HEAD_BUCKET" ] || { echo "$HEAD_BUCKET" >&2; exit 254; } ;;
        *"[?"*"Key=='logarchive:deployment'"*)
          for foreign in $FOREIGN; do
            case "$* " in *"$foreign "*) echo "${OTHERS_MARK}"; exit ;; esac
          done
          echo logs ;;
        "kms describe-key"*)
          [ -z "$EMPTY" ] || { echo "NotFoundException" >&2; exit 254; }
          case "$*" in
            *KeyState*) echo Enabled ;;
            *alias/logs-sealing*) echo "arn:aws:kms:us-east-1:111122223333:key/1" ;;
            *alias/logs-signing*) echo "arn:aws:kms:us-east-1:111122223333:key/2" ;;
          esac ;;
        "iam get-role --role-name api-logs"*)
          [ -z "$ROLE_GONE" ] || { echo "NoSuchEntity" >&2; exit 254; }
          echo api-logs ;;
        "iam get-role"*)
          [ -z "$EMPTY" ] || { echo "NoSuchEntity" >&2; exit 254; }
          echo logs-us-east-1-archive-access ;;
        "iam list-role-policies"*) echo customers ;;
        "apigateway get-account"*) echo arn:aws:iam::111122223333:role/service/api-logs ;;
      esac
      """;

  private static final String OURS =
      "Log Archive: copies logs to storage that their owners hold, and";

  private final Path folder;
  private final Path calls;
  private final Path home;

  ScriptsTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
    this.calls = folder.resolve("calls");
    Files.createFile(calls);
    Path bin = Files.createDirectory(folder.resolve("bin"));
    Path aws = Files.writeString(bin.resolve("aws"), AWS);
    executable(aws);
    executable(Files.writeString(bin.resolve("mvn"), "#!/bin/sh\n"));
    home = folder.resolve("home");
    Path scripts = Files.createDirectories(home.resolve("infra/aws"));
    for (String file : List.of("deploy", "remove", "common.sh", "template.yaml")) {
      Files.copy(Path.of(file), scripts.resolve(file), StandardCopyOption.COPY_ATTRIBUTES);
    }
    executable(
        Files.writeString(
            home.resolve("logarchive"),
            "#!/bin/sh\nprintf 'Token:\\n  la_admin_made\\n\\nIts SHA-256:\\n  %064d\\n' 7\n"));
  }

  private static void executable(Path file) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
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
  void aStackThatIsNotOursIsNeverTouched() throws Exception {
    for (String state : List.of("CREATE_COMPLETE", "ROLLBACK_COMPLETE", "REVIEW_IN_PROGRESS")) {
      for (String description : List.of("None", "Orders", "Log Archive of the company")) {
        Map<String, String> foreign = Map.of("STACK", state, "DESCRIPTION", description);
        for (String[] call :
            List.of(
                new String[] {"remove", "logs", "--all", "--yes"},
                new String[] {"remove", "logs", "--keep-data", "--yes"},
                new String[] {"deploy", "logs"})) {
          Run run = run("", foreign, call);
          assertThat(run.exitCode()).isEqualTo(1);
          assertThat(run.out()).contains("not Log Archive's");
        }
      }
    }
    assertThat(changes()).isEmpty();
  }

  @Test
  void whatOnlyHasANameOfTheDeploymentsIsNamedAndLeftAsItIs() throws Exception {
    Map<String, String> things =
        Map.of(
            "table/logs", "the table logs",
            "logs-111122223333-us-east-1", "the bucket logs-111122223333-us-east-1",
            "logs-111122223333-us-east-1-pkg", "the bucket logs-111122223333-us-east-1-pkg",
            "key/1", "the key alias/logs-sealing",
            "key/2", "the key alias/logs-signing",
            "logs-us-east-1-archive-access", "the role logs-us-east-1-archive-access");
    Map<String, Predicate<String>> touching =
        Map.of(
            "table/logs", call -> call.startsWith("dynamodb"),
            "logs-111122223333-us-east-1", call -> call.matches(".*us-east-1( .*|$)"),
            "logs-111122223333-us-east-1-pkg", call -> call.contains("-pkg"),
            "key/1", call -> call.contains("key/1") || call.contains("sealing"),
            "key/2", call -> call.contains("key/2") || call.contains("signing"),
            "logs-us-east-1-archive-access", call -> call.startsWith("iam"));
    for (String othersMark : List.of("", "orders")) {
      for (Map.Entry<String, String> thing : things.entrySet()) {
        Map<String, String> foreign = Map.of("FOREIGN", thing.getKey(), "OTHERS_MARK", othersMark);
        Files.writeString(calls, "");
        Run removed = run("", foreign, "remove", "logs", "--all", "--yes");
        assertThat(removed.exitCode()).as(removed.out()).isZero();
        assertThat(removed.out()).contains("left as they are:\n  " + thing.getValue() + "\n");
        assertThat(changes()).isNotEmpty().noneMatch(touching.get(thing.getKey()));

        Files.writeString(calls, "");
        Map<String, String> noStack = new HashMap<>(foreign);
        noStack.put("STACK", "");
        Run deployed = run("", noStack, "deploy", "logs");
        assertThat(deployed.exitCode()).isEqualTo(1);
        assertThat(deployed.out()).contains(thing.getValue() + "\n", "take another name");
        assertThat(changes()).isEmpty();
      }
    }
    Run nothing =
        run(
            "",
            Map.of("STACK", "", "FOREIGN", String.join(" ", things.keySet())),
            "remove",
            "logs",
            "--all",
            "--yes");
    assertThat(nothing.out()).contains("there is nothing of a deployment logs");
    assertThat(changes()).isEmpty();
  }

  @Test
  void whatAwsDoesNotTellIsNotTakenForMissing() throws Exception {
    for (String[] call :
        List.of(
            new String[] {"deploy", "logs"}, new String[] {"remove", "logs", "--all", "--yes"})) {
      Run run = run("", Map.of("STACK", "", "THROTTLED", "yes"), call);
      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.out())
          .contains("dynamodb describe-table failed: ThrottlingException")
          .doesNotContain("missing", "remove logs --all");
    }
    assertThat(changes()).isEmpty();
  }

  @Test
  void aNewDeploymentsTokenIsShownBeforeItIsDeployed() throws Exception {
    Run run = run("", Map.of("STACK", "", "EMPTY", "yes"), "deploy", "logs");
    assertThat(run.exitCode()).as(run.out()).isZero();
    assertThat(run.out())
        .containsSubsequence("valid once that has succeeded:\n  la_admin_made", "Deploying the")
        .containsOnlyOnce("la_admin_made");
    assertThat(changes())
        .contains(
            "s3api put-bucket-tagging --bucket logs-111122223333-us-east-1-pkg --tagging"
                + " TagSet=[{Key=logarchive:deployment,Value=logs}]")
        .anyMatch(
            call ->
                call.startsWith("cloudformation deploy ")
                    && call.endsWith(
                        "--parameter-overrides ApiGatewayLogRole=existing AdminTokenSha256="
                            + "0".repeat(63)
                            + "7"));
    assertThat(calls).content().doesNotContain("la_admin_made");
  }

  @Test
  void aStackOfOursThatNeverCameUpIsRemovedAndItsDataTakenUp() throws Exception {
    Run run = run("", Map.of("STACK", "ROLLBACK_COMPLETE"), "deploy", "logs");
    assertThat(run.exitCode()).as(run.out()).isZero();
    assertThat(run.out()).contains("never came up").contains("takes up table");
    assertThat(changes())
        .startsWith("cloudformation delete-stack --stack-name logs")
        .anyMatch(call -> call.contains("Data=existing SealingKeyArn=arn:aws:kms:"));
  }

  @Test
  void aRoleForApiGatewaysLogsThatIsGoneIsMadeAnew() throws Exception {
    Run run = run("", Map.of("ROLE_GONE", "yes"), "deploy", "logs");
    assertThat(run.exitCode()).as(run.out()).isZero();
    assertThat(run.out()).contains("token is the one that it was");
    assertThat(changes()).anyMatch(call -> call.endsWith(" ApiGatewayLogRole=create"));
  }

  @Test
  void anEmulatorsFunctionUrlIsWhereTheEmulatorIs() throws Exception {
    Run run = run("", Map.of("AWS_ENDPOINT_URL", "http://localhost:4566"), "deploy", "logs");
    assertThat(run.exitCode()).as(run.out()).isZero();
    assertThat(run.out())
        .contains("--ingest-url http://abc.lambda-url.us-east-1.localhost:4566/ --bucket");
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
    command.set(0, home.resolve("infra/aws").resolve(call[0]).toString());
    Path input = Files.writeString(folder.resolve("typed"), typed);
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectInput(input.toFile());
    Map<String, String> variables = builder.environment();
    variables.keySet().removeIf(name -> name.startsWith("AWS_") || name.startsWith("LOGARCHIVE_"));
    variables.merge("PATH", folder.resolve("bin").toString(), (path, bin) -> bin + ":" + path);
    variables.put("AWS_REGION", "us-east-1");
    variables.put("CALLS", calls.toString());
    variables.put("STACK", "CREATE_COMPLETE");
    variables.put("DESCRIPTION", OURS);
    variables.put("JAVA_HOME", System.getProperty("java.home"));
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
