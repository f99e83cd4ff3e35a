package dev.barista.autoscaler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barista.api.FunctionName;
import dev.barista.api.FunctionSpec;
import dev.barista.api.Resources;
import dev.barista.autoscaler.Platform.Figures;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ScalingLoopTest {

  private static final FunctionName ECHO = FunctionName.parse("echo", "openfaas-fn");
  private static final String KNATIVE = "autoscaling.knative.dev/";

  private final Platform platform = new Platform(AlertMode.BUILTIN);

  private static FunctionSpec spec(Map<String, String> labels, Map<String, String> annotations) {
    return new FunctionSpec(
        ECHO,
        "image",
        Optional.empty(),
        Map.of(),
        List.of(),
        List.of(),
        labels,
        annotations,
        Resources.NONE,
        Resources.NONE,
        false);
  }

  // ---- alerts

  @Test
  void alert_stepsUpWhileItFires_andGoesBackOnce() {
    Figures echo = platform.deploy(spec(Map.of("com.openfaas.scale.max", "10"), Map.of()), 1);

    for (int i = 0; i < 80; i++) {
      platform.calls(echo, 10);
      platform.tick();
    }
    assertThat(platform.changes).containsExactly("12s 1 => 3", "42s 3 => 5", "72s 5 => 7");
    assertThat(platform.loop.alerts().getFirst().state()).isEqualTo("firing");

    platform.seconds(10);
    assertThat(platform.changes).last().isEqualTo("85s 7 => 1");
    platform.set(ECHO, 4);
    platform.seconds(60);
    assertThat(echo.desired).as("set by hand after it was resolved").isEqualTo(4);
    assertThat(platform.loop.awake()).isZero();
  }

  /** Also one to a count that the loop itself asked for before. */
  @Test
  void changeByOthers_isExplainedToo() {
    Figures echo = platform.deploy(spec(Map.of("com.openfaas.scale.max", "10"), Map.of()), 1);
    for (int i = 0; i < 15; i++) {
      platform.calls(echo, 10);
      platform.tick();
    }
    platform.seconds(20);

    platform.set(ECHO, 0);
    platform.set(ECHO, 1);

    assertThat(platform.loop.report(ECHO).orElseThrow().decisions())
        .extracting(decision -> decision.from() + " => " + decision.to() + " " + decision.reason())
        .satisfiesExactly(
            woken -> assertThat(woken).startsWith("0 => 1 woken from zero"),
            byHand -> assertThat(byHand).startsWith("1 => 0 set by hand"),
            resolved -> assertThat(resolved).startsWith("3 => 1 the alert is resolved"),
            fired -> assertThat(fired).startsWith("1 => 3 the alert fires"));
  }

  @Test
  void alert_isPendingUntilItHeld() {
    Figures echo = platform.deploy(spec(Map.of(), Map.of()), 1);
    for (int i = 0; i < 7; i++) {
      platform.calls(echo, 10);
      platform.tick();
    }
    assertThat(platform.loop.alerts().getFirst().state()).isEqualTo("pending");
    assertThat(platform.changes).isEmpty();
  }

  @Test
  void alert_disabledByFactorOrEqualBounds() {
    Figures echo = platform.deploy(spec(Map.of("com.openfaas.scale.factor", "0"), Map.of()), 1);
    for (int i = 0; i < 30; i++) {
      platform.calls(echo, 100);
      platform.tick();
    }
    assertThat(platform.changes).isEmpty();
    assertThat(platform.loop.alerts()).isEmpty();
  }

  @Test
  void alertFromOutside_actsOnceWhenResolved() {
    Platform external = new Platform(AlertMode.EXTERNAL);
    Figures echo = external.deploy(spec(Map.of("com.openfaas.scale.max", "5"), Map.of()), 1);

    external.loop.alert(ECHO, true);
    external.loop.alert(ECHO, true);
    assertThat(echo.desired).isEqualTo(3);
    external.loop.alert(ECHO, false);
    assertThat(echo.desired).isEqualTo(1);
    external.set(ECHO, 4);
    assertThat(external.loop.alert(ECHO, false)).contains("stays at 4");
    assertThat(echo.desired).isEqualTo(4);
  }

  @Test
  void alert_whatIsRefusedIsNotLost() {
    Figures echo = platform.deploy(spec(Map.of("com.openfaas.scale.max", "10"), Map.of()), 1);
    for (int i = 0; i < 15; i++) {
      platform.calls(echo, 10);
      platform.tick();
    }
    assertThat(echo.desired).isEqualTo(3);

    platform.refuses = true;
    platform.seconds(20);
    assertThat(echo.desired).isEqualTo(3);
    platform.refuses = false;
    platform.seconds(2);
    assertThat(echo.desired).isEqualTo(1);
    assertThat(platform.loop.report(ECHO).orElseThrow().decisions())
        .extracting(ScalingDecision::to)
        .containsExactly(1, 3);
  }

  @Test
  void alertFromOutside_refusedIsTakenAgain() {
    Platform external = new Platform(AlertMode.EXTERNAL);
    Figures echo = external.deploy(spec(Map.of("com.openfaas.scale.max", "5"), Map.of()), 1);
    external.loop.alert(ECHO, true);
    external.refuses = true;
    assertThatThrownBy(() -> external.loop.alert(ECHO, false)).hasMessage("the disk is full");
    external.refuses = false;
    external.loop.alert(ECHO, false);
    assertThat(echo.desired).isEqualTo(1);
  }

  @Test
  void alert_standsWhereItStoodUnderAnotherPolicy() {
    Figures echo = platform.deploy(spec(Map.of("com.openfaas.scale.max", "10"), Map.of()), 1);
    for (int i = 0; i < 15; i++) {
      platform.calls(echo, 10);
      platform.tick();
    }
    platform.loop.changed(spec(Map.of("com.openfaas.scale.max", "8"), Map.of()), echo.desired);
    platform.seconds(20);
    assertThat(echo.desired).isEqualTo(1);
  }

  // ---- to zero by idling

  @Test
  void idle_isNotWokenByTheLoadOfBefore() {
    Figures echo =
        platform.deploy(
            spec(
                Map.of(
                    "com.openfaas.scale.type", "rps",
                    "com.openfaas.scale.zero", "true",
                    "com.openfaas.scale.zero-duration", "5s"),
                Map.of()),
            1);
    platform.seconds(3);
    platform.calls(echo, 500);
    platform.seconds(60);
    assertThat(platform.changes).last().asString().endsWith("=> 0");
    assertThat(platform.changes.stream().filter(change -> change.contains(" 0 =>"))).isEmpty();
  }

  @Test
  void idle_goesToZeroAfterItsTime_andCostsNothingMeanwhile() {
    Figures echo =
        platform.deploy(
            spec(
                Map.of("com.openfaas.scale.zero", "true", "com.openfaas.scale.zero-duration", "5m"),
                Map.of()),
            1);
    platform.calls(echo, 1);
    platform.seconds(20);
    assertThat(platform.loop.awake()).isZero();

    platform.seconds(279);
    assertThat(echo.desired).isEqualTo(1);
    platform.seconds(2);
    assertThat(echo.desired).isZero();
    platform.tick();
    assertThat(platform.loop.awake()).isZero();
  }

  @Test
  void idle_isNotWhileACallIsInFlight() {
    Figures echo =
        platform.deploy(
            spec(
                Map.of("com.openfaas.scale.zero", "true", "com.openfaas.scale.zero-duration", "5s"),
                Map.of()),
            1);
    for (int i = 0; i < 100; i++) {
      platform.second(echo, 1);
    }
    assertThat(echo.desired).isEqualTo(1);
    for (int i = 0; i < 7; i++) {
      platform.second(echo, 0);
    }
    assertThat(echo.desired).isZero();
  }

  @Test
  void idle_aCallStartsTheTimeAnew() {
    Figures echo =
        platform.deploy(
            spec(
                Map.of("com.openfaas.scale.zero", "1", "com.openfaas.scale.zero-duration", "1m"),
                Map.of()),
            1);
    platform.seconds(50);
    platform.calls(echo, 1);
    platform.seconds(59);
    assertThat(echo.desired).isEqualTo(1);
    platform.seconds(3);
    assertThat(echo.desired).isZero();
  }

  // ---- Knative's way

  @Test
  void kpa_goesToTenAndBackToZero() {
    Figures echo =
        platform.deploy(
            spec(
                Map.of(),
                Map.of(
                    KNATIVE + "target",
                    "1",
                    KNATIVE + "max-scale",
                    "10",
                    KNATIVE + "window",
                    "30s")),
            1);
    for (int i = 0; i < 60; i++) {
      platform.second(echo, 11);
    }
    assertThat(echo.desired).isEqualTo(10);
    assertThat(platform.loop.report(ECHO).orElseThrow().decisions().getFirst().boundedBy())
        .contains("max 10 [max-scale]");

    long stopped = platform.seconds();
    while (echo.desired > 0 && platform.seconds() < stopped + 120) {
      platform.second(echo, 0);
    }
    assertThat(echo.desired).isZero();
    assertThat(platform.seconds() - stopped).isBetween(30L, 45L);
    platform.seconds(5);
    assertThat(platform.loop.awake()).isZero();
  }

  @Test
  void kpa_aLastingCallOfNoRateKeepsIt() {
    Figures echo =
        platform.deploy(
            spec(Map.of(), Map.of(KNATIVE + "metric", "rps", KNATIVE + "window", "6s")), 1);
    for (int i = 0; i < 200; i++) {
      platform.second(echo, 1);
    }
    assertThat(echo.desired).isEqualTo(1);
  }

  @Test
  void kpa_aShortCallToAnIdleFunctionKeepsItForAWindow() {
    Figures echo = platform.deploy(spec(Map.of(), Map.of(KNATIVE + "window", "6s")), 1);
    while (echo.desired > 0 && platform.seconds() < 200) {
      platform.tick();
    }
    platform.seconds(10);
    assertThat(platform.loop.awake()).isZero();

    long woken = platform.seconds();
    platform.set(ECHO, 1);
    platform.calls(echo, 1);
    platform.seconds(5);
    assertThat(echo.desired).isEqualTo(1);
    while (echo.desired > 0 && platform.seconds() < woken + 100) {
      platform.tick();
    }
    assertThat(platform.seconds() - woken).isBetween(7L, 20L);
  }

  @Test
  void kpa_neverBelowMinScale() {
    Figures echo =
        platform.deploy(
            spec(Map.of(), Map.of(KNATIVE + "min-scale", "2", KNATIVE + "window", "6s")), 1);
    platform.seconds(4);
    assertThat(echo.desired).isEqualTo(2);
    platform.seconds(100);
    assertThat(echo.desired).isEqualTo(2);
    assertThat(platform.loop.awake()).isZero();
  }

  // ---- targets

  @Test
  void target_capacityOverTargetTimesProportion() {
    Figures echo =
        platform.deploy(
            spec(
                Map.of(
                    "com.openfaas.scale.type",
                    "capacity",
                    "com.openfaas.scale.target",
                    "5",
                    "com.openfaas.scale.target-proportion",
                    "1"),
                Map.of()),
            1);
    for (int i = 0; i < 3; i++) {
      platform.second(echo, 25);
    }
    assertThat(echo.desired).isEqualTo(5);
    for (int i = 0; i < 60; i++) {
      platform.second(echo, 0);
    }
    assertThat(echo.desired).isEqualTo(1);
    assertThat(platform.loop.awake()).isZero();
  }

  @Test
  void target_cpuInThousandths() {
    Figures echo =
        platform.deploy(
            spec(
                Map.of(
                    "com.openfaas.scale.type",
                    "cpu",
                    "com.openfaas.scale.target",
                    "500",
                    "com.openfaas.scale.target-proportion",
                    "1"),
                Map.of()),
            1);
    for (int i = 0; i < 40; i++) {
      echo.cpuNanos += Duration.ofMillis(1400).toNanos();
      platform.second(echo, 1);
    }
    assertThat(echo.desired).isEqualTo(3);
  }

  @Test
  void severalSignals_theHighestWins() {
    Figures echo =
        platform.deploy(
            spec(
                Map.of(
                    "com.openfaas.scale.type",
                    "queue",
                    "com.openfaas.scale.target",
                    "10",
                    "com.openfaas.scale.target-proportion",
                    "1"),
                Map.of(KNATIVE + "target", "10")),
            1);
    echo.pending = 65;
    for (int i = 0; i < 4; i++) {
      platform.second(echo, 1);
    }
    assertThat(echo.desired).isEqualTo(7);
    assertThat(platform.loop.report(ECHO).orElseThrow().scaledBy())
        .containsExactly("kpa", "target");
  }

  @Test
  void severalSignals_goToZeroByKnativesRule() {
    Figures echo =
        platform.deploy(
            spec(Map.of("com.openfaas.scale.type", "capacity"), Map.of(KNATIVE + "window", "6s")),
            1);
    platform.second(echo, 1);
    platform.second(echo, 0);
    platform.seconds(100);
    assertThat(echo.desired).isZero();
    assertThat(platform.loop.awake()).isZero();
  }

  @Test
  void kpa_atZeroAtTheStart_staysThereAndRests() {
    Figures echo = platform.deploy(spec(Map.of(), Map.of(KNATIVE + "initial-scale", "4")), 0);
    platform.seconds(10);
    assertThat(echo.desired).isZero();
    assertThat(platform.loop.awake()).isZero();
  }

  // ---- the rest

  @Test
  void deleted_isForgotten() {
    platform.deploy(spec(Map.of(), Map.of()), 1);
    platform.functions.clear();
    platform.loop.deleted(ECHO);
    platform.seconds(2);
    assertThat(platform.loop.awake()).isZero();
    assertThat(platform.loop.report(ECHO)).isEmpty();
  }

  @Test
  void manyIdleFunctions_areNotLookedAt() {
    for (int i = 0; i < 10_000; i++) {
      FunctionSpec spec = FunctionSpec.of(FunctionName.parse("f" + i, "openfaas-fn"), "image");
      platform.deploy(spec, 1);
    }
    platform.seconds(2);
    assertThat(platform.loop.awake()).isZero();
  }
}
