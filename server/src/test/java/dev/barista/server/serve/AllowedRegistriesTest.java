package dev.barista.server.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which registries are asked, and where they can't lead to. */
class AllowedRegistriesTest {

  private final AllowedRegistries allowed =
      new AllowedRegistries(
          List.of("ghcr.io", "docker.io", "127.0.0.1:5000", "http://reg.lan:5000", "10.1.2.3"));

  @ParameterizedTest
  @CsvSource({
    "ghcr.io, https://ghcr.io",
    "GHCR.io, https://ghcr.io",
    "docker.io, https://registry-1.docker.io",
    "127.0.0.1:5000, http://127.0.0.1:5000",
    "reg.lan:5000, http://reg.lan:5000",
    "10.1.2.3, https://10.1.2.3"
  })
  void allowedRegistry_isFound(String name, URI address) {
    assertThat(allowed.find(name)).contains(address);
  }

  @ParameterizedTest
  @ValueSource(strings = {"quay.io", "ghcr.io.evil.example", "ghcr.io:444", "127.0.0.1", "reg.lan"})
  void otherRegistry_isNot(String name) {
    assertThat(allowed.find(name)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "0.0.0.0",
        "10.0.0.1",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "192.0.0.8",
        "169.254.169.254",
        "100.64.0.1",
        "198.18.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fc00::1",
        "fd12:3456::1",
        "ff02::1",
        "::ffff:10.0.0.1",
        "64:ff9b::a00:1",
        "2002:a00:1::1"
      })
  void privateAddress_isRefused_evenUnderAPublicName(String address) throws Exception {
    InetAddress behind = InetAddress.getByName(address);

    assertThat(AllowedRegistries.isPublic(behind)).isFalse();
    assertThatThrownBy(() -> allowed.check("cdn.example.com", 443, behind))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("private network");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.1.1.1", "172.32.0.1", "192.167.0.1", "100.128.0.1", "2606:4700::1111"})
  void publicAddress_isFine(String address) throws Exception {
    InetAddress behind = InetAddress.getByName(address);

    assertThatCode(() -> allowed.check("cdn.example.com", 443, behind)).doesNotThrowAnyException();
  }

  @Test
  void allowedRegistryItself_mayBePrivate_atItsOwnPortOnly() throws Exception {
    InetAddress loopback = InetAddress.getLoopbackAddress();

    assertThatCode(() -> allowed.check("127.0.0.1", 5000, loopback)).doesNotThrowAnyException();
    assertThatCode(() -> allowed.check("10.1.2.3", 443, InetAddress.getByName("10.1.2.3")))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> allowed.check("127.0.0.1", 8080, loopback))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> allowed.check("localhost", 5000, loopback))
        .isInstanceOf(IOException.class);
  }
}
