package dev.barista.provider.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barista.api.FunctionName;
import dev.barista.api.FunctionSpec;
import dev.barista.provider.process.sandbox.IsolationRequest;
import dev.barista.provider.spi.Endpoint;
import dev.barista.provider.spi.FunctionProvider;
import dev.barista.provider.spi.FunctionStore;
import dev.barista.provider.spi.ProviderEvent.ReplicaReady;
import dev.barista.provider.spi.SecretStore;
import dev.barista.provider.testkit.FunctionProviderContract;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The contract with real processes. */
abstract class ProcessProviderContract extends FunctionProviderContract {

  private static @TempDir Path folder;
  private static TestHost host;

  private final IsolationRequest isolation;

  ProcessProviderContract(IsolationRequest isolation) {
    this.isolation = isolation;
  }

  @BeforeAll
  static void makeHost() throws IOException {
    host = new TestHost(folder);
  }

  @Override
  protected FunctionProvider open(FunctionStore store, SecretStore secrets) throws IOException {
    return host.open(isolation, store, secrets);
  }

  @Override
  protected FunctionSpec working(FunctionName name) {
    return FunctionSpec.of(name, TestHost.WORKING);
  }

  @Override
  protected FunctionSpec changed(FunctionName name) {
    return FunctionSpec.of(name, TestHost.CHANGED);
  }

  @Override
  protected FunctionSpec failing(FunctionName name) {
    return FunctionSpec.of(name, TestHost.FAILING);
  }

  @Override
  protected FunctionSpec refused(FunctionName name) {
    return FunctionSpec.of(name, "missing:1");
  }

  @Override
  protected void crash(FunctionProvider provider, ReplicaReady replica) {
    assertThatThrownBy(() -> Calls.get(replica.endpoint(), "/crash"))
        .isInstanceOfAny(IOException.class, StringIndexOutOfBoundsException.class);
  }

  @Override
  protected void say(FunctionProvider provider, ReplicaReady replica, String line)
      throws IOException {
    Calls.get(replica.endpoint(), "/say?" + URLEncoder.encode(line, UTF_8).replace("+", "%20"));
  }

  @Override
  protected void work(FunctionProvider provider, ReplicaReady replica) throws IOException {
    Calls.get(replica.endpoint(), "/burn");
  }

  @Override
  protected String readSecret(FunctionProvider provider, ReplicaReady replica, String secret)
      throws IOException {
    return Calls.get(replica.endpoint(), "/secret?" + secret);
  }

  @Override
  protected boolean accepts(FunctionProvider provider, Endpoint endpoint) {
    return Readiness.accepts(endpoint.address());
  }
}
