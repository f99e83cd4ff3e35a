package dev.barista.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Collections;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which YAML a stack file may be written in, and how much of it. */
class StackYamlTest extends StackFileFixture {

  /** The parser is recursive, and the file may be of the net. */
  @Test
  void tooManyLevels_areAFault() {
    assertThatThrownBy(() -> read("[".repeat(100_000)))
        .isInstanceOf(StackException.class)
        .hasMessage(
            file() + ":1: too many levels within each other (expected: a stack file has six)");
  }

  @Test
  void mergeKey_givesWhatIsNotOverridden() throws IOException {
    StackFile stack =
        read(
            """
            provider: {name: openfaas}
            functions:
              first: &base
                image: a
                environment: {x: "1"}
              second:
                <<: *base
                image: b
            """);

    StackFunction second = stack.functions().getLast();
    assertThat(second.image()).isEqualTo("b");
    assertThat(second.environment()).containsEntry("x", "1");
  }

  /** Docker Compose's way to keep what functions share, which faas-cli passes over as well. */
  @Test
  void topKeysThatBeginWithX_holdWhatAliasesReferTo() throws IOException {
    StackFile stack =
        read(
            """
            provider: {name: openfaas}
            x-common: &common
              image: a
              environment: {x: "1"}
            functions:
              first: {<<: *common}
            """);

    assertThat(stack.functions().getFirst().environment()).containsEntry("x", "1");
  }

  @Test
  void eachFunctionOfMany_mayReferToTheSameLines() throws IOException {
    String functions =
        IntStream.range(0, 300)
            .mapToObj(i -> "  f" + i + ": {image: a, environment: *shared}\n")
            .collect(Collectors.joining());

    StackFile stack =
        read("provider: {name: openfaas}\nx-shared: &shared {x: '1'}\nfunctions:\n" + functions);

    assertThat(stack.functions())
        .hasSize(300)
        .allSatisfy(function -> assertThat(function.environment()).containsEntry("x", "1"));
  }

  /** The file may be of the net. */
  @ParameterizedTest
  @ValueSource(strings = {"{<<: [%s]}", "{image: a, environment: {<<: [%s]}}"})
  void aliasesOfAliasesWithoutEnd_areAFault(String function) {
    String text = nineOfNine("{k: v}", "{<<: [%s]}") + functions(function.formatted("*a12"));

    assertThatThrownBy(() -> read(text))
        .isInstanceOf(StackException.class)
        .hasMessageContaining("aliases make this more than 1000000 values");
  }

  /** There is no key in them all, only lists to go through. */
  @Test
  void mergedListsOfListsWithoutEnd_areAFault() {
    String text = nineOfNine("[]", "[%s]") + functions("{image: a, <<: *a12}");

    assertThatThrownBy(() -> read(text))
        .isInstanceOf(StackException.class)
        .hasMessageContaining("aliases make this more than 1000000 values");
  }

  /** Twelve levels, each of nine times the one before. */
  private static String nineOfNine(String first, String next) {
    StringBuilder levels = new StringBuilder("x-0: &a0 " + first + "\n");
    for (int level = 1; level <= 12; level++) {
      String nine = String.join(",", Collections.nCopies(9, "*a" + (level - 1)));
      levels.append("x-%d: &a%d %s\n".formatted(level, level, next.formatted(nine)));
    }
    return levels.toString();
  }

  private static String functions(String function) {
    return "provider: {name: openfaas}\nfunctions: {a: " + function + "}\n";
  }

  @Test
  void longestChainOfAliases_isRead() throws IOException {
    String chain =
        IntStream.range(1, 1000)
            .mapToObj(i -> "x-%d: &a%d {<<: *a%d}\n".formatted(i, i, i - 1))
            .collect(Collectors.joining());

    StackFile stack =
        read(
            "provider: {name: openfaas}\nx-0: &a0 {image: a}\n"
                + chain
                + "functions: {f: {<<: *a999}}\n");

    assertThat(stack.functions().getFirst().image()).isEqualTo("a");
  }

  /** faas-cli reads them so: they were YAML's until 1.2. */
  @ParameterizedTest
  @CsvSource({"yes, true", "On, true", "TRUE, true", "no, false", "OFF, false", "~, false"})
  void truthValues_mayBeWrittenAsInYaml11(String written, boolean meant) throws IOException {
    StackFile stack =
        read(function("image: a\n    readonly_root_filesystem: %s".formatted(written)));

    assertThat(stack.functions().getFirst().readOnlyRootFilesystem()).isEqualTo(meant);
  }

  @ParameterizedTest
  @ValueSource(strings = {"~", "null", "Null", "NULL", ""})
  void nothing_isAnEmptyTextOrNoMapping(String written) throws IOException {
    StackFile stack =
        read(
            function(
                "image: a\n    labels: %s\n    environment: {x: %s}".formatted(written, written)));

    assertThat(stack.functions().getFirst().labels()).isEmpty();
    assertThat(stack.functions().getFirst().environment()).containsEntry("x", "");
  }
}
