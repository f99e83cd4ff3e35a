package dev.barista.server.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barista.http.HttpServerConfig;
import java.net.InetSocketAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListenersTest {

  /** {@code LocalGateway} compares these, and a wildcard address is no destination. */
  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, http://127.0.0.1:80, http://127.0.0.1:80",
    "0.0.0.0, http://0.0.0.0:80, http://127.0.0.1:80",
    "::1, http://[::1]:80, http://[::1]:80",
    "::, http://[::]:80, http://127.0.0.1:80",
    "2001:db8::1, http://[2001:db8::1]:80, http://[2001:db8::1]:80",
  })
  void address_isToldForUsersAndForPrograms(String host, String url, String local) {
    var address = new Listeners.Address(HttpServerConfig.at(new InetSocketAddress(host, 80)));

    assertThat(address.url()).isEqualTo(url);
    assertThat(address.local()).isEqualTo(local);
    assertThat(address.url(81)).isEqualTo(url.replace(":80", ":81"));
  }
}
