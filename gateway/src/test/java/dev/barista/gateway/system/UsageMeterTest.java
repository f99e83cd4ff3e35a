package dev.barista.gateway.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barista.api.FunctionName;
import dev.barista.api.FunctionSpec;
import dev.barista.api.ReplicaId;
import dev.barista.api.wire.FunctionDescription.Usage;
import dev.barista.provider.spi.ProviderEvent.ReplicaDraining;
import dev.barista.provider.testkit.FakeProvider;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class UsageMeterTest {

  private static final FunctionName NAME = FunctionName.parse("hello");
  private static final long MEMORY = 5_000_000;

  private final FakeProvider provider = new FakeProvider();
  private final AtomicLong now = new AtomicLong();
  private final AtomicInteger pauses = new AtomicInteger();

  // Mutable state
  private Runnable meanwhile = () -> {};

  private final UsageMeter meter = new UsageMeter(provider, now::get, this::pause);

  private void pause() {
    pauses.incrementAndGet();
    pass(UsageMeter.SHORTEST);
    meanwhile.run();
  }

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }

  private ReplicaId replica(int index) {
    return provider.status(NAME).orElseThrow().replicas().get(index).id();
  }

  @BeforeEach
  void start() {
    provider.start(
        event -> {
          if (event instanceof ReplicaDraining draining) {
            draining.whenIdle().run();
          }
        });
    provider.deploy(FunctionSpec.of(NAME, "hello:1"));
  }

  @AfterEach
  void stop() {
    provider.close();
  }

  @Test
  void firstWhoAsks_waitsForAnAverage() {
    provider.scale(NAME, 2);
    provider.use(replica(0), 7, MEMORY).use(replica(1), 9, MEMORY);
    meanwhile =
        () ->
            provider
                .use(replica(0), 7 + Duration.ofMillis(50).toNanos(), MEMORY)
                .use(replica(1), 9 + Duration.ofMillis(25).toNanos(), MEMORY);

    assertThat(meter.usage(NAME)).contains(new Usage(750, 2 * MEMORY));
    assertThat(pauses).hasValue(1);
  }

  @Test
  void nextWhoAsks_hasTheAverageSinceThen() {
    meter.usage(NAME);
    pass(Duration.ofSeconds(10));
    provider.use(replica(0), Duration.ofSeconds(5).toNanos(), MEMORY);

    assertThat(meter.usage(NAME)).contains(new Usage(500, MEMORY));
    assertThat(pauses).hasValue(1);
  }

  @Test
  void oldReading_isNotUsed() {
    meter.usage(NAME);
    pass(UsageMeter.LONGEST.plusNanos(1));
    provider.use(replica(0), Duration.ofSeconds(5).toNanos(), MEMORY);

    assertThat(meter.usage(NAME)).contains(new Usage(0, MEMORY));
    assertThat(pauses).hasValue(2);
  }

  @Test
  void replicaStartedAgain_countsFromItsStart() {
    provider.use(replica(0), Duration.ofSeconds(100).toNanos(), MEMORY);
    meter.usage(NAME);
    pass(Duration.ofSeconds(10));
    provider.use(replica(0), Duration.ofSeconds(1).toNanos(), MEMORY);

    assertThat(meter.usage(NAME)).contains(new Usage(100, MEMORY));
  }

  @Test
  void functionWithoutReplicas_hasNone() {
    provider.scale(NAME, 0);

    assertThat(meter.usage(NAME)).isEmpty();
    assertThat(meter.usage(FunctionName.parse("unknown"))).isEmpty();
    assertThat(pauses).hasValue(0);
  }
}
