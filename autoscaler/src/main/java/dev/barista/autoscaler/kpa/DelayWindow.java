package dev.barista.autoscaler.kpa;

import java.util.Arrays;

/**
 * The highest decision of a past stretch of time, in slots of two seconds. A value drops out once
 * the present slot is as many slots later as the window has: with 30 s one of second 100 stands
 * through second 128. Not thread-safe.
 */
public final class DelayWindow {

  private static final int SLOT_SECONDS = 2;

  private final long[] slots;
  private final int[] values;

  public DelayWindow(int seconds) {
    int count = Math.max(1, Math.ceilDiv(seconds, SLOT_SECONDS));
    slots = new long[count];
    values = new int[count];
    Arrays.fill(slots, Long.MIN_VALUE);
  }

  /** Records a decision and returns the highest that still stands. */
  public int highest(long second, int value) {
    long slot = Math.floorDiv(second, SLOT_SECONDS);
    int place = Math.floorMod(slot, slots.length);
    values[place] = slots[place] == slot ? Math.max(values[place], value) : value;
    slots[place] = slot;
    int highest = value;
    for (int i = 0; i < slots.length; i++) {
      if (slots[i] > slot - slots.length) {
        highest = Math.max(highest, values[i]);
      }
    }
    return highest;
  }
}
