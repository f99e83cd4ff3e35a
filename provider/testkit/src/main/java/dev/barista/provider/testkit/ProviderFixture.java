package dev.barista.provider.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barista.api.ErrorCode;
import dev.barista.api.FaasException;
import dev.barista.api.FunctionName;
import dev.barista.api.FunctionSpec;
import dev.barista.api.FunctionStatus;
import dev.barista.provider.spi.Endpoint;
import dev.barista.provider.spi.FunctionProvider;
import dev.barista.provider.spi.FunctionStore;
import dev.barista.provider.spi.ProviderEvent.FunctionChanged;
import dev.barista.provider.spi.ProviderEvent.FunctionDeleted;
import dev.barista.provider.spi.ProviderEvent.ReplicaDraining;
import dev.barista.provider.spi.ProviderEvent.ReplicaGone;
import dev.barista.provider.spi.ProviderEvent.ReplicaReady;
import dev.barista.provider.spi.ProviderEvent.StartFailed;
import dev.barista.provider.spi.SecretStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * What the parts of {@link FunctionProviderContract} share: the provider under test, and who it is
 * told to.
 */
@SuppressWarnings("NotNullFieldNotInitialized") // JUnit calls openProvider before each test
abstract class ProviderFixture {

  /** A line that the replicas of {@link #failing} write before they end. */
  public static final String LAST_WORDS = "cannot start: the contract says so";

  protected static final FunctionName ONE = FunctionName.parse("one");
  static final FunctionName TWO = FunctionName.parse("two");

  // Mutable state
  FakeFunctionStore store;
  FakeSecretStore secrets;
  RecordingListener listener;
  FunctionProvider provider;

  /** A provider on these stores, not started. Called again after close, for a restart. */
  protected abstract FunctionProvider open(FunctionStore store, SecretStore secrets)
      throws Exception;

  /** A function whose replicas become ready. */
  protected abstract FunctionSpec working(FunctionName name) throws Exception;

  /** Another version of {@link #working}, which becomes ready too. */
  protected abstract FunctionSpec changed(FunctionName name) throws Exception;

  /** A function whose replicas write {@link #LAST_WORDS} and end before they are ready. */
  protected abstract FunctionSpec failing(FunctionName name) throws Exception;

  /** A function whose image this provider refuses. */
  protected abstract FunctionSpec refused(FunctionName name) throws Exception;

  /** Makes a ready replica of {@link #working} end by itself. */
  protected abstract void crash(FunctionProvider provider, ReplicaReady replica) throws Exception;

  /**
   * Makes a ready replica of {@link #working} write a line; it may come later than this returns.
   */
  protected abstract void say(FunctionProvider provider, ReplicaReady replica, String line)
      throws Exception;

  /** Makes a ready replica of {@link #working} compute for a while; returns when it has. */
  protected abstract void work(FunctionProvider provider, ReplicaReady replica) throws Exception;

  /** Whether this provider can measure what replicas use here. */
  protected boolean measuresUsage() {
    return true;
  }

  /** What a replica of {@link #working} finds as the value of a secret. */
  protected abstract String readSecret(
      FunctionProvider provider, ReplicaReady replica, String secret) throws Exception;

  /** Whether a connection to {@code endpoint} is accepted now. */
  protected abstract boolean accepts(FunctionProvider provider, Endpoint endpoint) throws Exception;

  @BeforeEach
  final void openProvider() throws Exception {
    store = new FakeFunctionStore();
    listener = new RecordingListener();
    secrets = new FakeSecretStore();
    provider = open(store, secrets);
    provider.start(listener);
  }

  @AfterEach
  final void closeProvider() {
    listener.releaseDrains();
    provider.close();
    listener.assertOrderly();
  }

  protected static FunctionSpec labelled(FunctionSpec spec, Map<String, String> labels) {
    Map<String, String> all = new HashMap<>(spec.labels());
    all.putAll(labels);
    return new FunctionSpec(
        spec.name(),
        spec.image(),
        spec.envProcess(),
        spec.environment(),
        spec.constraints(),
        spec.secrets(),
        all,
        spec.annotations(),
        spec.limits(),
        spec.requests(),
        spec.readOnlyRootFilesystem());
  }

  final void assertNothingDeployed() {
    assertThat(provider.status(ONE)).isEmpty();
    assertThat(provider.list(FunctionName.DEFAULT_NAMESPACE)).isEmpty();
    assertThat(store.load()).isEmpty();
  }

  static void assertRefused(ThrowingCallable call, ErrorCode code) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            FaasException.class,
            refusal -> {
              assertThat(refusal.code()).isEqualTo(code);
              assertThat(refusal.getMessage()).isNotBlank();
            });
  }

  static List<FunctionName> names(List<FunctionStatus> functions) {
    return functions.stream().map(status -> status.spec().name()).toList();
  }

  final List<String> gone(FunctionName name) {
    return listener.events(name, ReplicaGone.class).stream()
        .map(event -> event.replica().value())
        .toList();
  }

  final int readyAt(ReplicaReady replica) {
    return listener.events().indexOf(replica);
  }

  final int drainingAt(ReplicaReady replica) {
    return listener.events().stream()
        .map(event -> event instanceof ReplicaDraining draining ? draining.replica() : "")
        .toList()
        .indexOf(replica.replica());
  }

  final int fewestReady(int from, int readyAtFrom) {
    int ready = readyAtFrom;
    int fewest = ready;
    var events = listener.events();
    for (var event : events.subList(from, events.size())) {
      ready +=
          switch (event) {
            case ReplicaReady _ -> 1;
            case ReplicaDraining _ -> -1;
            case ReplicaGone _, FunctionChanged _, FunctionDeleted _, StartFailed _ -> 0;
          };
      fewest = Math.min(fewest, ready);
    }
    return fewest;
  }
}
