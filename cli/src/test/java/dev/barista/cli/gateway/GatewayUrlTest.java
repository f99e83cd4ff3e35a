package dev.barista.cli.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GatewayUrlTest {

  private static final String DEFAULT = "http://127.0.0.1:8080";

  @ParameterizedTest
  @CsvSource({
    "http://A.Example:31112/, http://a.example:31112",
    "faas.example, http://faas.example",
    "https://x/prefix//, https://x/prefix",
    "127.0.0.1:8080, http://127.0.0.1:8080",
  })
  void address_hasOneForm(String given, String form) {
    assertThat(GatewayUrl.of(given).text()).isEqualTo(form);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ftp://x", "::", "", "http://a:0", "http://a:99999", "http://a?b", "http://a#b"})
  void whatIsNoAddress_isRefused(String given) {
    assertThatThrownBy(() -> GatewayUrl.of(given))
        .hasMessageContaining("gateway: \"" + given + "\" (expected: such as");
  }

  /** What counts as this machine gets the password of the server that runs here. */
  @ParameterizedTest
  @CsvSource({
    "localhost, true",
    "127.0.0.1:8080, true",
    "127.1.2.3, true",
    "http://[::1]:80, true",
    "http://[0:0:0:0:0:0:0:1], true",
    "127.evil.example:8080, false",
    "127.0.0.1.evil.example, false",
    "localhost.evil.example, false",
    "10.0.0.1, false",
  })
  void loopback_isNoNameThatOnlyBeginsLikeIt(String given, boolean loopback) {
    assertThat(GatewayUrl.of(given).loopback()).isEqualTo(loopback);
  }

  @ParameterizedTest
  @CsvSource({
    "http://o, http://s, http://e, http://l, http://o",
    DEFAULT + ", http://s, http://e, http://l, http://s",
    DEFAULT + ", " + DEFAULT + ", http://e, http://l, http://e",
    DEFAULT + ", " + DEFAULT + ", , http://l, " + DEFAULT,
    ", " + DEFAULT + ", , http://l, http://l",
    ", , , , " + DEFAULT,
  })
  void choice_followsFaasCli(
      String option, String stackFile, String environment, String local, String chosen) {
    assertThat(
            GatewayUrl.choose(
                Optional.ofNullable(option),
                Optional.ofNullable(stackFile),
                Optional.ofNullable(environment),
                Optional.ofNullable(local).map(GatewayUrl::of)))
        .isEqualTo(new GatewayUrl(chosen));
  }
}
