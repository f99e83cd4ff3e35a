package dev.barista.cli.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocalGatewayAddressTest {

  /** To what counts as the local gateway its password is sent. */
  @ParameterizedTest
  @CsvSource({
    "http://127.0.0.1:80, http://127.0.0.1:80, true",
    "http://127.0.0.1:80, http://localhost:80, true",
    "http://127.0.0.1:80, http://localhost:81, false",
    "http://127.0.0.1:80, https://localhost:80, false",
    "http://127.0.0.1:80, http://127.0.0.2:80, false",
    "http://127.0.0.1:80, http://[::1]:80, false",
    "http://127.0.0.2:80, http://localhost:80, false",
    "http://[::1]:80, http://localhost:80, false",
    "http://[::1]:80, http://[::1]:80, true",
    "http://127.0.0.1:80, http://127.evil.example:80, false",
    "http://0.0.0.0:80, http://127.0.0.2:80, true",
    "http://0.0.0.0:80, http://localhost:80, true",
    "http://0.0.0.0:80, http://[::1]:80, false",
    "http://[::]:80, http://[::1]:80, true",
    "http://[::]:80, http://127.0.0.1:80, true",
    "http://10.0.0.1:80, http://localhost:80, false",
    "http://10.0.0.1:80, http://10.0.0.1:80, true",
  })
  void address_isThisGateways_onlyWhereNobodyElseCanListen(String own, String given, boolean same) {
    var gateway = new LocalGateway(Path.of("/data"), GatewayUrl.of(own), Optional.empty());

    assertThat(gateway.isAt(GatewayUrl.of(given))).isEqualTo(same);
  }
}
