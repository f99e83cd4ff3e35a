package dev.barista.gateway.invoke;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barista.api.ReplicaId;
import dev.barista.http.EventLoops;
import dev.barista.http.Upstream;
import dev.barista.http.UpstreamConfig;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReplicaSlotTest {

  private final EventLoops loops = EventLoops.start(1, "test-slot");

  @AfterEach
  void stop() {
    loops.close();
  }

  /** A server refuses a {@code Host} whose IPv6 address has no brackets (RFC 3986, 3.2.2). */
  @Test
  void host_isTheAddressAsAHostHeaderHasIt() {
    assertThat(host(new InetSocketAddress("10.0.0.7", 8080))).isEqualTo("10.0.0.7:8080");
    assertThat(host(new InetSocketAddress("2001:db8::7", 8080))).isEqualTo("[2001:db8::7]:8080");
    assertThat(host(UnixDomainSocketAddress.of("/run/f"))).isEqualTo("localhost");
  }

  private String host(SocketAddress address) {
    Upstream upstream = Upstream.to(loops, address, UpstreamConfig.DEFAULT);
    return new ReplicaSlot(new ReplicaId("r"), upstream, Runnable::run).host();
  }
}
