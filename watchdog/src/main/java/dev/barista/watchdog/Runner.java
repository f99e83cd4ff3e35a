package dev.barista.watchdog;

import dev.barista.http.StreamExchange;
import java.util.function.IntConsumer;

/** One way to run the function: a watchdog has one, chosen by its mode. Thread-safe. */
interface Runner extends AutoCloseable {

  /** What is told instead of a status when the client had gone before there was an answer. */
  int CLIENT_GONE = 499;

  /**
   * Answers a call. Called on the exchange's event loop, so it must not block.
   *
   * @param exchange whose body is not read yet
   * @param ended called once, on any thread, with the status of the answer when it is handed over
   */
  void run(StreamExchange exchange, IntConsumer ended);

  /** Kills whatever still runs. */
  @Override
  void close();
}
