package dev.barista.autoscaler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barista.api.FunctionName;
import dev.barista.api.FunctionSpec;
import dev.barista.api.Resources;
import dev.barista.autoscaler.policy.KnativeDefaults;
import dev.barista.autoscaler.policy.ScalingPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SimulationTest {

  private static final ScalingPolicy DEMO =
      ScalingPolicy.of(
          new FunctionSpec(
              FunctionName.parse("primes", "openfaas-fn"),
              "image",
              Optional.empty(),
              Map.of(),
              List.of(),
              List.of(),
              Map.of(),
              Map.of(
                  "autoscaling.knative.dev/target", "1",
                  "autoscaling.knative.dev/max-scale", "10",
                  "autoscaling.knative.dev/window", "30s"),
              Resources.NONE,
              Resources.NONE,
              false),
          KnativeDefaults.STANDARD,
          1000);

  private static List<Simulation.Step> replay(List<String> lines) {
    return Simulation.run(Trace.parse(lines), DEMO, 0, 1000);
  }

  /** Eleven clients for a minute, then none: the demo with a target of one and at most ten. */
  private static List<String> demo() {
    List<String> lines = new ArrayList<>(List.of("time,concurrency,rps"));
    for (int second = 100; second < 160; second++) {
      lines.add(second + ",11,20");
    }
    for (int second = 160; second < 240; second++) {
      lines.add(second + ",0,0");
    }
    return lines;
  }

  @Test
  void demo_goesFromZeroToTenToZero() {
    List<Simulation.Step> steps = replay(demo());
    assertThat(steps.getFirst().desired()).isPositive();
    assertThat(steps.get(50).desired()).isEqualTo(10);
    assertThat(steps.getLast().desired()).isZero();
    long zeroAt =
        steps.stream()
            .filter(step -> step.row().second() > 160 && step.desired() == 0)
            .findFirst()
            .orElseThrow()
            .row()
            .second();
    assertThat(zeroAt - 160).as("seconds after the last call").isBetween(30L, 40L);
  }

  @Test
  void missingSeconds_areSecondsWithoutLoad() {
    List<Simulation.Step> steps =
        replay(List.of("time,concurrency", "0,11", "1,11", "2,11", "120,0"));
    assertThat(steps).hasSize(121);
    assertThat(steps.getLast().desired()).isZero();
  }

  @Test
  void readyOfTheTrace_counts() {
    List<Simulation.Step> steps =
        replay(List.of("time,concurrency,rps,ready", "10,7,7,1", "11,7,7,3", "12,7,7,3"));
    assertThat(steps).extracting(Simulation.Step::ready).containsExactly(1, 3, 3);
  }

  @Test
  void plot_isOnePictureWithItsLines() {
    String svg = Plot.svg(replay(demo()), "target=1 <&>");
    assertThat(svg).startsWith("<svg ").endsWith("</svg>\n").contains("target=1 &lt;&amp;&gt;");
    assertThat(svg.split("<path", -1)).hasSize(4);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "seconds;1,2 | line 1: \"seconds\" (expected: the names of the columns",
        "time,rps;x,2 | line 2, time: \"x\"",
        "time,rps;1,-2 | line 2: \"-2\" (expected: a number, 0 or more)",
        "time,rps;1 | line 2: \"1\" (expected: 2 values, as the header has)",
        "time,rps;5,1;5,1 | line 3: \"5,1\" (expected: a later second than the line before)",
        "time,rps | trace: \"0 lines\"",
        "time,rps;0,1;9999999999,1 | trace: \"2 lines\" (expected: 1 to 1000000 seconds)",
      })
  void badTrace_isToldByLine(String lines, String sentence) {
    assertThatThrownBy(() -> Trace.parse(List.of(lines.split(";"))))
        .hasMessageStartingWith(sentence);
  }
}
