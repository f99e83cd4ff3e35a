package dev.barista.gateway.system;

import dev.barista.api.ErrorCode;
import dev.barista.api.FaasException;
import dev.barista.api.FunctionName;
import dev.barista.autoscaler.AlertMode;
import dev.barista.autoscaler.AlertReport;
import dev.barista.autoscaler.Autoscaling;
import dev.barista.autoscaler.IdleReport;
import dev.barista.autoscaler.ScalingDecision;
import dev.barista.autoscaler.ScalingReport;
import dev.barista.autoscaler.SignalReading;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Knows {@code echo} and {@code other.two}; {@code stuck} can't be scaled, and {@code broken} is a
 * bug.
 */
public final class FakeAutoscaling implements Autoscaling {

  private static final FunctionName ECHO = FunctionName.parse("echo");
  private static final FunctionName OTHER = FunctionName.parse("other.two");
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  private static final SignalReading SIGNAL =
      new SignalReading("alert", 12.5, 5, "calls/s", "10s", 3);

  private final List<String> told = new CopyOnWriteArrayList<>();

  // Mutable state
  private volatile AlertMode mode = AlertMode.EXTERNAL;

  public void setMode(AlertMode newMode) {
    mode = newMode;
  }

  /** Every alert that came through, as {@code NAME firing} or {@code NAME resolved}. */
  public List<String> told() {
    return List.copyOf(told);
  }

  @Override
  public AlertMode alertMode() {
    return mode;
  }

  @Override
  public String alert(FunctionName function, boolean firing) {
    told.add(function + (firing ? " firing" : " resolved"));
    return switch (function.name()) {
      case "echo", "other" -> "function " + function + (firing ? " 1 => 3" : " 3 => 1");
      case "stuck" -> throw new FaasException(ErrorCode.DRAINING, "provider", "no room");
      case "broken" -> throw new IllegalStateException("secret detail");
      default -> throw FaasException.functionNotFound(function);
    };
  }

  @Override
  public List<AlertReport> alerts() {
    return List.of(
        alert(OTHER, "firing", Optional.of(NOON), Optional.empty()),
        alert(ECHO, "inactive", Optional.empty(), Optional.of(NOON.plusMillis(500))));
  }

  private static AlertReport alert(
      FunctionName function, String state, Optional<Instant> since, Optional<Instant> resolved) {
    return new AlertReport(
        function,
        state,
        "rate > 5",
        12.5,
        5,
        Duration.ofSeconds(10),
        Duration.ofSeconds(90),
        since,
        resolved);
  }

  @Override
  public Optional<ScalingReport> report(FunctionName function) {
    if (!function.equals(ECHO)) {
      return Optional.empty();
    }
    return Optional.of(
        new ScalingReport(
            ECHO,
            List.of("alert"),
            1,
            10,
            3,
            2,
            4,
            1,
            100,
            2.5,
            /* panicking= */ false,
            List.of(SIGNAL),
            List.of(
                new ScalingDecision(
                    NOON, 1, 3, "the alert fires", List.of(SIGNAL), Optional.of("max 3"))),
            Optional.of("the alert goes on firing"),
            Optional.empty()));
  }

  @Override
  public List<IdleReport> idle() {
    return List.of(
        new IdleReport(
            ECHO, 1, Duration.ofMillis(61_900), Duration.ofMinutes(15), false, "not for long yet"),
        new IdleReport(OTHER, 2, Duration.ofHours(1), Duration.ofMinutes(30), true, "idle"));
  }
}
