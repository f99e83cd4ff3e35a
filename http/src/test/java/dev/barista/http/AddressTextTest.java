package dev.barista.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressTextTest {

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, 127.0.0.1, 127.0.0.1:80",
    "0.0.0.0, 0.0.0.0, 0.0.0.0:80",
    "::, ::, [::]:80",
    "::1, ::1, [::1]:80",
    "2001:0db8:0:0:0:0:0:00a1, 2001:db8::a1, [2001:db8::a1]:80",
  })
  void address_isShort(String given, String ip, String withPort) {
    InetSocketAddress address = new InetSocketAddress(given, 80);

    assertThat(AddressText.ip(address.getAddress())).isEqualTo(ip);
    assertThat(AddressText.ipAndPort(address)).isEqualTo(withPort);
    assertThat(AddressText.hostAndPort(address)).isEqualTo(withPort);
  }

  @Test
  void name_isKeptWhereAsked() throws UnknownHostException {
    InetAddress named = InetAddress.getByAddress("host.example", new byte[] {10, 0, 0, 1});
    InetSocketAddress address = new InetSocketAddress(named, 80);

    assertThat(AddressText.hostAndPort(address)).isEqualTo("host.example:80");
    assertThat(AddressText.ipAndPort(address)).isEqualTo("10.0.0.1:80");
    assertThat(AddressText.ip(named)).isEqualTo("10.0.0.1");
    assertThat(AddressText.hostAndPort(InetSocketAddress.createUnresolved("none", 80)))
        .isEqualTo("none:80");
  }

  @Test
  void interfaceOfALinkLocalAddress_isLeftOut() throws UnknownHostException {
    byte[] bytes = InetAddress.getByName("fe80::7").getAddress();

    assertThat(AddressText.ip(Inet6Address.getByAddress(null, bytes, /* scopeId= */ 2)))
        .isEqualTo("fe80::7");
  }
}
