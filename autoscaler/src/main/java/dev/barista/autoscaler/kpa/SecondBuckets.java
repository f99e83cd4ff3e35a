package dev.barista.autoscaler.kpa;

import java.util.Arrays;

/**
 * What was observed in each of the last seconds, in a ring with one bucket a second, and averages
 * over it. Values that fall into one second are summed, since several observers each tell their
 * share once a second. Times are whole seconds since the epoch. Not thread-safe.
 *
 * <p>A second without a value counts as zero when a later one has a value (a gap); seconds after
 * the last value shrink the divisor instead, so that a late report doesn't look like less load.
 *
 * @see <a href="https://github.com/knative/serving/tree/main/docs/scaling">Knative's description of
 *     its windows</a>
 */
public final class SecondBuckets {

  private static final double ROUNDING = 1e6;

  /** Of the weight of all seconds, what is left for those before the window: 0.01 %. */
  private static final double NEGLECTED_WEIGHT = 0.0001;

  private static final double LEAST_SMOOTHING = 0.2;

  // Mutable state
  private double[] buckets;
  private boolean written;
  private long first;
  private long last;

  /**
   * @param windowSeconds at least 1
   */
  public SecondBuckets(int windowSeconds) {
    if (windowSeconds < 1) {
      throw new IllegalArgumentException("windowSeconds: " + windowSeconds + " (expected: >= 1)");
    }
    buckets = new double[windowSeconds];
  }

  public int windowSeconds() {
    return buckets.length;
  }

  /** Adds {@code value} to its second. One that is older than the window is dropped. */
  public void record(long second, double value) {
    if (written && second != last && second + buckets.length <= last) {
      return;
    }
    if (!written || second < first) {
      first = second;
    }
    if (!written || second > last) {
      advance(second);
    }
    buckets[slot(second)] += value;
  }

  private void advance(long second) {
    if (!written || second - last >= buckets.length) {
      Arrays.fill(buckets, 0);
      first = second;
    } else {
      for (long skipped = last + 1; skipped <= second; skipped++) {
        buckets[slot(skipped)] = 0;
      }
    }
    last = second;
    written = true;
  }

  /** Whether nothing was told for longer than the window. */
  public boolean isEmpty(long now) {
    return !written || now - last > buckets.length;
  }

  /** The plain average, rounded to six decimals; 0 when nothing in the window has a value. */
  public double average(long now) {
    long silent = written ? now - last : buckets.length;
    if (silent >= buckets.length) {
      return 0;
    }
    double sum = 0;
    for (double bucket : buckets) {
      sum += bucket;
    }
    long divisor = Math.min(last - first + 1, buckets.length);
    if (silent > 0) {
      for (long outdated = last + 1; outdated <= now; outdated++) {
        sum -= buckets[slot(outdated)];
      }
      divisor = Math.min(last - first + 1, buckets.length - silent);
    }
    return Math.round(sum / divisor * ROUNDING) / ROUNDING;
  }

  /**
   * The average in which a second weighs less the older it is. Not brought to a whole while the
   * window is still filling.
   */
  public double weightedAverage(long now) {
    if (isEmpty(now)) {
      return 0;
    }
    int size = buckets.length;
    double smoothing = smoothing(size);
    int silent = (int) Math.max(0, now - last);
    double weight = smoothing * Math.pow(1 - smoothing, silent);
    double average = 0;
    for (int i = 0; i < size - silent; i++) {
      average += buckets[slot(last - i)] * weight;
      weight *= 1 - smoothing;
    }
    return average;
  }

  /** For example 0.2 for 60 buckets, 0.784557 for 6. */
  static double smoothing(int buckets) {
    return Math.max(1 - Math.pow(NEGLECTED_WEIGHT, 1.0 / buckets), LEAST_SMOOTHING);
  }

  /** Changes the window and keeps the newest seconds that fit. */
  void resize(int windowSeconds) {
    SecondBuckets resized = new SecondBuckets(windowSeconds);
    if (written) {
      int kept = (int) Math.min(Math.min(windowSeconds, buckets.length), last - first + 1);
      for (long second = last - kept + 1; second <= last; second++) {
        resized.record(second, buckets[slot(second)]);
      }
    }
    buckets = resized.buckets;
    first = resized.written ? resized.first : first;
  }

  private int slot(long second) {
    return Math.floorMod(second, buckets.length);
  }
}
