package dev.barista.server.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barista.server.config.ServeConfigReader;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AdminGateTest {

  /** A browser's {@code Host} has the short form; without a password any other is refused. */
  @Test
  void boundIpv6Address_isKnownAsBrowsersWriteIt() {
    var config = ServeConfigReader.read(List.of("--host=2001:0db8:0:0::0001"), Map.of());

    assertThat(AdminGate.boundNames(config)).contains("2001:db8::1");
  }
}
