package dev.barista.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PlatformLoggerTest {

  @Test
  void everyLogger_isThePlatforms() {
    assertThat(System.getLogger("dev.barista.any")).isInstanceOf(PlatformLogger.class);
  }

  @Test
  void beforeConfiguration_onlyWarningsAreShown() {
    System.Logger logger = System.getLogger("dev.barista.any");

    assertThat(logger.isLoggable(System.Logger.Level.INFO)).isFalse();
    assertThat(logger.isLoggable(System.Logger.Level.WARNING)).isTrue();
    assertThat(logger.isLoggable(System.Logger.Level.OFF)).isFalse();
  }
}
