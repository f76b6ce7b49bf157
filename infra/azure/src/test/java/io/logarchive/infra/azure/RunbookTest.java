package io.logarchive.infra.azure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the one who is woken by an alert finds. */
class RunbookTest {
  private static final Path ALERTS = Path.of("modules", "alerts.bicep");
  private static final Path RUNBOOK = Path.of("..", "..", "docs", "runbook-azure.md");

  @Test
  void everyAlertHasItsSectionAndThereIsNoOther() throws IOException {
    List<String> alerts = found(Files.readString(ALERTS), "(?m)^    name: '([a-z0-9-]+)'$");

    assertThat(alerts).hasSize(23);
    assertThat(found(Files.readString(RUNBOOK), "(?m)^## (.+)$")).containsExactlyElementsOf(alerts);
  }

  @Test
  void everySectionSaysWhereToLookAndWhatToDo() throws IOException {
    String[] sections = Files.readString(RUNBOOK).split("(?m)^## ", -1);

    assertThat(sections).hasSize(24);
    for (int i = 1; i < sections.length; i++) {
      assertThat(sections[i]).contains("\nLook: ", "\nDo: ");
    }
  }

  @Test
  void linksLeadSomewhere() throws IOException {
    String runbook = Files.readString(RUNBOOK);

    assertThat(found(runbook, "(?m)^## (.+)$")).containsAll(found(runbook, "\\]\\(#([^)]+)\\)"));
    assertThat(found(Files.readString(RUNBOOK.resolveSibling("runbook.md")), "(?m)^## (.+)$"))
        .containsAll(found(runbook, "\\]\\(runbook\\.md#([^)]+)\\)"));
  }

  private static List<String> found(String text, String pattern) {
    return Pattern.compile(pattern).matcher(text).results().map(each -> each.group(1)).toList();
  }
}
