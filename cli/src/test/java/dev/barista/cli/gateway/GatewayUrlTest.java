package dev.barista.cli.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
