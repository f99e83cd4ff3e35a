package dev.barista.gateway.invoke;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barista.api.ErrorCode;
import dev.barista.api.FaasException;
import dev.barista.api.FunctionName;
import dev.barista.api.FunctionSpec;
import dev.barista.api.ReplicaId;
import dev.barista.gateway.metrics.ColdStarts;
import dev.barista.gateway.metrics.GatewayMetrics;
import dev.barista.http.EventLoops;
import dev.barista.http.Upstream;
import dev.barista.http.UpstreamConfig;
import dev.barista.provider.spi.InvocationPolicy;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;

/** Whatever happens in whatever order: leases and replicas add up, and at rest nothing is left. */
class FunctionPoolPropertiesTest {

  private static final EventLoops LOOPS = EventLoops.start(1, "test-pool-properties");
  private static final FunctionName NAME = FunctionName.parse("f");

  @AfterContainer
  static void stop() {
    LOOPS.close();
  }

  /** The pool, and a model of what it should hold. */
  private static final class World {
    private final int most;
    private final Random random;
    private final FunctionPool pool =
        new FunctionPool(
            NAME,
            new GatewayMetrics().function(NAME),
            new FunctionLoad(NAME, 1, () -> _ -> {}),
            new PoolContext(/* maxHeldCalls= */ 5, (_, _) -> {}, Runnable::run, new ColdStarts()));
    private final List<Lease> leases = new ArrayList<>();
    private final Map<String, AtomicInteger> idle = new HashMap<>();
    private final List<String> serving = new ArrayList<>();
    private final List<Call> held = new ArrayList<>();
    private int calls;
    private int made;
    private int told;

    World(int most, long seed) {
      this.most = most;
      this.random = new Random(seed);
      pool.changed(
          FunctionSpec.of(NAME, "i"),
          new InvocationPolicy(Duration.ZERO, most, /* durationHeader= */ false),
          1);
    }

    /** A waiting call, as a real one: who has left by then gives the lease back. */
    private final class Call implements HeldCall {
      private final int number = calls++;

      @Override
      public List<ReplicaSlot> tried() {
        return List.of();
      }

      @Override
      public void granted(Lease lease) {
        assertThat(held).as("first come, first served").first().isEqualTo(this);
        held.remove(this);
        leases.add(lease);
      }

      @Override
      public void giveUp(FaasException reason) {
        held.remove(this);
        told++;
      }

      @Override
      public String toString() {
        return "call " + number;
      }
    }

    private void arrive() {
      switch (pool.admit(List.of())) {
        case Lease granted -> {
          assertThat(most > 0 && !held.isEmpty()).as("overtakes the line").isFalse();
          leases.add(granted);
        }
        case Admission.AtLimit _, Admission.NoReplica _ -> join(new Call());
      }
    }

    private void join(Call call) {
      held.add(call);
      switch (pool.hold(call, /* again= */ false)) {
        case Place.Granted(Lease granted) -> call.granted(granted);
        case Place.InLine _ -> {}
        case Place.Full _, Place.Deleted _ -> held.remove(call);
      }
    }

    void step(int action) {
      switch (action) {
        case 0, 1, 2 -> arrive();
        case 3, 4 -> closeOne();
        case 5 -> ready();
        case 6 -> drain();
        case 7 -> gone();
        case 8 -> {
          if (!held.isEmpty()) {
            Call leaving = held.remove(random.nextInt(held.size()));
            assertThat(pool.leave(leaving)).isTrue();
          }
        }
        case 9 -> pool.startFailed(new FaasException(ErrorCode.START_FAILED, "provider", "no"));
        default -> throw new AssertionError(action);
      }
      check();
    }

    private void closeOne() {
      if (!leases.isEmpty()) {
        leases.remove(random.nextInt(leases.size())).close();
      }
    }

    private void ready() {
      String id = "r" + made++;
      serving.add(id);
      pool.ready(
          new ReplicaId(id),
          Upstream.to(LOOPS, UnixDomainSocketAddress.of("/none/" + id), UpstreamConfig.DEFAULT));
    }

    private void drain() {
      if (!serving.isEmpty()) {
        String id = serving.remove(random.nextInt(serving.size()));
        AtomicInteger count = new AtomicInteger();
        idle.put(id, count);
        pool.draining(new ReplicaId(id), count::incrementAndGet);
      }
    }

    private void gone() {
      if (!serving.isEmpty()) {
        pool.gone(new ReplicaId(serving.remove(random.nextInt(serving.size()))));
      }
    }

    private void check() {
      assertThat(pool.waiting()).isEqualTo(held.size()).isLessThanOrEqualTo(5);
      long onServing =
          leases.stream().filter(lease -> serving.contains(lease.slot().id().value())).count();
      assertThat(pool.onReplicas()).isEqualTo((int) onServing);
      for (Lease lease : leases) {
        assertThat(lease.slot().inFlight()).isPositive();
        assertThat(most == 0 || lease.slot().inFlight() <= most).isTrue();
      }
      idle.forEach(
          (id, count) -> {
            boolean busy = leases.stream().anyMatch(lease -> lease.slot().id().value().equals(id));
            assertThat(count).as(id).hasValue(busy ? 0 : 1);
          });
      // Nobody waits beside a free replica.
      if (!held.isEmpty()) {
        assertThat(pool.admit(List.of())).isNotInstanceOf(Lease.class);
      }
    }

    void rest() {
      while (!leases.isEmpty() || !held.isEmpty()) {
        closeOne();
        if (leases.isEmpty() && !held.isEmpty()) {
          ready();
        }
      }
      check();
    }
  }

  @Property(tries = 500)
  void inFlight_isZeroAtRestAfterAnyInterleaving(
      @ForAll @IntRange(max = 3) int most,
      @ForAll long seed,
      @ForAll @Size(max = 120) List<@IntRange(max = 9) Integer> actions) {
    World world = new World(most, seed);

    actions.forEach(world::step);
    world.rest();

    assertThat(world.pool.onReplicas()).isZero();
    assertThat(world.pool.waiting()).isZero();
    world.idle.values().forEach(count -> assertThat(count).hasValue(1));
    assertThat(world.told).isNotNegative();
  }
}
