package dev.barista.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barista.cli.CommandLineUser.Result;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VerbTableTest {

  @TempDir private Path folder;
  private CommandLineUser user;

  @BeforeEach
  void sitDown() {
    user = new CommandLineUser(folder);
  }

  @Test
  void alone_showsGroupedVerbs() {
    Result result = user.types();

    assertThat(result.exitCode()).isZero();
    assertThat(result.out())
        .startsWith("Usage: barista COMMAND [OPTIONS]\n\nWrite and deploy functions:\n  new ")
        .contains("\nUse functions:\n  list, ls            List functions\n")
        .doesNotContain("warm-up");
    assertThat(user.types("help")).isEqualTo(result);
    assertThat(user.types("--help")).isEqualTo(result);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "new",
        "build",
        "deploy",
        "up",
        "remove",
        "list",
        "describe",
        "invoke",
        "login",
        "logout",
        "version",
        "alerts",
        "why",
        "scale",
        "scale idle",
        "secret",
        "secret create",
        "secret list"
      })
  void everyVerb_hasItsHelp(String verb) {
    Result result = user.types(("help " + verb).split(" "));

    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).startsWith("Usage: barista " + verb).contains("-g, --gateway URL");
    assertThat(user.types((verb + " --help").split(" "))).isEqualTo(result);
  }

  @Test
  void unknownVerb_isUsageWithTheNearest() {
    assertThat(user.types("lst"))
        .isEqualTo(
            new Result(
                2, "", "barista: there is no command \"lst\"; did you mean \"barista list\"?\n"));
    assertThat(user.types("frobnicate").err()).contains("\"barista help\" lists them");
  }
}
