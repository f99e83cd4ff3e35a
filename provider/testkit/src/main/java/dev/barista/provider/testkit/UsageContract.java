package dev.barista.provider.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.barista.provider.spi.ProviderEvent.ReplicaReady;
import dev.barista.provider.spi.ReplicaUsage;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The part of the contract on what replicas use. */
abstract class UsageContract extends LifeContract {

  @Test
  final void usage_isTheReplicasOwnAndGrowsWithWork() throws Exception {
    assumeTrue(measuresUsage(), "this provider can't measure here");
    provider.deploy(working(ONE));
    provider.scale(ONE, 2);
    listener.awaitReplicas(ONE, 2);
    ReplicaReady busy = listener.ready(ONE).getFirst();
    ReplicaReady idle = listener.ready(ONE).getLast();
    long busyBefore = used(busy).cpuNanos().orElseThrow();
    long idleBefore = used(idle).cpuNanos().orElseThrow();

    // A kernel that counts in hundredths of a second may see nothing of one short call, and the
    // idle one may still have been busy with its start.
    Awaitility.await()
        .atMost(RecordingListener.PATIENCE)
        .until(
            () -> {
              work(provider, busy);
              long grown = used(busy).cpuNanos().orElseThrow() - busyBefore;
              return grown > used(idle).cpuNanos().orElseThrow() - idleBefore;
            });

    assertThat(used(idle).cpuNanos().orElseThrow()).isGreaterThanOrEqualTo(idleBefore);
    assertThat(used(busy).memoryBytes().orElseThrow()).isPositive();
    assertThat(provider.usage(ONE))
        .extracting(ReplicaUsage::replica)
        .containsExactlyInAnyOrder(busy.replica(), idle.replica());
  }

  @Test
  final void usageOfWhatDoesNotRun_isEmpty() throws Exception {
    assertThat(provider.usage(ONE)).isEmpty();

    provider.deploy(working(ONE));
    provider.scale(ONE, 0);
    listener.awaitReplicas(ONE, 0);

    Awaitility.await()
        .atMost(RecordingListener.PATIENCE)
        .untilAsserted(() -> assertThat(provider.usage(ONE)).isEmpty());
  }

  private ReplicaUsage used(ReplicaReady replica) {
    return provider.usage(replica.function()).stream()
        .filter(usage -> usage.replica().equals(replica.replica()))
        .findFirst()
        .orElseThrow();
  }
}
