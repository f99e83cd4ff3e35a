package dev.barista.server.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barista.api.FunctionName;
import dev.barista.api.ReplicaId;
import dev.barista.provider.spi.Endpoint;
import dev.barista.provider.spi.ProviderEvent.FunctionDeleted;
import dev.barista.provider.spi.ProviderEvent.ReplicaReady;
import dev.barista.provider.spi.ProviderEvent.StartFailed;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReadyWatchTest {

  private static final FunctionName A = FunctionName.parse("a");
  private static final FunctionName B = FunctionName.parse("b");
  private static final Duration FOREVER = Duration.ofDays(1);

  private final ReadyWatch watch = new ReadyWatch();

  @Test
  void readyFunctions_areNotWaitedFor() throws InterruptedException {
    watch.onEvent(ready(A));
    watch.onEvent(ready(B));

    assertThat(watch.await(Set.of(A, B), FOREVER)).isEmpty();
  }

  @Test
  void failedFunction_endsTheWaitWithItsReason() throws InterruptedException {
    watch.onEvent(ready(A));
    watch.onEvent(new StartFailed(B, "Insufficient cpu", List.of()));

    assertThat(watch.await(Set.of(A, B), FOREVER)).isEqualTo(Map.of(B, "Insufficient cpu"));
  }

  @Test
  void failedFunction_isToldWithTheLastThatItSaid() throws InterruptedException {
    watch.onEvent(new StartFailed(B, "exit status 1", List.of("Traceback:", "no module x\n")));

    assertThat(watch.await(Set.of(B), FOREVER)).isEqualTo(Map.of(B, "exit status 1: no module x"));
  }

  @Test
  void functionThatFailedBeforeItGotReady_isReady() throws InterruptedException {
    watch.onEvent(new StartFailed(A, "crashed", List.of()));
    watch.onEvent(ready(A));

    assertThat(watch.await(Set.of(A), FOREVER)).isEmpty();
  }

  @Test
  void silentFunction_isToldAfterTheTimeout() throws InterruptedException {
    assertThat(watch.await(Set.of(A), Duration.ofMillis(1)))
        .isEqualTo(Map.of(A, "not ready after 0 s"));
  }

  @Test
  void deletedFunction_isForgotten() throws InterruptedException {
    watch.onEvent(ready(A));
    watch.onEvent(new FunctionDeleted(A));

    assertThat(watch.await(Set.of(A), Duration.ofMillis(1))).containsKey(A);
  }

  @Test
  void waiter_isWokenByTheEvent() throws InterruptedException {
    Thread teller = Thread.ofVirtual().start(() -> watch.onEvent(ready(A)));

    assertThat(watch.await(Set.of(A), FOREVER)).isEmpty();
    teller.join();
  }

  private static ReplicaReady ready(FunctionName name) {
    return new ReplicaReady(
        name, new ReplicaId(name.name() + "-1"), new Endpoint(UnixDomainSocketAddress.of("/x")));
  }
}
