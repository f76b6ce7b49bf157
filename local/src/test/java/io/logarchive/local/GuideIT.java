package io.logarchive.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each {@code curl} of the guide to the API, as it is printed, against a service that runs. */
class GuideIT {
  private static final Path GUIDE = Path.of("..", "docs", "api.md");
  private static final Pattern BLOCK = Pattern.compile("(?s)\n```sh\n(.*?)\n```\n");
  private static final Pattern CALL = Pattern.compile("(?m)^(api|admin) ");
  private static final Pattern EXAMPLE_ID = Pattern.compile("(?m)^([A-Z]+)=\\d+ +#.*$");
  private static final Pattern ANSWER = Pattern.compile("(?m)^CALL (\\d{3}) (.*)$");

  /** What the reader does by hand: to look at the status, and to take an id from the reply. */
  private static final String READER =
      """
      eval "printed_$(declare -f as)"
      as() {
        local answer
        answer=$(printed_as "$@" -w '\\n%{http_code}')
        printf '\\nCALL %s %s\\n' "${answer##*$'\\n'}" "${answer%$'\\n'*}"
        case "$*" in *" -d "*) CREATED=$answer ;; esac
      }
      id_of_created() { [[ $CREATED =~ ([0-9]+) ]] && echo "${BASH_REMATCH[1]}"; }
      """;

  private static final String UNTIL_RESTORED =
      """
      until [[ $(printed_as "$LOGARCHIVE_API_TOKEN" "$LOGARCHIVE_URL/archive/restore") == *'"status":"ACTIVE"'* ]]; do
        sleep 0.2
      done
      """;

  private final Path folder;

  GuideIT(@TempDir Path folder) {
    this.folder = folder;
  }

  @BeforeAll
  static void findShell() {
    Programs.assumeInstalled("the examples of docs/api.md are not tried", "bash", "curl");
  }

  @ParameterizedTest
  @EnumSource
  void everyExampleWorksAsItIsPrinted(Cloud cloud) throws Exception {
    Azurite.assumeInstalledFor(cloud);
    List<String> examples = inOrder(paragraphs(Files.readString(GUIDE)));
    String output;
    try (UpIT.Running up = UpIT.Running.start(folder.resolve(".logarchive"), cloud)) {
      output = run(script(examples), up.variables());
    }

    List<MatchResult> answers = ANSWER.matcher(output).results().toList();
    assertThat(answers)
        .as(output)
        .hasSize((int) CALL.matcher(String.join("\n", examples)).results().count())
        .hasSizeGreaterThan(20);
    assertThat(answers)
        .filteredOn(answer -> !answer.group(1).equals("200"))
        .singleElement()
        .satisfies(answer -> assertThat(answer.group(2)).contains("archive/NO_AWS_IDENTITY"));
    assertThat(output).contains("openapi: 3.1.0", "HTTP/1.1 200 OK", "{\"status\":\"ok\"}");
    assertThat(answers)
        .extracting(answer -> answer.group(2))
        .filteredOn(body -> body.contains("\"hits\":{\"total\":{\"value\":1,"))
        .as("the search for one of the two logs that were sent")
        .hasSize(1);
  }

  private static List<String> paragraphs(String guide) {
    return BLOCK
        .matcher(guide)
        .results()
        .flatMap(block -> Stream.of(block.group(1).split("\n\n")))
        .toList();
  }

  /** As the guide says: what pauses or removes what the others need comes last. */
  private static List<String> inOrder(List<String> paragraphs) {
    List<String> first = new ArrayList<>();
    List<String> last = new ArrayList<>();
    for (String paragraph : paragraphs) {
      boolean removes =
          paragraph.contains("-X DELETE") && !paragraph.contains("\"$TOKENS/$TOKEN\"");
      (removes || paragraph.contains("\"enabled\":false") ? last : first).add(paragraph);
    }
    first.addAll(last);
    return first;
  }

  private String script(List<String> examples) {
    StringBuilder script = new StringBuilder("set -eu\n");
    for (String example : examples) {
      script
          .append(
              EXAMPLE_ID
                  .matcher(example)
                  .replaceAll("$1=\\$(id_of_created)")
                  .replaceAll("(?m)^\\./logarchive up.*$", ""))
          .append('\n');
      if (example.contains("as()")) {
        script.append(READER);
      }
      if (example.contains("Idempotency-Key:")) {
        script.append(UNTIL_RESTORED);
      }
    }
    return script.toString();
  }

  private String run(String script, Map<String, String> variables) throws Exception {
    Path file = Files.writeString(folder.resolve("guide.sh"), script);
    Path output = folder.resolve("output.txt");
    ProcessBuilder builder =
        new ProcessBuilder("bash", file.toString())
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().putAll(variables);
    Process process = builder.start();
    if (!process.waitFor(3, TimeUnit.MINUTES)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      throw new IllegalStateException("The guide did not end: " + Files.readString(output));
    }
    String said = Files.readString(output);
    assertThat(process.exitValue()).as(said).isZero();
    return said;
  }
}
