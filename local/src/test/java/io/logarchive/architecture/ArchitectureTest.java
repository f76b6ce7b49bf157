package io.logarchive.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ArchitectureTest {
  private static final String PRODUCT = "io.logarchive";
  private static final String PLANTED = "io.logarchive.architecture.planted";

  private static final JavaClasses PRODUCT_CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(PRODUCT);
  private static final JavaClasses PLANTED_CLASSES =
      new ClassFileImporter().importPackages(PLANTED);

  @ParameterizedTest
  @MethodSource("rules")
  void theProductKeepsTheRule(Function<ArchitectureRules, ArchRule> rule) {
    rule.apply(new ArchitectureRules(PRODUCT)).check(PRODUCT_CLASSES);
  }

  @ParameterizedTest
  @MethodSource("rules")
  void theRuleFindsAllPlantedViolationsAndNoOther(
      Function<ArchitectureRules, ArchRule> rule, List<String> violations) {
    var found =
        rule.apply(new ArchitectureRules(PLANTED))
            .evaluate(PLANTED_CLASSES)
            .getFailureReport()
            .getDetails();

    assertThat(violations)
        .isNotEmpty()
        .allMatch(violation -> found.stream().anyMatch(line -> line.contains(violation)));
    assertThat(found).allMatch(line -> violations.stream().anyMatch(line::contains));
  }

  static Stream<Arguments> rules() {
    return Stream.of(
        rule(
            "the core stands on few libraries",
            ArchitectureRules::coreStandsOnFewLibraries,
            "(TalksToS3.java",
            "(CallsAnAdapter.java"),
        rule(
            "packages have no cycles",
            ArchitectureRules::packagesHaveNoCycles,
            "Slice ingest -> \n                Slice search -> \n                Slice ingest",
            "Slice aws -> \n                Slice opensearch -> \n                Slice aws"),
        rule(
            "the AWS adapter knows no other",
            rules -> rules.adapterKnowsNoOther("aws"),
            "(S3Adapter.java"),
        rule(
            "the Azure adapter knows no other",
            rules -> rules.adapterKnowsNoOther("azure"),
            "(BlobAdapter.java"),
        rule(
            "the OpenSearch adapter knows no other",
            rules -> rules.adapterKnowsNoOther("opensearch"),
            "(OpenSearchAdapter.java"),
        rule(
            "only the wirings of functions know adapters",
            ArchitectureRules::onlyWiringsOfFunctionsKnowAdapters,
            "(HandlerWithAnSdk.java",
            "(HandlerWithAnAdapter.java"),
        rule(
            "only wirings read clock, chance and environment",
            ArchitectureRules::onlyWiringsReadClockChanceAndEnvironment,
            "ReadsForItself.clock()",
            "ReadsForItself.day()",
            "ReadsForItself.id()",
            "ReadsForItself.ids()",
            "ReadsForItself.instant()",
            "ReadsForItself.millis()",
            "ReadsForItself.source()",
            "ReadsForItself.variable()"));
  }

  private static Arguments rule(
      String name, Function<ArchitectureRules, ArchRule> rule, String... violations) {
    return argumentSet(name, rule, List.of(violations));
  }
}
