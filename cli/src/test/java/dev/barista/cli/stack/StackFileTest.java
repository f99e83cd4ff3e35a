package dev.barista.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StackFileTest {

  @TempDir private Path folder;

  @Test
  void fullFile_isMappedFieldByField() throws IOException {
    Files.writeString(folder.resolve("more.yml"), "environment:\n  mode: http\n  level: 3\n");

    StackFile stack =
        read(
            """
            version: 1.0
            provider:
              name: openfaas
              gateway: http://faas.example:31112
            functions:
              hello:
                lang: Python3
                handler: ./hello
                image: me/hello:1
                fprocess: python3 index.py
                namespace: staging
                environment:
                  mode: classic
                  empty:
                  flag: true
                environment_file: [more.yml]
                secrets: [key]
                constraints:
                  - zone=a
                labels:
                  com.openfaas.scale.min: 2
                annotations: {topic: orders}
                limits: {memory: 128Mi, cpu: 100m}
                requests:
                  memory: 5Mi
                readonly_root_filesystem: true
                build_options: [dev]
                build_args:
                  VERSION: 1.10
              other:
                image: functions/alpine:latest
                fprocess: cat
            configuration:
              copy: [./shared]
            """);

    assertThat(stack.gateway()).contains("http://faas.example:31112");
    assertThat(stack.functions()).extracting(StackFunction::name).containsExactly("hello", "other");
    StackFunction hello = stack.functions().getFirst();
    assertThat(hello.language()).contains("python3");
    assertThat(hello.handler()).contains(folder.resolve("hello"));
    assertThat(hello.image()).isEqualTo("me/hello:1");
    assertThat(hello.process()).contains("python3 index.py");
    assertThat(hello.namespace()).contains("staging");
    assertThat(hello.environment())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("mode", "http", "empty", "", "flag", "true", "level", "3"));
    assertThat(hello.secrets()).containsExactly("key");
    assertThat(hello.constraints()).containsExactly("zone=a");
    assertThat(hello.labels()).containsEntry("com.openfaas.scale.min", "2");
    assertThat(hello.annotations()).containsEntry("topic", "orders");
    assertThat(hello.limits().memory()).contains("128Mi");
    assertThat(hello.requests().cpu()).isEmpty();
    assertThat(hello.readOnlyRootFilesystem()).isTrue();
    assertThat(hello.buildOptions()).containsExactly("dev");
    assertThat(hello.buildArguments()).containsEntry("VERSION", "1.10");
    assertThat(hello.copy()).containsExactly(folder.resolve("shared"));
    assertThat(hello.buildable()).isTrue();
    assertThat(stack.functions().getLast().buildable()).isFalse();
  }

  @Test
  void missingImage_isNameAndLatest() throws IOException {
    StackFile stack = read(function("lang: python3\n    handler: ./hello"));

    assertThat(stack.functions().getFirst().image()).isEqualTo("hello:latest");
  }

  @Test
  void singularLabel_isReadAsLabelsWithNotice() throws IOException {
    StackFile stack = read(function("image: a\n    label:\n      k: v"));

    assertThat(stack.functions().getFirst().labels()).containsEntry("k", "v");
    assertThat(stack.notices())
        .containsExactly(file() + ":6: functions.hello.label: read as labels");
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

  @Test
  void allFaults_areToldTogether() {
    assertThatThrownBy(
            () ->
                read(
                    """
                    version: 2.0
                    provider:
                      name: lambda
                    functions:
                      Hello:
                        lang: python3
                        limts: {memory: 1}
                        limits: {memory: 1 GB}
                    """))
        .isInstanceOf(StackException.class)
        .hasMessage(
            """
            FILE:1: version: "2.0" (expected: 1.0)
            FILE:3: provider.name: "lambda" (expected: openfaas)
            FILE:6: functions: "Hello" (expected: a-z, 0-9 and inner '-', 1 to 63 characters)
            FILE:7: functions.Hello.limts: unknown key (did you mean limits?)
            FILE:6: functions.Hello.handler: missing (expected: the folder of the code)
            FILE:8: functions.Hello.limits.memory: "1 GB" (expected: bytes such as 128Mi, 1G or \
            134217728, above 0)\
            """
                .replace("FILE", file().toString()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "functions: [a]|1: functions: a list (expected: keys and values below it)",
        "functions: {a: {image: [x]}}|1: functions.a.image: a list (expected: one value)",
        "functions: {a: {image: x, secrets: s}}|1: functions.a.secrets: \"s\" (expected: a list)",
        "functions: {a: {}}|1: functions.a.image: missing (expected: an image, or lang and"
            + " handler)",
        "functions: {a: {image: x, skip_build: yes}}|functions.a.skip_build: \"yes\" (expected:"
            + " true or false)",
        "functions: {a: {image: x}, a: {image: y}}|1: functions.a: given twice, first on line 1",
        "functions: {../a: {image: x}}|1: functions: \"../a\" (expected: a-z, 0-9",
        "functions: {a: {image: x, namespace: ../b}}|functions.a.namespace: \"../b\" (expected:"
            + " a-z",
        "functions: {a: {image: x, environment_file: [no.yml]}}|environment_file: FOLDER/no.yml: no"
            + " such file",
        "configuration: {copy: [../x]}|configuration.copy: \"../x\" (expected: a path inside",
        "functions: {a: {image: b${ # |1: \"${\" without \"}\" on its line",
        "functions: {a: {image: '${A^^}'}}|1: ${A^^}: not understood (expected: ${NAME} or",
        "functions: {a|1: this is not YAML: ",
        "just text|1: the file: \"just text\" (expected: keys and values)",
      })
  void wrongFile_isRefusedWithLineAndExpectation(String text, String message) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(StackException.class)
        .hasMessageContaining(message.replace("FOLDER", folder.toString()));
  }

  @Test
  void missingFile_isNamed() {
    assertThatThrownBy(() -> StackFile.read(folder.resolve("none.yml"), Map.of()))
        .hasMessage(folder.resolve("none.yml") + ": no such file");
  }

  @ParameterizedTest
  @CsvSource({
    "${SET}, value",
    "${SET:-other}, value",
    "${UNSET:-other}, other",
    "${UNSET-other}, other",
    "${EMPTY:-other}, other",
    "${EMPTY-other}x, x",
    "a${SET}b${SET}, avaluebvalue",
    "$${SET}, ${SET}",
    "$SET, $SET",
  })
  void substitution_isThatOfAShell(String text, String expected) throws IOException {
    Path file = write(function("image: \"" + text + "\""));

    StackFile stack = StackFile.read(file, Map.of("SET", "value", "EMPTY", ""));

    assertThat(stack.functions().getFirst().image()).isEqualTo(expected);
    assertThat(stack.notices()).isEmpty();
  }

  @Test
  void unsetVariable_isNothingWithNotice() throws IOException {
    StackFile stack = read(function("image: a${TAG}\n    # ${COMMENT}"));

    assertThat(stack.functions().getFirst().image()).isEqualTo("a");
    assertThat(stack.notices())
        .containsExactly(
            file() + ":5: TAG is not set in the environment, so it is replaced by nothing");
  }

  @Test
  void deployment_carriesEverySetting() throws IOException {
    StackFile stack = read(function("image: a\n    limits: {cpu: 50m}"));

    var deployment = stack.functions().getFirst().toDeployment();

    assertThat(deployment.service()).isEqualTo("hello");
    assertThat(deployment.labels()).isEmpty();
    assertThat(Optional.ofNullable(deployment.limits()).orElseThrow().cpu()).isEqualTo("50m");
    assertThat(deployment.requests()).isNull();
  }

  private static String function(String body) {
    return "provider:\n  name: openfaas\nfunctions:\n  hello:\n    " + body + "\n";
  }

  private StackFile read(String text) throws IOException {
    return StackFile.read(write(text), Map.of());
  }

  private Path file() {
    return folder.resolve("stack.yml");
  }

  private Path write(String text) throws IOException {
    return Files.writeString(file(), text);
  }
}
