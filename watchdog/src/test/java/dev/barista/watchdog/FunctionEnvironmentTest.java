package dev.barista.watchdog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FunctionEnvironmentTest {

  @TempDir Path folder;

  @Test
  void alone_theFunctionHasTheWatchdogsEnvironment_lessWhatTellsItsPlace() {
    var function =
        FunctionEnvironment.of(Map.of("A", "ä", "fprocess", "cat", "BARISTA_SOCKET", "/s"));

    assertThat(function.forProcesses().names()).containsExactlyInAnyOrder("A", "fprocess");
    assertThat(function.forProcesses().get("A")).contains("ä");
    assertThat(function.settings()).containsEntry("BARISTA_SOCKET", "/s");
  }

  @Test
  void file_isTheFunctions_andOnlyTheWatchdogsOwnEnvironmentTellsItsPlace() throws IOException {
    Path file = folder.resolve("environment");
    Files.write(
        file,
        "LD_PRELOAD=/x.so\0fprocess=cat\0a.b=1\0EMPTY=\0BARISTA_SOCKET=/evil\0TMPDIR=/evil\0"
            .getBytes(UTF_8));

    var function =
        FunctionEnvironment.of(
            Map.of(
                FunctionEnvironment.VARIABLE,
                file.toString(),
                "TMPDIR",
                "/tmp",
                "PATH",
                "/usr/bin"));

    assertThat(function.settings())
        .containsEntry("fprocess", "cat")
        .containsEntry("TMPDIR", "/tmp")
        .doesNotContainKeys("BARISTA_SOCKET", "PATH");
    assertThat(function.forProcesses().names())
        .containsExactlyInAnyOrder("LD_PRELOAD", "fprocess", "a.b", "EMPTY", "TMPDIR");
  }

  @Test
  void missingFile_isTold() {
    Path file = folder.resolve("none");

    assertThatThrownBy(
            () -> FunctionEnvironment.of(Map.of(FunctionEnvironment.VARIABLE, file.toString())))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("BARISTA_FUNCTION_ENVIRONMENT: '" + file);
  }
}
