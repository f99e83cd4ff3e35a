package dev.barista.watchdog;

import dev.barista.http.Exchange;
import java.io.IOException;

/** One way to run the function: a watchdog has one, chosen by its mode. Thread-safe. */
interface Runner extends AutoCloseable {

  /**
   * Answers a call, on a virtual thread of its own.
   *
   * @return the status of the answer, or 499 if the client had gone before there was one
   * @throws IOException if the client went while the answer was sent
   */
  int run(Exchange exchange) throws IOException;

  /** Kills whatever still runs. */
  @Override
  void close();
}
