package dev.barista.watchdog;

import java.net.InetSocketAddress;
import java.nio.file.Path;

/** How a watchdog runs its function. */
sealed interface Mode {

  /** A process per call, its answer held back until its end. The classic watchdog. */
  record Classic() implements Mode {}

  /** A process per call, its answer held back until its end. */
  record Serializing() implements Mode {}

  /** A process per call, body and answer passed on as they come. */
  record Streaming() implements Mode {}

  /**
   * One process that is an HTTP server.
   *
   * @param prefix path before that of each call; empty or begins with '/'
   * @param measureBody whether a request without a length is read before it is passed on
   */
  record Http(InetSocketAddress upstream, String prefix, boolean measureBody) implements Mode {}

  /** No process: files. */
  record Static(Path folder) implements Mode {}

  /** Whether it is the classic watchdog, and not one of of-watchdog's modes. */
  default boolean isClassic() {
    return this instanceof Classic;
  }
}
