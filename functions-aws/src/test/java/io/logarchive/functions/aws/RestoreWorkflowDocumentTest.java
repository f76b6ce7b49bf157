package io.logarchive.functions.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.logarchive.fault.ServiceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class RestoreWorkflowDocumentTest {

  @Test
  void itNamesEveryKindOfServiceExceptionAsLambdaDoes() throws IOException, ClassNotFoundException {
    List<String> names = mentioned("`(io\\.logarchive\\.[\\w.$]+)`");

    for (String name : names) {
      assertThat(Class.forName(name)).isAssignableTo(ServiceException.class);
    }
    assertThat(names)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(ServiceException.class.getPermittedSubclasses())
                .map(Class::getName)
                .toList());
  }

  @Test
  void itNamesHandlersThatExist() throws IOException, ClassNotFoundException {
    List<String> names = mentioned("`(\\w+Handler)`");

    assertThat(names).contains("PlanRestoreHandler", "SweepRestoresHandler");
    for (String name : names) {
      assertThat(Class.forName("io.logarchive.functions.aws." + name)).isFinal();
    }
  }

  private static List<String> mentioned(String regex) throws IOException {
    return Pattern.compile(regex)
        .matcher(Files.readString(Path.of("..", "docs", "restore-workflow.md")))
        .results()
        .map(match -> match.group(1))
        .distinct()
        .toList();
  }
}
