package dev.barista.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The completion scripts in the shells that they are for, at the real program. */
@ExtendWith(SharedBarista.class)
class CompletionIT {

  private static final long MAX_SECONDS = 60;

  private final Barista barista;
  @TempDir private Path home;
  @TempDir private Path folder;

  CompletionIT(Barista barista) {
    this.barista = barista;
  }

  @ParameterizedTest
  @CsvSource({"bash", "zsh", "fish"})
  void tab_offersVerbsOptionsFunctionsAndFiles(String shell) throws Exception {
    Files.createFile(folder.resolve("mine.yml"));

    assertThat(offered(shell, "barista dep")).containsExactly("deploy");
    assertThat(offered(shell, "barista list --so")).containsExactly("--sort");
    assertThat(offered(shell, "barista describe ")).contains("float-operation", "env", "matmul");
    assertThat(offered(shell, "barista invoke float")).containsExactly("float-operation");
    List<String> files = offered(shell, "barista deploy -f mi");
    if (shell.equals("bash")) {
      assertThat(files).as("left to readline by -o default").isEmpty();
    } else {
      assertThat(files).containsExactly("mine.yml");
    }
  }

  /** zsh reads a file of that name at the first Tab; it must answer that one already. */
  @Test
  void zsh_findsTheScriptInAFolderOfItsFunctions() throws Exception {
    Path functions = Files.createDirectory(home.resolve("functions"));
    Files.writeString(
        functions.resolve("_barista"), barista.command("completion", "zsh").succeeded().out());
    String loading =
        "fpath=(" + functions + " $fpath); unset -f compdef; autoload -Uz compinit; compinit -u";

    assertThat(offered("zsh", loading, "barista dep")).containsExactly("deploy");
  }

  /** fish reads a file of that name when the command is first completed. */
  @Test
  void fish_findsTheScriptInTheFolderOfItsCompletions() throws Exception {
    Path file = home.resolve(".config/fish/completions/barista.fish");
    Files.createDirectories(file.getParent());
    Files.writeString(file, barista.command("completion", "fish").succeeded().out());

    assertThat(offered("fish", "true", "barista dep")).containsExactly("deploy");
    assertThat(offered("fish", "true", "~/barista dep")).as("a path from the home").isEmpty();
    Files.createSymbolicLink(home.resolve("barista"), Barista.home().resolve("barista"));
    assertThat(offered("fish", "true", "~/barista dep")).containsExactly("deploy");
  }

  private List<String> offered(String shell, String line) throws Exception {
    return offered(shell, loading(shell), line);
  }

  /** What the shell offers when Tab is pressed at the end of the line. */
  private List<String> offered(String shell, String loading, String line) throws Exception {
    Path output = Files.createTempFile(home, "output", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(Tools.require(shell).toString(), script(shell).toString(), loading, line)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    Map<String, String> environment = builder.environment();
    environment.put("HOME", home.toString());
    environment.put("PATH", Barista.home() + ":" + environment.get("PATH"));
    environment.put("BARISTA_DATA", barista.data().toString());
    environment.put("OPENFAAS_URL", barista.url().toString());
    environment.put("TERM", "xterm");
    environment.remove("XDG_CONFIG_HOME");
    Process process = builder.start();
    process.getOutputStream().close();
    if (!process.waitFor(MAX_SECONDS, TimeUnit.SECONDS)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      throw new AssertionError(shell + " did not end: " + Files.readString(output));
    }
    assertThat(process.exitValue()).as(Files.readString(output)).isZero();
    return Files.readAllLines(output).stream()
        .filter(text -> text.startsWith("candidate: "))
        .map(text -> text.substring("candidate: ".length()))
        .toList();
  }

  /** As the documentation says it for the shell that is open. */
  private static String loading(String shell) {
    return shell.equals("fish")
        ? "barista completion fish | source"
        : "source <(barista completion " + shell + ")";
  }

  private static Path script(String shell) throws IOException {
    Path script = Barista.home().resolve("acceptance/src/test/resources/completion/tab." + shell);
    assertThat(script).exists();
    return script;
  }
}
