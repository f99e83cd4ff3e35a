package dev.barista.gateway.invoke;

import static dev.barista.gateway.invoke.TestPlane.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Ten thousand clients that leave: on a replica, in the line, before their call is whole. */
class DisconnectsTest {

  private static final int CLIENTS = 16;
  private static final int CALLS_EACH = 625;

  @Test
  void tenThousandDisconnects_leaveTheLimitExact() throws Exception {
    try (TestPlane plane = new TestPlane();
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      plane.annotations(Map.of(CallRules.LIMIT, "3", CallRules.QUEUE_SIZE, "5"));
      plane.deploy(plane.replica(InvocationFixture::never));
      List<Future<Integer>> done = new ArrayList<>();
      for (int client = 0; client < CLIENTS; client++) {
        int seed = client;
        done.add(
            clients.submit(
                () -> {
                  for (int i = 0; i < CALLS_EACH; i++) {
                    leave(plane, seed + i);
                  }
                  return CALLS_EACH;
                }));
      }
      for (Future<Integer> client : done) {
        assertThat(client.get()).isEqualTo(CALLS_EACH);
      }

      plane.assertAtRest();
      assertThat(plane.load().arrivals()).isPositive();
      patiently().until(() -> plane.pool().inFlight() == 0);
      List<Admission> all = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        all.add(plane.pool().admit(List.of()));
      }
      assertThat(all.subList(0, 3)).allMatch(Lease.class::isInstance);
      assertThat(all.getLast()).isEqualTo(new Admission.AtLimit(3));
      all.subList(0, 3).forEach(lease -> ((Lease) lease).close());
    }
  }

  /** A reset, sometimes a moment after the call can have reached a replica. */
  private static void leave(TestPlane plane, int kind) throws IOException {
    try (Socket socket = plane.connect()) {
      socket.setSoLinger(true, 0);
      TestPlane.send(
          socket, "POST", "/function/f", kind % 3 == 0 ? "Expect: 100-continue\r\n" : "", "x");
      if (kind % 4 == 0) {
        socket.setSoTimeout(1);
        int first = socket.getInputStream().read();
        assertThat(first).isGreaterThanOrEqualTo(-1);
      }
    } catch (SocketTimeoutException e) {
      assertThat(e).hasMessageContaining("timed out"); // it waits, or a replica has it
    }
  }
}
