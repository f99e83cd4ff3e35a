package dev.barista.provider.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.barista.api.FunctionName;
import dev.barista.api.FunctionSpec;
import dev.barista.api.SecretName;
import dev.barista.provider.spi.Endpoint;
import dev.barista.provider.spi.FunctionProvider;
import dev.barista.provider.spi.FunctionStore;
import dev.barista.provider.spi.ProviderEvent.ReplicaReady;
import dev.barista.provider.spi.SecretStore;
import dev.barista.provider.testkit.FakeProvider.Start;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class FakeProviderTest extends FunctionProviderContract {

  @Override
  protected FunctionProvider open(FunctionStore store, SecretStore secrets) {
    return new FakeProvider(store, secrets)
        .onStart("failing", Start.FAILING)
        .onStart("refused", Start.REFUSED);
  }

  @Override
  protected FunctionSpec working(FunctionName name) {
    return FunctionSpec.of(name, "working");
  }

  @Override
  protected FunctionSpec changed(FunctionName name) {
    return FunctionSpec.of(name, "changed");
  }

  @Override
  protected FunctionSpec failing(FunctionName name) {
    return FunctionSpec.of(name, "failing");
  }

  @Override
  protected FunctionSpec refused(FunctionName name) {
    return FunctionSpec.of(name, "refused");
  }

  @Override
  protected void crash(FunctionProvider provider, ReplicaReady replica) {
    ((FakeProvider) provider).crash(replica.function(), replica.replica());
  }

  @Override
  protected void say(FunctionProvider provider, ReplicaReady replica, String line) {
    ((FakeProvider) provider).say(replica.function(), replica.replica(), line);
  }

  @Override
  protected void work(FunctionProvider provider, ReplicaReady replica) {
    ((FakeProvider) provider).use(replica.replica(), /* cpuNanos= */ 5, /* memoryBytes= */ 7);
  }

  @Override
  protected String readSecret(FunctionProvider provider, ReplicaReady replica, String secret) {
    SecretName name = new SecretName(secret, replica.function().namespace());
    return new String(((FakeProvider) provider).secret(name).orElseThrow(), UTF_8);
  }

  @Override
  protected boolean accepts(FunctionProvider provider, Endpoint endpoint) {
    return ((FakeProvider) provider).accepts(endpoint);
  }

  @Test
  void heldReplica_isReadyWhenTheTestSaysSo() {
    Endpoint endpoint = new Endpoint(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1));
    RecordingListener listener = new RecordingListener();
    try (FakeProvider fake = new FakeProvider().onStart("slow", Start.HELD)) {
      fake.withEndpoint(endpoint).start(listener);
      fake.deploy(FunctionSpec.of(ONE, "slow"));
      assertThat(listener.ready(ONE)).isEmpty();

      fake.makeReady(ONE);

      assertThat(listener.ready(ONE))
          .extracting(ReplicaReady::endpoint)
          .isEqualTo(List.of(endpoint));
    }
  }
}
