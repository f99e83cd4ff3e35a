package dev.barista.gateway.system;

import static java.util.Objects.requireNonNull;

import dev.barista.api.FunctionName;
import dev.barista.api.ReplicaId;
import dev.barista.api.wire.FunctionDescription.Usage;
import dev.barista.concurrency.NanoClock;
import dev.barista.provider.spi.FunctionProvider;
import dev.barista.provider.spi.ReplicaUsage;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What a function's replicas use together, for {@code usage=1} of its status. The processor's share
 * is an average since the last time somebody asked, of at least {@link #SHORTEST} and at most
 * {@link #LONGEST}: the first who asks waits for it. Thread-safe; remembers only functions that
 * were asked for lately.
 */
final class UsageMeter {

  static final Duration SHORTEST = Duration.ofMillis(100);
  static final Duration LONGEST = Duration.ofMinutes(1);

  private static final double MILLICORES = 1_000;

  private final FunctionProvider provider;
  private final NanoClock clock;
  private final Runnable pause;
  private final Map<FunctionName, Reading> last = new ConcurrentHashMap<>();

  private record Reading(long atNanos, Map<ReplicaId, Long> cpuNanos) {}

  /**
   * @param pause lets {@link #SHORTEST} pass
   */
  UsageMeter(FunctionProvider provider, NanoClock clock, Runnable pause) {
    this.provider = requireNonNull(provider, "provider");
    this.clock = requireNonNull(clock, "clock");
    this.pause = requireNonNull(pause, "pause");
  }

  /** On the machine's clock. */
  static UsageMeter of(FunctionProvider provider) {
    return new UsageMeter(
        provider, NanoClock.SYSTEM, () -> LockSupport.parkNanos(SHORTEST.toNanos()));
  }

  /** Empty where nothing runs, or the provider can't measure. Waits for at most a moment. */
  Optional<Usage> usage(FunctionName name) {
    Reading before = before(name);
    if (before.cpuNanos().isEmpty()) {
      return Optional.empty();
    }
    List<ReplicaUsage> usages = provider.usage(name);
    Reading now = reading(usages);
    last.put(name, now);
    last.values().removeIf(reading -> age(reading) > LONGEST.toNanos());
    return Optional.of(
        new Usage(
            MILLICORES * spent(before, now) / elapsed(before, now),
            usages.stream().mapToLong(usage -> usage.memoryBytes().orElse(0)).sum()));
  }

  /** A reading that is old enough to compare with. */
  private Reading before(FunctionName name) {
    @Nullable Reading known = last.get(name);
    if (known != null && age(known) >= SHORTEST.toNanos() && age(known) <= LONGEST.toNanos()) {
      return known;
    }
    Reading first = reading(provider.usage(name));
    if (!first.cpuNanos().isEmpty()) {
      pause.run();
    }
    return first;
  }

  private Reading reading(List<ReplicaUsage> usages) {
    Map<ReplicaId, Long> cpu = new HashMap<>();
    usages.forEach(usage -> cpu.put(usage.replica(), usage.cpuNanos().orElse(0)));
    return new Reading(clock.nanoTime(), cpu);
  }

  private long age(Reading reading) {
    return clock.nanoTime() - reading.atNanos();
  }

  private static long elapsed(Reading before, Reading now) {
    return Math.max(1, now.atNanos() - before.atNanos());
  }

  /** By the replicas of both readings; one that was started again counts from its start. */
  private static double spent(Reading before, Reading now) {
    double sum = 0;
    for (Map.Entry<ReplicaId, Long> replica : now.cpuNanos().entrySet()) {
      long later = replica.getValue();
      long earlier = before.cpuNanos().getOrDefault(replica.getKey(), later);
      sum += later >= earlier ? later - earlier : later;
    }
    return sum;
  }
}
