package dev.barista.provider.process;

import dev.barista.api.FunctionName;
import dev.barista.api.FunctionSpec;
import dev.barista.api.FunctionStatus;
import dev.barista.api.Resources;
import dev.barista.provider.spi.Endpoint;
import dev.barista.provider.testkit.FakeFunctionStore;
import dev.barista.provider.testkit.FakeSecretStore;
import dev.barista.provider.testkit.RecordingListener;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A provider with real processes, and who it tells. */
final class ReplicaFixture implements AutoCloseable {

  final FakeFunctionStore store = new FakeFunctionStore();
  final RecordingListener listener = new RecordingListener();
  final ProcessProvider provider;

  ReplicaFixture(TestHost host, ProcessProviderConfig config) throws IOException {
    provider = ProcessProvider.open(config, store, new FakeSecretStore(), host.images);
    provider.start(listener);
  }

  /** Deploys a function and waits for its replica. */
  Endpoint deploy(String name, String image, UnaryOperator<Spec> change) {
    FunctionName function = FunctionName.parse(name);
    provider.deploy(change.apply(Spec.of(image)).named(function));
    listener.awaitReplicas(function, 1);
    return listener.ready(function).getFirst().endpoint();
  }

  FunctionStatus status(String name) {
    return provider.status(FunctionName.parse(name)).orElseThrow();
  }

  @Override
  public void close() {
    provider.close();
    listener.assertOrderly();
  }

  /** The parts of a spec that tests choose. */
  record Spec(
      String image,
      Optional<String> process,
      Map<String, String> environment,
      Resources limits,
      Resources requests,
      List<String> secrets) {

    static Spec of(String image) {
      return new Spec(image, Optional.empty(), Map.of(), Resources.NONE, Resources.NONE, List.of());
    }

    Spec withProcess(String command) {
      return new Spec(image, Optional.of(command), environment, limits, requests, secrets);
    }

    Spec withEnvironment(Map<String, String> variables) {
      return new Spec(image, process, variables, limits, requests, secrets);
    }

    Spec withMemory(String quantity) {
      return new Spec(
          image,
          process,
          environment,
          new Resources(Optional.of(quantity), limits.cpu()),
          requests,
          secrets);
    }

    Spec withCpu(String quantity) {
      return new Spec(
          image,
          process,
          environment,
          new Resources(limits.memory(), Optional.of(quantity)),
          requests,
          secrets);
    }

    Spec withCpuRequest(String quantity) {
      return new Spec(
          image,
          process,
          environment,
          limits,
          new Resources(requests.memory(), Optional.of(quantity)),
          secrets);
    }

    Spec withSecret(String name) {
      return new Spec(image, process, environment, limits, requests, List.of(name));
    }

    FunctionSpec named(FunctionName name) {
      return new FunctionSpec(
          name,
          image,
          process,
          environment,
          List.of(),
          secrets,
          Map.of(),
          Map.of(),
          limits,
          requests,
          /* readOnlyRootFilesystem= */ false);
    }
  }
}
