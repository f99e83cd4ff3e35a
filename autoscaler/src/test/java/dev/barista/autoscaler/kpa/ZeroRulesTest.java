package dev.barista.autoscaler.kpa;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barista.autoscaler.kpa.Activity.State;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Each row of Knative's table for a function that wants no replica. */
class ZeroRulesTest {

  private static final Instant START = Instant.ofEpochSecond(1_000_000);
  private static final ZeroPolicy DEFAULTS = ZeroPolicy.defaults();

  @Test
  void example35_zeroDisabled_keepsOne() {
    assertThat(decide(State.ACTIVE, 500, DEFAULTS.withEnabled(false)))
        .isEqualTo(new ZeroDecision.Set(1, false));
    assertThat(new KpaBounds(3, 0, 1).clamp(0, true, true)).isEqualTo(3);
  }

  @Test
  void activating_waitsForItsTimeoutAndIsToldThen() {
    assertThat(decide(State.ACTIVATING, 630, DEFAULTS))
        .isEqualTo(new ZeroDecision.Wait(false, Optional.of(Duration.ofSeconds(630))));
    assertThat(decide(State.ACTIVATING, 631, DEFAULTS)).isEqualTo(new ZeroDecision.Set(0, true));
  }

  @Test
  void active_staysForItsWindow() {
    assertThat(decide(State.ACTIVE, 59, DEFAULTS)).isEqualTo(new ZeroDecision.Set(1, false));
    assertThat(decide(State.ACTIVE, 60, DEFAULTS))
        .isEqualTo(new ZeroDecision.Wait(true, Optional.empty()));
  }

  @Test
  void inactive_notConfirmed_waitsForTheActivator() {
    Activity inactive = new Activity(State.INACTIVE, START, Optional.of(START));

    assertThat(ZeroRules.decide(inactive, false, DEFAULTS, START.plusSeconds(90)))
        .isEqualTo(new ZeroDecision.Wait(true, Optional.of(Duration.ofSeconds(1))));
  }

  @Test
  void inactive_withoutLongProxying_waitsForItsGrace() {
    assertThat(decide(State.INACTIVE, 10, DEFAULTS))
        .isEqualTo(new ZeroDecision.Wait(true, Optional.of(Duration.ofSeconds(30))));
    assertThat(decide(State.INACTIVE, 30, DEFAULTS)).isEqualTo(new ZeroDecision.Set(0, false));
  }

  /** Example 36: the activator was in the way all the time, so the last replica may go at once. */
  @Test
  void example36_longProxied_goesBeforeItsGrace() {
    Optional<Instant> proxied = Optional.of(START.minusSeconds(100));
    Activity active = new Activity(State.ACTIVE, START.minusSeconds(500), proxied);
    Activity inactive = active.becoming(State.INACTIVE, START);

    assertThat(ZeroRules.decide(active, true, DEFAULTS, START))
        .isEqualTo(new ZeroDecision.Wait(true, Optional.of(Duration.ofSeconds(3))));
    assertThat(ZeroRules.decide(inactive, true, DEFAULTS, START.plusSeconds(3)))
        .isEqualTo(new ZeroDecision.Set(0, false));
  }

  @Test
  void example38_retention_isAHardMinimum() {
    ZeroPolicy retained = DEFAULTS.withRetention(Duration.ofMinutes(5));

    assertThat(decide(State.INACTIVE, 299, retained))
        .isEqualTo(new ZeroDecision.Wait(true, Optional.of(Duration.ofSeconds(1))));
    assertThat(decide(State.INACTIVE, 300, retained)).isEqualTo(new ZeroDecision.Set(0, false));
  }

  @Test
  void becomingWhatItIs_keepsItsTime() {
    Activity active = new Activity(State.ACTIVE, START, Optional.empty());

    assertThat(active.becoming(State.ACTIVE, START.plusSeconds(5))).isSameAs(active);
    assertThat(active.proxied(true, START.plusSeconds(5)).proxySince())
        .contains(START.plusSeconds(5));
    assertThat(active.proxied(false, START.plusSeconds(5))).isSameAs(active);
  }

  private static ZeroDecision decide(State state, int seconds, ZeroPolicy policy) {
    Activity activity = new Activity(state, START, Optional.empty());
    return ZeroRules.decide(activity, true, policy, START.plusSeconds(seconds));
  }
}
