package dev.barista.acceptance;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** How long a test waits for what shall come. */
final class Patience {

  /** Far above what the slowest machine needs; only a program that hangs ever waits so long. */
  static final int MILLIS = 120_000;

  private Patience() {}

  static ConditionFactory patiently() {
    return Awaitility.await().atMost(Duration.ofMillis(MILLIS));
  }
}
