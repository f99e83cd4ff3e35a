package dev.barista.gateway.invoke;

import dev.barista.api.FaasException;
import dev.barista.api.FunctionName;
import dev.barista.api.FunctionSpec;
import dev.barista.api.ReplicaId;
import dev.barista.gateway.metrics.GatewayMetrics;
import dev.barista.http.EventLoops;
import dev.barista.http.Upstream;
import dev.barista.http.UpstreamConfig;
import dev.barista.provider.spi.InvocationPolicy;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** One pool whose scale-ups a test answers, and calls that wait. */
abstract class FunctionPoolFixture {

  static final FunctionName NAME = FunctionName.parse("f");
  static final FunctionSpec SPEC = FunctionSpec.of(NAME, "image");

  final EventLoops loops = EventLoops.start(1, "test-pool");
  final GatewayMetrics metrics = new GatewayMetrics();
  final List<Consumer<Optional<FaasException>>> scaleUps = new ArrayList<>();
  final FunctionPool pool =
      new FunctionPool(
          NAME,
          metrics.function(NAME),
          new FunctionLoad(NAME, 1, () -> _ -> {}),
          new PoolContext(
              /* maxHeldCalls= */ 2,
              (spec, ended) -> scaleUps.add(ended),
              Runnable::run,
              metrics.coldStarts()));

  @BeforeEach
  void deploy() {
    desired(1, 0);
  }

  @AfterEach
  void stop() {
    loops.close();
  }

  void desired(int replicas, int maxInflight) {
    pool.changed(
        SPEC,
        new InvocationPolicy(Duration.ZERO, maxInflight, /* durationHeader= */ false),
        replicas);
  }

  void ready(String id) {
    pool.ready(
        new ReplicaId(id),
        Upstream.to(loops, UnixDomainSocketAddress.of("/none/" + id), UpstreamConfig.DEFAULT));
  }

  Lease lease() {
    return (Lease) pool.admit(List.of());
  }

  /** With a limit, places in the line, or no start from zero. */
  void annotated(int replicas, Map<String, String> annotations) {
    pool.changed(Annotated.spec(annotations), InvocationPolicy.NONE, replicas);
  }

  Place hold(HeldCall call) {
    return pool.hold(call, /* again= */ false);
  }

  /** Remembers what it is told. */
  static final class Waiting implements HeldCall {
    final List<ReplicaSlot> tried;
    final List<Lease> leases = new ArrayList<>();
    final List<FaasException> reasons = new ArrayList<>();

    Waiting(ReplicaSlot... tried) {
      this.tried = List.of(tried);
    }

    @Override
    public List<ReplicaSlot> tried() {
      return tried;
    }

    @Override
    public void granted(Lease lease) {
      leases.add(lease);
    }

    @Override
    public void giveUp(FaasException reason) {
      reasons.add(reason);
    }

    /** Ends the call that was granted. */
    void end() {
      leases.removeFirst().close();
    }
  }
}
