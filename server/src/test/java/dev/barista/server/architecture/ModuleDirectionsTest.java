package dev.barista.server.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may know whom. A new arrow between modules is a decision: it is made here. */
class ModuleDirectionsTest {

  private static final String ROOT = "dev.barista.";

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.barista");

  /** Module package → module packages it may use. {@code server} may use all. */
  private static final Map<String, Set<String>> ALLOWED =
      Map.ofEntries(
          Map.entry("api", Set.of()),
          Map.entry("concurrency", Set.of()),
          Map.entry("autoscaler", Set.of("api", "concurrency")),
          Map.entry("spawn", Set.of()),
          Map.entry("http", Set.of("concurrency")),
          Map.entry("cgroup", Set.of("spawn")),
          Map.entry("image", Set.of("api", "cgroup")),
          Map.entry("registry", Set.of("api", "http", "image")),
          Map.entry("watchdog", Set.of("http", "spawn", "concurrency")),
          Map.entry("provider.spi", Set.of("api")),
          Map.entry(
              "provider.process",
              Set.of("api", "provider.spi", "image", "cgroup", "spawn", "concurrency")),
          Map.entry("state", Set.of("api", "provider.spi")),
          Map.entry("gateway", Set.of("api", "http", "provider.spi", "concurrency", "autoscaler")),
          Map.entry("cli", Set.of("api", "concurrency", "image")));

  /** Library → modules that may use it. */
  private static final Map<String, List<String>> LIBRARIES =
      Map.of(
          "io.netty", List.of("http", "watchdog", "gateway", "server"),
          "org.sqlite", List.of("state"),
          "org.snakeyaml", List.of("cli", "image"),
          "tools.jackson", List.of("image", "gateway", "cli", "server"),
          "org.apache.commons.compress", List.of("image"));

  static Stream<Arguments> modules() {
    return ALLOWED.entrySet().stream().map(entry -> Arguments.of(entry.getKey(), entry.getValue()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("modules")
  void module_usesOnlyWhatItMay(String module, Set<String> allowed) {
    classes()
        .that()
        .resideInAPackage(ROOT + module + "..")
        .should()
        .onlyDependOnClassesThat(
            describe(
                "belong to " + module + ", to one of " + allowed + ", or to nobody of ours",
                used -> mayUse(module, allowed, used)))
        .check(CLASSES);
  }

  private static boolean mayUse(String module, Set<String> allowed, JavaClass used) {
    return !used.getPackageName().startsWith(ROOT)
        || belongs(used, module)
        || allowed.stream().anyMatch(other -> belongs(used, other));
  }

  private static boolean belongs(JavaClass type, String module) {
    return (type.getPackageName() + ".").startsWith(ROOT + module + ".");
  }

  static Stream<Arguments> libraries() {
    return LIBRARIES.entrySet().stream()
        .map(entry -> Arguments.of(entry.getKey(), entry.getValue()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("libraries")
  void library_staysBehindItsModules(String library, List<String> users) {
    noClasses()
        .that(
            describe(
                "are outside " + users,
                type -> users.stream().noneMatch(module -> belongs(type, module))))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library + "..")
        .check(CLASSES);
  }

  @Test
  void environment_isReadByThePrograms() {
    noClasses()
        .that(
            describe(
                "are no program's own",
                type ->
                    Stream.of("server", "cli", "watchdog")
                        .noneMatch(module -> belongs(type, module))))
        .should()
        .callMethod(System.class, "getenv")
        .orShould()
        .callMethod(System.class, "getenv", String.class)
        .check(CLASSES);
  }

  @Test
  void logging_goesThroughTheJdk() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.util.logging..", "org.slf4j..")
        .check(CLASSES);
  }
}
