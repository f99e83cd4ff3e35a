import dev.barista.api.FunctionName;
import dev.barista.api.FunctionSpec;
import dev.barista.api.Resources;
import dev.barista.autoscaler.AlertMode;
import dev.barista.autoscaler.FunctionLoads;
import dev.barista.autoscaler.LoadReading;
import dev.barista.autoscaler.ScalingConfig;
import dev.barista.autoscaler.ScalingLoop;
import dev.barista.autoscaler.ScalingPorts;
import dev.barista.autoscaler.policy.KnativeDefaults;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the scaling loop costs: a tick over functions that have calls, scaled by alerts and
 * Knative's way, and a tick with ten thousand idle functions. Run by scaling-cost.sh.
 */
final class ScalingCost {

  private static final int ACTIVE = 1000;
  private static final int IDLE = 10_000;
  private static final int WARM_UP = 300;
  private static final int TICKS = 600;

  private static long seconds = 1_700_000_000L;

  private static FunctionSpec spec(String name, boolean knative) {
    return new FunctionSpec(
        FunctionName.parse(name, "openfaas-fn"),
        "image",
        Optional.empty(),
        Map.of(),
        List.of(),
        List.of(),
        Map.of(),
        knative ? Map.of("autoscaling.knative.dev/target", "10") : Map.of(),
        Resources.NONE,
        Resources.NONE,
        false);
  }

  private static ScalingLoop loop(FunctionLoads loads) {
    return new ScalingLoop(
        new ScalingConfig(AlertMode.BUILTIN, KnativeDefaults.STANDARD, 1000),
        new ScalingPorts(loads, (_, _) -> {}, _ -> OptionalLong.empty(), _ -> 0),
        () -> Instant.ofEpochSecond(seconds),
        _ -> {});
  }

  private static double microsPerTick(ScalingLoop loop, int ticks) {
    long begin = System.nanoTime();
    for (int i = 0; i < ticks; i++) {
      loop.tick(Instant.ofEpochSecond(seconds++), seconds * 1_000_000_000L);
    }
    return (System.nanoTime() - begin) / 1e3 / ticks;
  }

  /** Functions with three calls a second, one always in flight. */
  private static final class Busy implements FunctionLoads {
    @Override
    public Optional<LoadReading> read(FunctionName function, long now) {
      long count = (seconds - 1_700_000_000L) * 3;
      return Optional.of(new LoadReading(count, count, seconds * 1_000_000_000L, 1, 0, 1));
    }

    @Override
    public void tellNextCall(FunctionName function, long seen) {}
  }

  private static final class Idle implements FunctionLoads {
    @Override
    public Optional<LoadReading> read(FunctionName function, long now) {
      return Optional.of(new LoadReading(0, 0, 0, 0, 0, 1));
    }

    @Override
    public void tellNextCall(FunctionName function, long seen) {}
  }

  public static void main(String[] arguments) {
    ScalingLoop busy = loop(new Busy());
    for (int i = 0; i < ACTIVE; i++) {
      busy.changed(spec("f" + i, i % 2 == 0), 1);
    }
    microsPerTick(busy, WARM_UP);
    System.out.printf(
        "%d active functions: %.2f us a decision%n", ACTIVE, microsPerTick(busy, TICKS) / ACTIVE);

    ScalingLoop idle = loop(new Idle());
    for (int i = 0; i < IDLE; i++) {
      idle.changed(spec("i" + i, /* knative= */ false), 1);
    }
    microsPerTick(idle, WARM_UP);
    double micros = microsPerTick(idle, TICKS);
    System.out.printf(
        "%d idle functions: %.1f us a tick, %.5f %% of a core%n", IDLE, micros, micros / 1e6 * 100);
  }
}
