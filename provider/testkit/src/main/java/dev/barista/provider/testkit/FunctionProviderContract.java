package dev.barista.provider.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barista.api.ErrorCode;
import dev.barista.api.FaasException;
import dev.barista.api.FunctionName;
import dev.barista.api.FunctionStatus;
import dev.barista.api.ScaleBounds;
import dev.barista.provider.spi.Endpoint;
import dev.barista.provider.spi.FunctionProvider;
import dev.barista.provider.spi.ProviderEvent.ReplicaDraining;
import dev.barista.provider.spi.ProviderEvent.ReplicaReady;
import dev.barista.provider.spi.ProviderEvent.StartFailed;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * The behaviour of every {@link FunctionProvider}. A provider's test extends this class and says
 * how to open one and what runs, changes, fails and is refused there.
 *
 * <p>Nothing here depends on how long a replica takes to start: tests wait for events.
 */
public abstract class FunctionProviderContract extends UsageContract {

  // Update

  @Test
  final void update_hasTheNewReadyBeforeTheOldDrains() throws Exception {
    provider.deploy(working(ONE));
    listener.awaitReplicas(ONE, 1);
    ReplicaReady old = listener.ready(ONE).getFirst();

    provider.update(changed(ONE));

    listener.await(() -> gone(ONE).contains(old.replica().value()), "the old replica's end");
    listener.awaitReplicas(ONE, 1);
    ReplicaReady fresh = listener.ready(ONE).getFirst();
    assertThat(fresh.replica()).isNotEqualTo(old.replica());
    assertThat(readyAt(fresh)).isLessThan(drainingAt(old));
    assertThat(provider.status(ONE).orElseThrow().spec()).isEqualTo(changed(ONE));
  }

  @Test
  final void updateOfSeveral_neverHasFewerReadyThanBefore() throws Exception {
    provider.deploy(working(ONE));
    provider.scale(ONE, 3);
    listener.awaitReplicas(ONE, 3);
    int told = listener.events().size();

    provider.update(changed(ONE));

    listener.await(() -> gone(ONE).size() == 3, "the end of three old replicas");
    listener.awaitReplicas(ONE, 3);
    assertThat(fewestReady(told, 3)).isEqualTo(3);
  }

  @Test
  final void failedUpdate_leavesTheOldServing() throws Exception {
    provider.deploy(working(ONE));
    listener.awaitReplicas(ONE, 1);
    ReplicaReady old = listener.ready(ONE).getFirst();

    provider.update(failing(ONE));

    listener.await(
        () -> !listener.events(ONE, StartFailed.class).isEmpty(), "StartFailed of " + ONE);
    assertThat(listener.ready(ONE)).containsExactly(old);
    assertThat(accepts(provider, old.endpoint())).isTrue();
    assertThat(provider.status(ONE).orElseThrow().readyReplicas()).isEqualTo(1);
  }

  @Test
  final void failedUpdate_canBeMended() throws Exception {
    provider.deploy(working(ONE));
    listener.awaitReplicas(ONE, 1);
    ReplicaReady old = listener.ready(ONE).getFirst();
    provider.update(failing(ONE));
    listener.await(
        () -> !listener.events(ONE, StartFailed.class).isEmpty(), "StartFailed of " + ONE);

    provider.update(changed(ONE));

    listener.await(() -> gone(ONE).contains(old.replica().value()), "the old replica's end");
    listener.awaitReplicas(ONE, 1);
  }

  @Test
  final void updateWithARefusedImage_changesNothing() throws Exception {
    provider.deploy(working(ONE));
    listener.awaitReplicas(ONE, 1);
    List<ReplicaReady> before = listener.ready(ONE);

    assertRefused(() -> provider.update(refused(ONE)), ErrorCode.IMAGE_INVALID);

    assertThat(listener.ready(ONE)).isEqualTo(before);
    assertThat(provider.status(ONE).orElseThrow().spec()).isEqualTo(working(ONE));
  }

  @Test
  final void update_keepsTheCount() throws Exception {
    provider.deploy(working(ONE));
    provider.scale(ONE, 2);
    listener.awaitReplicas(ONE, 2);

    provider.update(changed(ONE));

    assertThat(provider.status(ONE).orElseThrow().desiredReplicas()).isEqualTo(2);
    listener.await(() -> gone(ONE).size() == 2, "the end of two old replicas");
    listener.awaitReplicas(ONE, 2);
  }

  @Test
  final void updateWithScaleMin_setsTheCountToIt() throws Exception {
    provider.deploy(working(ONE));
    listener.awaitReplicas(ONE, 1);

    provider.update(labelled(changed(ONE), Map.of(ScaleBounds.MIN_LABEL, "2")));

    listener.await(() -> gone(ONE).size() == 1, "the end of the old replica");
    listener.awaitReplicas(ONE, 2);
  }

  @Test
  final void updateWithTheSameSpec_replacesTheReplicas() throws Exception {
    provider.deploy(working(ONE));
    listener.awaitReplicas(ONE, 1);
    ReplicaReady old = listener.ready(ONE).getFirst();

    provider.update(working(ONE));

    listener.await(() -> gone(ONE).contains(old.replica().value()), "the old replica's end");
    listener.awaitReplicas(ONE, 1);
  }

  @Test
  final void updateAtZero_startsNothing() throws Exception {
    provider.deploy(working(ONE));
    provider.scale(ONE, 0);
    listener.awaitReplicas(ONE, 0);

    provider.update(changed(ONE));

    assertThat(provider.status(ONE).orElseThrow().spec()).isEqualTo(changed(ONE));
    assertThat(provider.status(ONE).orElseThrow().desiredReplicas()).isZero();
    assertThat(listener.ready(ONE)).isEmpty();
  }

  // Scale

  @Test
  final void scaleUp_addsReplicas() throws Exception {
    provider.deploy(working(ONE));
    listener.awaitReplicas(ONE, 1);
    ReplicaReady first = listener.ready(ONE).getFirst();

    provider.scale(ONE, 3);

    listener.awaitReplicas(ONE, 3);
    assertThat(listener.ready(ONE)).contains(first);
    assertThat(listener.desired(ONE)).isEqualTo(3);
  }

  @Test
  final void scaleDown_drainsTheNewest() throws Exception {
    provider.deploy(working(ONE));
    listener.awaitReplicas(ONE, 1);
    ReplicaReady first = listener.ready(ONE).getFirst();
    provider.scale(ONE, 3);
    listener.awaitReplicas(ONE, 3);

    provider.scale(ONE, 1);

    listener.awaitReplicas(ONE, 1);
    assertThat(listener.ready(ONE)).containsExactly(first);
    assertThat(listener.events(ONE, ReplicaDraining.class)).hasSize(2);
  }

  @Test
  final void scaleDown_drainsTheLeastBusy() throws Exception {
    provider.deploy(working(ONE));
    provider.scale(ONE, 3);
    listener.awaitReplicas(ONE, 3);
    ReplicaReady busy = listener.ready(ONE).getLast();
    listener.busy(busy.replica(), 2);
    listener.busy(listener.ready(ONE).getFirst().replica(), 1);

    provider.scale(ONE, 1);

    listener.awaitReplicas(ONE, 1);
    assertThat(listener.ready(ONE)).containsExactly(busy);
  }

  @Test
  final void wake_raisesFromZeroOnly() throws Exception {
    provider.deploy(working(ONE));
    listener.awaitReplicas(ONE, 1);
    provider.scale(ONE, 0);
    listener.awaitReplicas(ONE, 0);

    provider.wake(ONE, 2);
    listener.awaitReplicas(ONE, 2);
    provider.scale(ONE, 3);
    provider.wake(ONE, 1); // too late: somebody asked for three

    listener.awaitReplicas(ONE, 3);
    assertThat(provider.status(ONE).orElseThrow().desiredReplicas()).isEqualTo(3);
    assertRefused(
        () -> provider.wake(FunctionName.parse("nobody"), 1), ErrorCode.FUNCTION_NOT_FOUND);
  }

  @Test
  final void scaleToZeroAndBack_works() throws Exception {
    provider.deploy(working(ONE));
    listener.awaitReplicas(ONE, 1);

    provider.scale(ONE, 0);

    listener.awaitReplicas(ONE, 0);
    assertThat(provider.status(ONE).orElseThrow().desiredReplicas()).isZero();
    assertThat(listener.desired(ONE)).isZero();

    provider.scale(ONE, 1);

    listener.awaitReplicas(ONE, 1);
    assertThat(accepts(provider, listener.ready(ONE).getFirst().endpoint())).isTrue();
  }

  @Test
  final void negativeCount_isRefused() throws Exception {
    provider.deploy(working(ONE));

    assertRefused(() -> provider.scale(ONE, -1), ErrorCode.BAD_REQUEST);
    assertThat(provider.status(ONE).orElseThrow().desiredReplicas()).isEqualTo(1);
  }

  @Test
  final void drainingReplica_livesUntilItsLastCallEnded() throws Exception {
    provider.deploy(working(ONE));
    listener.awaitReplicas(ONE, 1);
    Endpoint endpoint = listener.ready(ONE).getFirst().endpoint();
    listener.holdDrains();

    provider.scale(ONE, 0);

    listener.await(() -> !listener.events(ONE, ReplicaDraining.class).isEmpty(), "the drain");
    assertThat(accepts(provider, endpoint)).isTrue();
    assertThat(gone(ONE)).isEmpty();

    listener.releaseDrains();

    listener.awaitReplicas(ONE, 0);
    assertThat(accepts(provider, endpoint)).isFalse();
  }

  // Many at once

  @Test
  final void concurrentMutations_endInWhatIsStored() throws Exception {
    List<FunctionName> names =
        IntStream.range(0, 3).mapToObj(i -> FunctionName.parse("fn" + i)).toList();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Void>> mutators =
          IntStream.range(0, 6).<Callable<Void>>mapToObj(i -> mutator(names, i)).toList();
      for (Future<Void> done : threads.invokeAll(mutators)) {
        done.get();
      }
    }

    for (FunctionName name : names) {
      int desired = provider.status(name).map(FunctionStatus::desiredReplicas).orElse(0);
      listener.awaitReplicas(name, desired);
      assertThat(listener.knows(name)).isEqualTo(provider.status(name).isPresent());
      Awaitility.await()
          .atMost(RecordingListener.PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(provider.status(name).map(s -> s.replicas().size()).orElse(0))
                      .isEqualTo(desired));
    }
    assertThat(store.load()).hasSize(provider.list(FunctionName.DEFAULT_NAMESPACE).size());
  }

  private Callable<Void> mutator(List<FunctionName> names, int seed) {
    return () -> {
      Random random = new Random(seed);
      for (int i = 0; i < 8; i++) {
        FunctionName name = names.get(random.nextInt(names.size()));
        try {
          mutate(name, random.nextInt(8));
        } catch (FaasException e) {
          assertThat(e.code()).isIn(ErrorCode.FUNCTION_EXISTS, ErrorCode.FUNCTION_NOT_FOUND);
        }
      }
      return null;
    };
  }

  private void mutate(FunctionName name, int choice) throws Exception {
    switch (choice) {
      case 0, 1, 2 -> provider.deploy(working(name));
      case 3 -> provider.update(changed(name));
      case 4 -> provider.delete(name);
      default -> provider.scale(name, choice - 5);
    }
  }
}
