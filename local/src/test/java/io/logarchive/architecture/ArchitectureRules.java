package io.logarchive.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Who may use whom, below one root package: the product's own, or that of the violations which show
 * that each rule finds what it is there for.
 */
record ArchitectureRules(String root) {
  private static final List<String> ADAPTERS = List.of("aws", "azure", "opensearch");

  /** How the methods begin that read them: {@code Clock.systemUTC}, {@code LocalDate.now}. */
  private static final Set<String> READINGS =
      Set.of("currentTimeMillis", "getenv", "now", "randomUUID", "system", "tick");

  /** What the core may stand on, besides itself. */
  ArchRule coreStandsOnFewLibraries() {
    return classes()
        .that(core())
        .should()
        .onlyDependOnClassesThat(
            core()
                .or(
                    resideInAnyPackage(
                        "java..",
                        "javax.crypto..",
                        "org.jspecify.annotations..",
                        "org.slf4j..",
                        "com.fasterxml.jackson.core..",
                        "com.github.luben.zstd..")));
  }

  ArchRule packagesHaveNoCycles() {
    return slices().matching(root + ".(*)..").should().beFreeOfCycles();
  }

  /**
   * @param adapter the last part of its package
   */
  ArchRule adapterKnowsNoOther(String adapter) {
    return noClasses()
        .that()
        .resideInAPackage(below(adapter))
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                Stream.concat(ADAPTERS.stream(), Stream.of("functions", "local"))
                    .filter(other -> !other.equals(adapter))
                    .map(this::below)
                    .toArray(String[]::new)));
  }

  ArchRule onlyWiringsOfFunctionsKnowAdapters() {
    return noClasses()
        .that(resideInAPackage(below("functions")).and(not(wiring())))
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                below("aws"),
                below("azure"),
                below("opensearch"),
                below("local"),
                "com.azure..",
                "software.amazon.awssdk..",
                "java.net.http.."));
  }

  /** The test kit may: its contracts hold the clock of a real service against the machine's. */
  ArchRule onlyWiringsReadClockChanceAndEnvironment() {
    return noClasses()
        .that(resideInAPackage(root + "..").and(not(wiring())).and(not(testKit())))
        .should()
        .accessTargetWhere(
            DescribedPredicate.describe(
                "it reads the clock, chance or the environment",
                ArchitectureRules::readsWhatOnlyWiringsMay));
  }

  private static boolean readsWhatOnlyWiringsMay(JavaAccess<?> access) {
    AccessTarget target = access.getTarget();
    JavaClass owner = target.getOwner();
    boolean mayRead =
        owner.getPackageName().equals("java.time")
            || owner.isEquivalentTo(System.class)
            || owner.isEquivalentTo(UUID.class);
    return mayRead && READINGS.stream().anyMatch(target.getName()::startsWith);
  }

  private DescribedPredicate<JavaClass> core() {
    return resideInAPackage(root + "..")
        .and(not(testKit()))
        .and(
            not(
                resideInAnyPackage(
                    below("aws"),
                    below("azure"),
                    below("azurite"),
                    below("opensearch"),
                    below("functions"),
                    below("local"))))
        .as("the core");
  }

  private DescribedPredicate<JavaClass> testKit() {
    return resideInAPackage(below("testkit"));
  }

  private static DescribedPredicate<JavaClass> wiring() {
    return DescribedPredicate.describe(
        "a wiring", type -> outermost(type).getSimpleName().endsWith("Wiring"));
  }

  private static JavaClass outermost(JavaClass type) {
    return type.getEnclosingClass().map(ArchitectureRules::outermost).orElse(type);
  }

  private String below(String name) {
    return root + "." + name + "..";
  }
}
