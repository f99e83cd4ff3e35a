package dev.barista.autoscaler;

import static java.util.Objects.requireNonNull;

import dev.barista.api.ErrorCode;
import dev.barista.api.FaasException;
import dev.barista.api.FunctionName;
import dev.barista.api.FunctionSpec;
import dev.barista.autoscaler.policy.KnativeDefaults;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** A platform of numbers: functions whose load a test sets, and a clock that it moves. */
final class Platform implements FunctionLoads {

  static final Instant START = Instant.parse("2026-11-22T10:00:00Z");
  private static final long SECOND = 1_000_000_000L;

  /** One function's figures. */
  static final class Figures {
    final FunctionSpec spec;
    long arrivals;
    long answers;
    long callNanos;
    int inFlight;
    int desired;
    int ready;
    long cpuNanos;
    long pending;

    Figures(FunctionSpec spec) {
      this.spec = spec;
    }
  }

  final Map<FunctionName, Figures> functions = new HashMap<>();
  final Set<FunctionName> told = new HashSet<>();
  final List<String> changes = new ArrayList<>();
  final ScalingLoop loop;
  boolean refuses;
  private Instant now = START;

  Platform(AlertMode alerts) {
    loop =
        new ScalingLoop(
            new ScalingConfig(alerts, KnativeDefaults.STANDARD, 100),
            new ScalingPorts(
                this,
                this::scale,
                name -> OptionalLong.of(of(name).cpuNanos),
                name -> of(name).pending),
            (InstantSource) () -> now,
            Runnable::run);
  }

  private Figures of(FunctionName name) {
    return requireNonNull(functions.get(name));
  }

  Instant now() {
    return now;
  }

  Figures deploy(FunctionSpec spec, int replicas) {
    Figures figures = new Figures(spec);
    figures.desired = replicas;
    figures.ready = replicas;
    functions.put(spec.name(), figures);
    loop.changed(spec, replicas);
    return figures;
  }

  /** By hand. */
  void set(FunctionName name, int replicas) {
    Figures figures = of(name);
    figures.desired = replicas;
    figures.ready = replicas;
    loop.changed(figures.spec, replicas);
  }

  private void scale(FunctionName name, int replicas) {
    if (refuses) {
      throw new FaasException(ErrorCode.INTERNAL, "provider", "the disk is full");
    }
    changes.add(seconds() + "s " + of(name).desired + " => " + replicas);
    set(name, replicas);
  }

  long seconds() {
    return now.getEpochSecond() - START.getEpochSecond();
  }

  /** Calls that come and are answered within the present second. */
  void calls(Figures figures, int count) {
    figures.arrivals += count;
    figures.answers += count;
    if (count > 0 && told.remove(figures.spec.name())) {
      loop.called(figures.spec.name());
    }
  }

  /** Moves on by one second, with so many calls in flight all the time. */
  void second(Figures figures, int concurrent) {
    if (concurrent > figures.inFlight) {
      figures.arrivals += concurrent - figures.inFlight;
      if (told.remove(figures.spec.name())) {
        loop.called(figures.spec.name());
      }
    }
    figures.inFlight = concurrent;
    figures.callNanos += concurrent * SECOND;
    tick();
  }

  void tick() {
    now = now.plusSeconds(1);
    loop.tick(now, seconds() * SECOND);
  }

  void seconds(int count) {
    for (int i = 0; i < count; i++) {
      tick();
    }
  }

  @Override
  public Optional<LoadReading> read(FunctionName function, long nanos) {
    return Optional.ofNullable(functions.get(function))
        .map(f -> new LoadReading(f.arrivals, f.answers, f.callNanos, f.inFlight, 0, f.ready));
  }

  @Override
  public void tellNextCall(FunctionName function, long seen) {
    if (of(function).arrivals > seen) {
      loop.called(function);
    } else {
      told.add(function);
    }
  }
}
