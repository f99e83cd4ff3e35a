package dev.barista.watchdog;

import dev.barista.http.Exchange;
import dev.barista.http.RequestHead;
import dev.barista.spawn.PipeOutput;
import java.io.IOException;

/**
 * What a call's process reads. Small bodies are read before the process starts, so that it never
 * waits for a slow client, and fit into its pipe; others are passed on as they come.
 */
final class CallBody {

  /** What a pipe holds. */
  static final int SMALL_BYTES = 64 << 10;

  private CallBody() {}

  static boolean isSmall(RequestHead head) {
    return head.bodyLength().orElse(Long.MAX_VALUE) <= SMALL_BYTES;
  }

  static boolean isEmpty(RequestHead head) {
    return head.bodyLength().orElse(Long.MAX_VALUE) == 0;
  }

  /**
   * Writes everything to the process, and closes its stdin. That a process doesn't read it all is
   * no failure.
   *
   * @param marshalled whether the process gets head and body as JSON
   * @throws IOException if the rest of the body doesn't come: then the process is killed, as it
   *     would take what it has for all of it
   */
  static void feed(Exchange exchange, boolean marshalled, PipeOutput input, ForkedCall call)
      throws IOException {
    try (input) {
      if (marshalled) {
        MarshalledRequest.write(exchange.head().headers(), exchange.body(), input);
      } else {
        exchange.body().transferTo(input);
      }
    } catch (PipeOutput.PipeClosedException _) {
      // Not interested, or killed: the outcome tells.
    } catch (IOException | RuntimeException failure) {
      call.cancel();
      call.outcome().join();
      throw failure;
    }
  }
}
