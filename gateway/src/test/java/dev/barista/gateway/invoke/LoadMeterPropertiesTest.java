package dev.barista.gateway.invoke;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

/** Whatever begins and ends in whatever order on whatever loop: the meter knows the sum. */
class LoadMeterPropertiesTest {

  private static final int LOOPS = 3;

  private record Call(int loop, long start) {}

  /** Adds up call by call. */
  private static final class Oracle {
    private final List<Call> inFlight = new ArrayList<>();
    private long arrivals;
    private long answers;
    private long endedNanos;

    LoadMeter.Reading at(long now) {
      long running = inFlight.stream().mapToLong(call -> now - call.start()).sum();
      return new LoadMeter.Reading(
          arrivals, arrivals - inFlight.size(), answers, endedNanos + running);
    }
  }

  @Property(tries = 500)
  void reading_equalsTheSumOverCalls(
      @ForAll long origin,
      @ForAll @Size(max = 200) List<@IntRange(max = 11) Integer> actions,
      @ForAll @LongRange(min = 0, max = 1_000_000_000L) long step) {
    LoadMeter meter = new LoadMeter(LOOPS);
    Oracle oracle = new Oracle();
    long now = origin;
    for (int action : actions) {
      now += step;
      int loop = action % LOOPS;
      if (action < 6) {
        meter.arrived(loop, now);
        oracle.arrivals++;
        oracle.inFlight.add(new Call(loop, now));
      } else if (!oracle.inFlight.isEmpty()) {
        Call call = oracle.inFlight.remove(action % oracle.inFlight.size());
        boolean answered = action % 2 == 0;
        meter.ended(call.loop(), now, answered);
        oracle.answers += answered ? 1 : 0;
        oracle.endedNanos += now - call.start();
      }
      assertThat(meter.read(now)).isEqualTo(oracle.at(now));
      assertThat(meter.arrivals()).isEqualTo(oracle.arrivals);
    }
    long later = now + 7;
    assertThat(meter.read(later)).isEqualTo(oracle.at(later));
    assertThat(meter.read(later).inFlight()).isEqualTo(oracle.inFlight.size());
  }
}
