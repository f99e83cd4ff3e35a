package dev.barista.cgroup;

/**
 * CPU time per period, as the kernel's bandwidth control takes it.
 *
 * <p>The usual period is 100 ms, so 50m is 5 ms of every 100. A quota under 1 ms is refused by the
 * kernel (EINVAL); small limits therefore get the longest period it takes, 1 s: 5m is 5 ms of every
 * 1 000. Nothing below 1m can be kept.
 */
record CpuQuota(long quotaMicros, long periodMicros) {

  private static final long USUAL_PERIOD_MICROS = 100_000;
  private static final long LONGEST_PERIOD_MICROS = 1_000_000;
  private static final long LEAST_QUOTA_MICROS = 1_000;

  static CpuQuota ofMillis(long cpuMillis) {
    long usual = cpuMillis * (USUAL_PERIOD_MICROS / 1_000);
    return usual >= LEAST_QUOTA_MICROS
        ? new CpuQuota(usual, USUAL_PERIOD_MICROS)
        : new CpuQuota(
            Math.max(LEAST_QUOTA_MICROS, cpuMillis * (LONGEST_PERIOD_MICROS / 1_000)),
            LONGEST_PERIOD_MICROS);
  }
}
