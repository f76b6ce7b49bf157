package io.logarchive.infra.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.logarchive.infra.aws.Gates.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Public checkers find nothing, and would find a mistake of each kind. */
class GatesIT {
  private static final Logger LOG = LoggerFactory.getLogger(GatesIT.class);
  private static final Path STATE_MACHINE = Path.of("restore.asl.json");

  private final Path folder;

  GatesIT(@TempDir Path folder) {
    this.folder = folder;
  }

  @BeforeAll
  static void findCheckers() {
    if (!Gates.installed()) {
      LOG.warn(
          "Skipped: template and state machine are not checked; infra/aws/gates/gates install");
    }
    assumeTrue(Gates.installed(), "gates/gates install was not run");
  }

  @Test
  void cfnLintFindsNothing() throws Exception {
    assertThat(cfnLint(Files.readString(Template.FILE))).isEqualTo(new Verdict(true, ""));
  }

  @Test
  void cfnLintFindsMistakes() throws Exception {
    Verdict verdict =
        cfnLint(
            planted(
                Template.FILE,
                "!GetAtt Bus.Arn",
                "!GetAtt Bus.Address",
                "Runtime: java21",
                "Runtime: java12",
                "Action: kms:GenerateMac",
                "Action: kms:GenerateMack",
                "PlanRestoreArn: !GetAtt",
                "PlanArn: !GetAtt"));

    assertThat(verdict.passed()).isFalse();
    assertThat(verdict.output().lines().map(line -> line.split(" ", 2)[0]))
        .contains("E1010", "E3030", "W3037", "E1029");
  }

  @Test
  void aslValidatorFindsNothing() throws Exception {
    assertThat(Gates.run("asl", STATE_MACHINE.toString()).passed()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "Next": "Planned"         | "Next": "Planed"
          "Mode": "DISTRIBUTED"     | "Mode": "DISTRIBUTE"
          $.plan.Payload.slices     | plan.Payload.slices
          """)
  void aslValidatorFindsAMistake(String right, String wrong) throws Exception {
    Path mistaken = folder.resolve("mistaken.json");
    Files.writeString(mistaken, planted(STATE_MACHINE, right, wrong));

    assertThat(Gates.run("asl", mistaken.toString()).passed()).isFalse();
  }

  @Test
  void checkovFindsNothingButWhatIsAccepted() throws Exception {
    Verdict verdict = checkov(Files.readString(Template.FILE));

    assertThat(verdict.output()).contains("Failed checks: 0").doesNotContain("Passed checks: 0");
    assertThat(verdict.passed()).isTrue();
  }

  @Test
  void checkovFindsMistakes() throws Exception {
    Verdict verdict =
        checkov(
            planted(
                Template.FILE,
                "BlockPublicAcls: true",
                "BlockPublicAcls: false",
                "PointInTimeRecoveryEnabled: true",
                "PointInTimeRecoveryEnabled: false",
                "TracingEnabled: true",
                "TracingEnabled: false"));

    assertThat(verdict.passed()).isFalse();
    assertThat(verdict.output()).contains("CKV_AWS_53", "CKV_AWS_28", "CKV_AWS_73");
  }

  @Test
  void everythingThatCheckovMayNotSayHasAReason() throws IOException {
    List<String> skips =
        Files.readAllLines(Path.of("gates", "checkov.yaml")).stream()
            .filter(line -> line.contains("- CKV"))
            .toList();

    assertThat(skips)
        .isNotEmpty()
        .hasSizeLessThan(20)
        .allMatch(line -> line.matches(" *- \\w+ # .{20,}"));
  }

  private Verdict cfnLint(String template) throws Exception {
    return Gates.run("cfn-lint", expanded(template).toString());
  }

  private Verdict checkov(String template) throws Exception {
    return Gates.run("checkov", expanded(template).toString());
  }

  private Path expanded(String template) throws Exception {
    Path source = folder.resolve("template.yaml");
    Path expanded = folder.resolve("expanded.json");
    Files.writeString(source, template);
    Files.copy(STATE_MACHINE, folder.resolve(STATE_MACHINE));
    Verdict verdict = Gates.run("expand", source.toString(), expanded.toString());
    assertThat(verdict.passed()).as(verdict.output()).isTrue();
    return expanded;
  }

  /**
   * The file with mistakes in it.
   *
   * @param pairs what is right, and what stands there instead
   */
  private static String planted(Path file, String... pairs) throws IOException {
    String text = Files.readString(file);
    for (int i = 0; i < pairs.length; i += 2) {
      assertThat(text).contains(pairs[i]);
      text = text.replace(pairs[i], pairs[i + 1]);
    }
    return text;
  }
}
