package dev.barista.provider.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.barista.api.ErrorCode;
import dev.barista.api.FaasException;
import dev.barista.api.FunctionName;
import dev.barista.api.FunctionSpec;
import dev.barista.api.FunctionStatus;
import dev.barista.api.ReplicaStatus;
import dev.barista.api.ReplicaStatus.State;
import dev.barista.api.ScaleBounds;
import dev.barista.provider.spi.Endpoint;
import dev.barista.provider.spi.FunctionStore;
import dev.barista.provider.spi.ProviderEvent.FunctionChanged;
import dev.barista.provider.spi.ProviderEvent.FunctionDeleted;
import dev.barista.provider.spi.ProviderEvent.ReplicaGone;
import dev.barista.provider.spi.ProviderEvent.ReplicaReady;
import dev.barista.provider.spi.ProviderEvent.StartFailed;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The part of the contract on how functions come and go. */
abstract class LifeContract extends SecretContract {

  // Deploy

  @Test
  final void deployed_becomesReadyAndAccepts() throws Exception {
    provider.deploy(working(ONE));

    listener.awaitReplicas(ONE, 1);
    assertThat(accepts(provider, listener.ready(ONE).getFirst().endpoint())).isTrue();
    FunctionChanged first = listener.events(ONE, FunctionChanged.class).getFirst();
    assertThat(first.spec()).isEqualTo(working(ONE));
    assertThat(first.desiredReplicas()).isEqualTo(1);
  }

  @Test
  final void deployed_isInItsStatus() throws Exception {
    provider.deploy(working(ONE));
    listener.awaitReplicas(ONE, 1);

    FunctionStatus status = provider.status(ONE).orElseThrow();

    assertThat(status.spec()).isEqualTo(working(ONE));
    assertThat(status.desiredReplicas()).isEqualTo(1);
    assertThat(status.readyReplicas()).isEqualTo(1);
    assertThat(status.replicas()).extracting(ReplicaStatus::state).containsExactly(State.READY);
  }

  @Test
  final void deployed_isStoredWhenTheCallReturns() throws Exception {
    provider.deploy(working(ONE));

    assertThat(store.load()).extracting(FunctionStore.StoredFunction::spec).contains(working(ONE));
  }

  @Test
  final void scaleMin_isTheFirstCount() throws Exception {
    provider.deploy(labelled(working(ONE), Map.of(ScaleBounds.MIN_LABEL, "2")));

    listener.awaitReplicas(ONE, 2);
    assertThat(listener.desired(ONE)).isEqualTo(2);
  }

  @Test
  final void scaleMinThatIsNoNumber_isRefused() throws Exception {
    FunctionSpec spec = labelled(working(ONE), Map.of(ScaleBounds.MIN_LABEL, "many"));

    assertRefused(() -> provider.deploy(spec), ErrorCode.BAD_REQUEST);
    assertNothingDeployed();
  }

  @Test
  final void deployOfAnExistingOne_isRefused() throws Exception {
    provider.deploy(working(ONE));

    assertRefused(() -> provider.deploy(changed(ONE)), ErrorCode.FUNCTION_EXISTS);
    assertThat(provider.status(ONE).orElseThrow().spec()).isEqualTo(working(ONE));
  }

  @Test
  final void refusedImage_deploysNothing() throws Exception {
    assertRefused(() -> provider.deploy(refused(ONE)), ErrorCode.IMAGE_INVALID);

    assertNothingDeployed();
  }

  @Test
  final void storeThatRefuses_deploysNothing() throws Exception {
    store.refuseChanges(true);

    assertThatThrownBy(() -> provider.deploy(working(ONE))).isInstanceOf(FaasException.class);

    store.refuseChanges(false);
    assertNothingDeployed();
  }

  @Test
  final void scaleThatCannotBeSaved_isTakenBack() throws Exception {
    provider.deploy(working(ONE));
    listener.awaitReplicas(ONE, 1);
    store.refuseChanges(true);

    assertThatThrownBy(() -> provider.scale(ONE, 2)).isInstanceOf(FaasException.class);

    store.refuseChanges(false);
    assertThat(provider.status(ONE).orElseThrow().desiredReplicas()).isEqualTo(1);
    assertThat(listener.desired(ONE)).isEqualTo(1);
    // One that ends before it is ready is not told of.
    await("the end of the second")
        .atMost(RecordingListener.PATIENCE)
        .until(() -> provider.status(ONE).orElseThrow().replicas().size() == 1);
  }

  @Test
  final void replicaThatCannotStart_isToldWithItsLastWords() throws Exception {
    provider.deploy(failing(ONE));

    listener.await(
        () -> !listener.events(ONE, StartFailed.class).isEmpty(), "StartFailed of " + ONE);
    StartFailed failed = listener.events(ONE, StartFailed.class).getFirst();
    assertThat(failed.reason()).isNotBlank();
    assertThat(failed.lastLogLines()).contains(LAST_WORDS);
    FunctionStatus status = provider.status(ONE).orElseThrow();
    assertThat(status.readyReplicas()).isZero();
    assertThat(status.desiredReplicas()).isEqualTo(1);
  }

  @Test
  final void replicaThatCannotStart_canBeMended() throws Exception {
    provider.deploy(failing(ONE));
    listener.await(
        () -> !listener.events(ONE, StartFailed.class).isEmpty(), "StartFailed of " + ONE);

    provider.update(working(ONE));

    listener.awaitReplicas(ONE, 1);
  }

  // Delete

  @Test
  final void deleted_isGone() throws Exception {
    provider.deploy(working(ONE));
    listener.awaitReplicas(ONE, 1);
    Endpoint endpoint = listener.ready(ONE).getFirst().endpoint();

    provider.delete(ONE);

    listener.await(() -> !listener.knows(ONE) && listener.present(ONE) == 0, "the end of " + ONE);
    assertThat(listener.events(ONE, FunctionDeleted.class)).hasSize(1);
    assertThat(accepts(provider, endpoint)).isFalse();
    assertNothingDeployed();
  }

  @Test
  final void deleted_endsItsLastCallsFirst() throws Exception {
    provider.deploy(working(ONE));
    listener.awaitReplicas(ONE, 1);
    Endpoint endpoint = listener.ready(ONE).getFirst().endpoint();
    listener.holdDrains();

    provider.delete(ONE);

    listener.await(() -> !listener.knows(ONE), "FunctionDeleted");
    assertThat(accepts(provider, endpoint)).isTrue();

    listener.releaseDrains();

    listener.await(() -> listener.present(ONE) == 0, "the end of the last replica");
  }

  @Test
  final void deletedWhileStarting_leavesNothing() throws Exception {
    provider.deploy(failing(ONE));

    provider.delete(ONE);

    listener.await(() -> !listener.knows(ONE), "FunctionDeleted");
    assertNothingDeployed();
  }

  @Test
  final void deleted_canBeDeployedAgain() throws Exception {
    provider.deploy(working(ONE));
    listener.awaitReplicas(ONE, 1);
    provider.delete(ONE);

    provider.deploy(changed(ONE));

    listener.awaitReplicas(ONE, 1);
    assertThat(provider.status(ONE).orElseThrow().spec()).isEqualTo(changed(ONE));
  }

  // Unknown names, lists

  @Test
  final void unknownNames_areRefused() throws Exception {
    assertRefused(() -> provider.update(working(ONE)), ErrorCode.FUNCTION_NOT_FOUND);
    assertRefused(() -> provider.delete(ONE), ErrorCode.FUNCTION_NOT_FOUND);
    assertRefused(() -> provider.scale(ONE, 1), ErrorCode.FUNCTION_NOT_FOUND);
    assertThat(provider.status(ONE)).isEmpty();
    assertThat(listener.events()).isEmpty();
  }

  @Test
  final void list_hasTheFunctionsOfOneNamespaceByName() throws Exception {
    FunctionName elsewhere = FunctionName.parse("one.elsewhere");
    provider.deploy(working(TWO));
    provider.deploy(working(elsewhere));
    provider.deploy(working(ONE));

    assertThat(names(provider.list(FunctionName.DEFAULT_NAMESPACE))).containsExactly(ONE, TWO);
    assertThat(names(provider.list("elsewhere"))).containsExactly(elsewhere);
    assertThat(provider.list("nowhere")).isEmpty();
  }

  // Crash, restart, close

  @Test
  final void crashedReplica_isToldAndComesBack() throws Exception {
    provider.deploy(working(ONE));
    listener.awaitReplicas(ONE, 1);
    ReplicaReady first = listener.ready(ONE).getFirst();

    crash(provider, first);

    listener.await(() -> gone(ONE).size() == 1, "ReplicaGone");
    listener.awaitReplicas(ONE, 1);
    assertThat(listener.events(ONE, ReplicaGone.class).getFirst().reason()).isNotBlank();
    assertThat(provider.status(ONE).orElseThrow().replicas())
        .anyMatch(replica -> replica.restarts() > 0);
  }

  @Test
  final void restart_bringsEverythingBack() throws Exception {
    provider.deploy(working(ONE));
    provider.scale(ONE, 2);
    provider.deploy(working(TWO));
    provider.scale(TWO, 0);
    listener.awaitReplicas(ONE, 2);
    provider.close();

    listener = new RecordingListener();
    provider = open(store, secrets);
    provider.start(listener);

    listener.awaitReplicas(ONE, 2);
    assertThat(listener.desired(TWO)).isZero();
    assertThat(listener.ready(TWO)).isEmpty();
    assertThat(provider.status(ONE).orElseThrow().spec()).isEqualTo(working(ONE));
  }

  @Test
  final void close_endsEveryReplica() throws Exception {
    provider.deploy(working(ONE));
    provider.scale(ONE, 2);
    listener.awaitReplicas(ONE, 2);
    List<ReplicaReady> replicas = listener.ready(ONE);

    provider.close();
    provider.close();

    for (ReplicaReady replica : replicas) {
      assertThat(accepts(provider, replica.endpoint())).isFalse();
    }
    assertThat(store.load()).hasSize(1);
  }
}
