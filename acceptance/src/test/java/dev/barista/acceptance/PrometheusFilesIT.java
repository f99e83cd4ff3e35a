package dev.barista.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of {@code deploy/prometheus}, as Prometheus's own tools see them. */
class PrometheusFilesIT {

  private static final Path FILES = Barista.home().resolve("deploy/prometheus");

  @TempDir private Path folder;

  @Test
  void prometheusFiles_areValid() throws Exception {
    assertThat(output("promtool", "check", "config", "prometheus.yml"))
        .contains("SUCCESS: 1 rule files found", "2 rules found");
  }

  @Test
  void rules_fireForWhatTheyShould() throws Exception {
    assertThat(output("promtool", "test", "rules", "alert.rules.test.yml")).contains("SUCCESS");
  }

  @Test
  void alertManagersFile_isValid() throws Exception {
    assertThat(output("amtool", "check-config", "alertmanager.yml"))
        .contains("SUCCESS", "2 receivers");
  }

  private String output(String tool, String... arguments) throws IOException {
    Path program = Tools.require(tool);
    try (Program run =
        Program.start(FILES, folder.resolve("output"), program, List.of(arguments))) {
      assertThat(run.awaitEnd()).as(run.output()).isZero();
      return run.output();
    }
  }
}
