package dev.barista.server.serve;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barista.http.ErrorMapper;
import dev.barista.http.EventLoops;
import dev.barista.http.Gatekeeper;
import dev.barista.http.HttpServerConfig;
import dev.barista.http.RequestObserver;
import dev.barista.http.Routes;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class ListeningTest {

  /** No interface lists it: its advice was another address. */
  @Test
  void takenPortOfAnUnlistedLoopbackAddress_namesThePortSetting() throws IOException {
    try (ServerSocket taken = new ServerSocket();
        EventLoops loops = EventLoops.start(1, "test-listening")) {
      taken.bind(new InetSocketAddress("127.0.0.2", 0));
      var listener = HttpServerConfig.at(new InetSocketAddress("127.0.0.2", taken.getLocalPort()));
      Routes routes = Routes.builder(Gatekeeper.OPEN).build();

      assertThatThrownBy(
              () ->
                  Listening.start(
                      listener, "--port", loops, routes, ErrorMapper.PLAIN, RequestObserver.NONE))
          .isInstanceOf(ServeException.class)
          .hasMessage(
              "cannot listen on 127.0.0.2:%d: Address already in use: choose another port with"
                  + " --port, or 0 for a free one",
              taken.getLocalPort());
    }
  }
}
