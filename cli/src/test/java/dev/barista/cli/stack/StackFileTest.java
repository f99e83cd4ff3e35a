package dev.barista.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StackFileTest extends StackFileFixture {

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
    assertThat(hello.language()).contains("Python3"); // folders of templates have any name
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
  void oldProviderAndSwarmSettings_areAcceptedWithNotice() throws IOException {
    StackFile stack =
        read(
            """
            provider: {name: faas, network: func_functions}
            functions:
              a: {image: x, network: n, registry_auth: r, platforms: linux/amd64}
            """);

    assertThat(stack.notices())
        .containsExactly(
            file() + ":1: provider.network: has no effect",
            file() + ":1: provider.name: faas is read as openfaas",
            file() + ":3: functions.a.platforms: has no effect on functions of this host",
            file() + ":3: functions.a.network: has no effect on functions of this host",
            file() + ":3: functions.a.registry_auth: has no effect on functions of this host");
  }

  @Test
  void topic_isAnAnnotation() throws IOException {
    StackFile stack = read(function("image: a\n    topic: orders\n    annotations: {x: y}"));

    assertThat(stack.functions().getFirst().annotations())
        .containsOnly(Map.entry("topic", "orders"), Map.entry("x", "y"));
  }

  @ParameterizedTest
  @CsvSource({
    "env, environment",
    "readOnlyRootFilesystem, readonly_root_filesystem",
    "buildArgs, build_args",
    "label_, labels",
    "secret, secrets",
    "imge, image",
  })
  void unknownKey_namesTheNearest(String key, String nearest) {
    assertThatThrownBy(() -> read(function("image: a\n    " + key + ": {}")))
        .hasMessage(
            file()
                + ":6: functions.hello."
                + key
                + ": unknown key (did you mean "
                + nearest
                + "?)");
  }

  @Test
  void templates_areNoted() throws IOException {
    StackFile stack =
        read(
            function("image: a")
                + "configuration:\n"
                + "  templates:\n"
                + "  - {name: x, source: \"https://h/r#b\"}\n"
                + "  - {name: y}\n");

    assertThat(stack.templates())
        .containsExactly(
            new TemplateSource(folder, "x", Optional.of("https://h/r#b")),
            new TemplateSource(folder, "y", Optional.empty()));
  }

  @Test
  void severalFiles_areOne() throws IOException {
    Files.createDirectory(folder.resolve("sub"));
    Path other = folder.resolve("sub/other.yml");
    Files.writeString(other, function("lang: python3\n    handler: ./x").replace("hello", "bye"));
    StackFile first = read(function("image: a"));

    StackFile both = StackFile.join(List.of(first, StackFile.read(other, Map.of())));

    assertThat(both.functions()).extracting(StackFunction::name).containsExactly("hello", "bye");
    assertThat(both.functions().getLast().handler()).contains(folder.resolve("sub/x"));
    assertThat(both.functions().getLast().folder()).isEqualTo(folder.resolve("sub"));
    assertThatThrownBy(() -> StackFile.join(List.of(first, first)))
        .hasMessage(file() + ": functions.hello: is in " + file() + " too");
  }

  @Test
  void severalFiles_nameOneGateway() {
    StackFile one = new StackFile("1", Optional.of("http://a"), List.of(), List.of(), List.of());
    StackFile two = new StackFile("2", Optional.of("http://b"), List.of(), List.of(), List.of());

    assertThat(StackFile.join(List.of(one, one)).gateway()).contains("http://a");
    assertThatThrownBy(() -> StackFile.join(List.of(one, two)))
        .hasMessageContaining("different gateways: http://a, http://b");
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
        "functions: {a: {image: x, skip_build: maybe}}|functions.a.skip_build: \"maybe\" (expected:"
            + " true or false)",
        "functions: {a: {image: x}, a: {image: y}}|1: functions.a: given twice, first on line 1",
        "functions: {../a: {image: x}}|1: functions: \"../a\" (expected: a-z, 0-9",
        "functions: {a: {image: x, namespace: ../b}}|functions.a.namespace: \"../b\" (expected:"
            + " a-z",
        "functions: {a: {image: x, environment_file: [no.yml]}}|environment_file: FOLDER/no.yml: no"
            + " such file",
        "configuration: {copy: [../x]}|configuration.copy: \"../x\" (expected: a path inside",
        "functions: {a: {image: ${A:-${A:-${A:-${A:-${A:-${A:-${A:-${A:-${A:-x}}}}}}}}}}}"
            + " |1: \"${\" without",
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
    "${UNSET:=other}, other",
    "${EMPTY=other}x, x",
    "${UNSET:-a${SET}b}, avalueb",
    "${UNSET:-${UNSET-${SET}}}, value",
    "${SET:-${UNSET}}, value",
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

  /** A stack file may come from an address, and its faults go to a terminal. */
  @Test
  void keyWithControlCharacters_isToldWithoutThem() {
    assertThatThrownBy(() -> read(function("image: a\n    \"x\\e[2J\\ny\": {}")))
        .hasMessageStartingWith(file() + ":6: functions.hello.x?[2J?y: unknown key (");
  }

  @Test
  void gatewaysWithControlCharacters_areToldWithoutThem() {
    StackFile one = new StackFile("1", Optional.of("http://a"), List.of(), List.of(), List.of());
    StackFile two = new StackFile("2", Optional.of("\u001b[2J"), List.of(), List.of(), List.of());

    assertThatThrownBy(() -> StackFile.join(List.of(one, two)))
        .hasMessageContaining("different gateways: http://a, ?[2J (");
  }
}
