package dev.barista.gateway.invoke;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barista.api.FunctionName;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FunctionLoadTest {

  private static final FunctionName NAME = FunctionName.parse("f");

  private final List<FunctionName> told = new ArrayList<>();
  private final FunctionLoad load = new FunctionLoad(NAME, 2, () -> told::add);

  @Test
  void twoHalfSecondCallsInASecond_averageToOne() {
    long half = 500_000_000L;
    LoadMeter.Reading before = load.read(0);
    load.arrived(0, 0);
    load.ended(0, half, true);
    load.arrived(1, half);
    load.ended(1, 2 * half, false);

    LoadMeter.Reading after = load.read(2 * half);

    assertThat(after.callNanos() - before.callNanos()).isEqualTo(2 * half);
    assertThat(after).isEqualTo(new LoadMeter.Reading(2, 2, 1, 2 * half));
  }

  @Test
  void callInFlight_countsUpToNow() {
    load.arrived(0, 100);

    assertThat(load.read(400).callNanos()).isEqualTo(300);
    assertThat(load.read(1000).callNanos()).isEqualTo(900);
    assertThat(load.read(1000).inFlight()).isEqualTo(1);
  }

  @Test
  void nextCall_isToldOnce() {
    load.arrived(0, 0);
    assertThat(told).isEmpty();

    load.tellNextCall(1);
    assertThat(told).isEmpty();
    load.arrived(1, 5);
    load.arrived(0, 6);

    assertThat(told).containsExactly(NAME);
  }

  @Test
  void callThatCameSinceTheReading_isToldAtOnce() {
    load.arrived(0, 0);

    load.tellNextCall(0);
    load.arrived(0, 1);

    assertThat(told).containsExactly(NAME);
  }

  @Test
  void callAndWishAtTheSameTime_neverMissEachOther() throws Exception {
    int rounds = 20_000;
    AtomicInteger heard = new AtomicInteger();
    FunctionLoad raced = new FunctionLoad(NAME, 1, () -> _ -> heard.incrementAndGet());
    CyclicBarrier together = new CyclicBarrier(2);
    Thread loop =
        Thread.ofPlatform()
            .start(
                () -> {
                  for (int round = 0; round < rounds; round++) {
                    meet(together);
                    raced.arrived(0, round);
                    meet(together);
                  }
                });
    int missed = 0;
    for (int round = 0; round < rounds; round++) {
      meet(together);
      raced.tellNextCall(round);
      meet(together);
      missed += heard.getAndSet(0) == 1 ? 0 : 1;
    }
    loop.join();

    assertThat(missed).isZero();
  }

  private static void meet(CyclicBarrier barrier) {
    try {
      barrier.await();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** Half an update would show as a time that is off by the clock's whole reading. */
  @Test
  void reader_seesNoHalfUpdate() throws Exception {
    LoadMeter meter = new LoadMeter(1);
    long origin = 1L << 40;
    AtomicLong clock = new AtomicLong(origin);
    AtomicBoolean done = new AtomicBoolean();
    Thread loop =
        Thread.ofPlatform()
            .start(
                () -> {
                  for (int call = 0; call < 300_000; call++) {
                    meter.arrived(0, clock.incrementAndGet());
                    meter.ended(0, clock.incrementAndGet(), true);
                  }
                  done.set(true);
                });
    long last = 0;
    while (!done.get()) {
      LoadMeter.Reading reading = meter.read(clock.get());
      assertThat(reading.inFlight()).isBetween(0, 1);
      assertThat(reading.answers()).isEqualTo(reading.ended());
      assertThat(reading.callNanos()).isBetween(last, clock.get() - origin);
      last = reading.callNanos();
    }
    loop.join();

    assertThat(meter.read(clock.get()))
        .isEqualTo(new LoadMeter.Reading(300_000, 300_000, 300_000, 300_000));
  }
}
