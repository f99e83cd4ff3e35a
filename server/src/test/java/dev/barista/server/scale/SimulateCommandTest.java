package dev.barista.server.scale;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barista.cli.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulateCommandTest {

  private static final String TRACE =
      """
      time,concurrency,rps
      0,25,250
      1,25,250
      2,25,250
      3,25,250
      """;

  @TempDir private Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private String run(String... arguments) throws IOException {
    PrintStream print = new PrintStream(out, true, UTF_8);
    Terminal terminal =
        new Terminal(
            new ByteArrayInputStream(TRACE.getBytes(UTF_8)), print, print, Map.of(), folder);
    assertThat(SimulateCommand.run(terminal, List.of(arguments))).isZero();
    return out.toString(UTF_8);
  }

  @Test
  void changes_areTold_withTheirReason() throws IOException {
    assertThat(
            run(
                "--policy=com.openfaas.scale.type=capacity,com.openfaas.scale.target=5",
                "--policy=com.openfaas.scale.target-proportion=1,com.openfaas.scale.max=4",
                "-"))
        .contains("1 => 4")
        .contains("capacity 25.00 at a target of 5.00 a replica")
        .contains("bounded by max 4 [com.openfaas.scale.max]")
        .endsWith("4 seconds, at the end 4 replicas\n");
  }

  @Test
  void csv_hasEverySecond_andThePictureIsDrawn() throws IOException {
    Files.writeString(folder.resolve("trace.csv"), TRACE);
    assertThat(run("--policy=target=10", "-o", "csv", "--plot", "out.svg", "trace.csv"))
        .contains("time,concurrency,rps,ready,desired\n0,25.0,250.0,1,");
    assertThat(folder.resolve("out.svg")).content().startsWith("<svg ");
  }

  @Test
  void badPolicy_isToldAsADeployWould() {
    assertThatThrownBy(() -> run("--policy=window=1s", "-"))
        .hasMessageStartingWith("annotations.autoscaling.knative.dev/window: \"1s\"");
    assertThatThrownBy(() -> run("--policy=fast", "-"))
        .hasMessageStartingWith("--policy: \"fast\"");
    assertThatThrownBy(() -> run("--policy=target=1")).hasMessageStartingWith("which trace");
  }
}
