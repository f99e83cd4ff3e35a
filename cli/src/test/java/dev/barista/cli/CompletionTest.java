package dev.barista.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.barista.cli.CommandLineUser.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CompletionTest {

  @TempDir private Path folder;
  private CommandLineUser user;

  @BeforeEach
  void sitDown() {
    user = new CommandLineUser(folder);
  }

  /** A dot stands for the empty word that is being typed. */
  @ParameterizedTest
  @CsvSource({
    "in, invoke",
    "'help des', describe",
    "'list --so', --sort",
    "'list --sort .', name invocations creation",
    "'list -o j', json",
    "'new x --lang python3-h', python3-http",
    "'completion .', bash zsh fish",
    "'template .', store pull",
    "'build --tag d', describe digest",
    "'list --nothing', ''",
    "'al', alerts",
    "'wh', why",
    "'secret .', create list update remove",
    "'secret create --from-l', --from-literal",
    "'scale idle --dr', --dry-run",
    "'scale i', idle",
  })
  void words_areThoseOfTheCommandLine(String typed, String expected) {
    Result result = user.types(arguments(typed));

    assertThat(result.exitCode()).isZero();
    assertThat(result.err()).isEmpty();
    assertThat(String.join(" ", result.out().lines().toList())).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "deploy -f .",
        "build --handler x",
        "secret create x --from-file .",
        "no-such-verb .",
        "list ."
      })
  void files_areLeftToTheShell(String typed) {
    assertThat(user.types(arguments(typed))).isEqualTo(new Result(3, "", ""));
  }

  @Test
  void functions_areAskedOfTheGateway() throws IOException {
    try (FakeGateway gateway = new FakeGateway()) {
      user.with("OPENFAAS_URL", gateway.url());
      gateway.answers(200, "[{\"name\":\"alpha\"},{\"name\":\"beta\"}]").answers(401, "");

      assertThat(user.types("complete", "--", "invoke", "a").out()).isEqualTo("alpha\n");
      assertThat(user.types("complete", "--", "describe", "")).isEqualTo(new Result(0, "", ""));
      gateway.answers(200, "[{\"name\":\"alpha\"}]");
      assertThat(user.types("complete", "--", "scale", "").out())
          .contains("idle\n")
          .endsWith("alpha\n");
    }
  }

  @Test
  void secrets_areAskedOfTheGateway() throws IOException {
    try (FakeGateway gateway = new FakeGateway()) {
      user.with("OPENFAAS_URL", gateway.url());
      gateway.answers(200, "[{\"name\":\"key\"},{\"name\":\"token\"}]");

      assertThat(user.types("complete", "--", "secret", "remove", "k").out()).isEqualTo("key\n");
    }
  }

  @Test
  void unknownShell_isUsage() {
    assertThat(user.types("completion", "csh").err())
        .startsWith("barista completion: \"csh\" (expected: bash, zsh, fish)");
  }

  /** The script in a real bash, with a program that tells what it was asked. */
  @Test
  void bashScript_asksTheProgramAndTakesItsAnswer() throws Exception {
    Path program = folder.resolve("my dir/barista");
    Files.createDirectories(program.getParent());
    Files.writeString(
        program, "#!/bin/sh\nprintf '%s\\n' \"$@\" >\"$0.asked\"\necho one\necho 'two words'\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    String script =
        user.types("completion", "bash").out()
            + "COMP_WORDS=('"
            + program
            + "' invoke ''); COMP_CWORD=2\n_barista '"
            + program
            + "'\nprintf '<%s>' \"${COMPREPLY[@]}\"\ncomplete -p barista\n";

    String output = run("bash", script);

    assertThat(output).isEqualTo("<one><two words>complete -o default -F _barista barista\n");
    assertThat(Files.readAllLines(Path.of(program + ".asked")))
        .containsExactly("complete", "--", "invoke", "");
  }

  private String run(String shell, String script, String... options) throws Exception {
    Path file = Files.writeString(folder.resolve("script"), script);
    Path output = folder.resolve("output");
    List<String> command =
        Stream.of(Stream.of(shell), Arrays.stream(options), Stream.of(file.toString()))
            .flatMap(part -> part)
            .toList();
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return Files.readString(output, UTF_8);
  }

  private static String[] arguments(String typed) {
    return Stream.concat(
            Stream.of("complete", "--"),
            Arrays.stream(typed.split(" ")).map(word -> word.equals(".") ? "" : word))
        .toArray(String[]::new);
  }
}
