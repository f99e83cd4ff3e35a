package dev.barista.server.serve;

import dev.barista.api.FunctionName;
import dev.barista.api.ReplicaId;
import dev.barista.autoscaler.CpuMeter;
import dev.barista.provider.spi.FunctionProvider;
import dev.barista.provider.spi.ReplicaUsage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Adds up what the replicas of a function use, also over the end of a replica, after which a
 * provider tells nothing of it. Thread-safe.
 */
final class ReplicaCpu implements CpuMeter {

  private static final class Total {
    long nanos;
    Map<ReplicaId, Long> last = Map.of();
  }

  private final FunctionProvider provider;
  private final Map<FunctionName, Total> totals = new HashMap<>();

  ReplicaCpu(FunctionProvider provider) {
    this.provider = provider;
  }

  @Override
  public OptionalLong cpuNanos(FunctionName function) {
    List<ReplicaUsage> usage = provider.usage(function);
    synchronized (totals) {
      Total total = totals.computeIfAbsent(function, _ -> new Total());
      Map<ReplicaId, Long> seen = new HashMap<>();
      for (ReplicaUsage replica : usage) {
        if (replica.cpuNanos().isPresent()) {
          seen.put(replica.replica(), replica.cpuNanos().getAsLong());
        }
      }
      seen.forEach((id, nanos) -> total.nanos += increase(total.last.get(id), nanos));
      boolean measured = !seen.isEmpty() || usage.isEmpty();
      total.last = seen;
      return measured ? OptionalLong.of(total.nanos) : OptionalLong.empty();
    }
  }

  /**
   * One that is seen for the first time counts from now on: it may have been there before, and only
   * not be readable for a moment. A smaller number than before is that of a replica that was
   * started again.
   */
  private static long increase(@Nullable Long before, long now) {
    return before == null ? 0 : now < before ? now : now - before;
  }

  void forget(FunctionName function) {
    synchronized (totals) {
      totals.remove(function);
    }
  }
}
