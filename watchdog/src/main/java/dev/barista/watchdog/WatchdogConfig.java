package dev.barista.watchdog;

import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Everything that the environment tells a classic watchdog.
 *
 * @param address where calls are taken
 * @param metricsAddress where metrics are told, if anywhere
 * @param command {@code fprocess}, split at each space
 * @param timeouts how long things may take
 * @param contentType of every answer; absent: the request's, or guessed
 * @param options what is switched on
 * @param maxInflight calls at one time; 0: no limit
 * @param folder {@code TMPDIR}: of the lock file, and of answers too large for the memory
 * @param calls the cgroups in which the function's processes run
 */
record WatchdogConfig(
    SocketAddress address,
    Optional<SocketAddress> metricsAddress,
    List<String> command,
    Timeouts timeouts,
    Optional<String> contentType,
    Options options,
    int maxInflight,
    Path folder,
    CallsCgroup calls) {

  /** Exists while the watchdog takes calls. */
  Path lockFile() {
    return folder.resolve(".lock");
  }

  /**
   * @param read longest silence of a client that owes a part of its request
   * @param write longest time from a call's start to its answer, and for running calls at a stop
   * @param exec longest run of the function's process; absent: no limit
   * @param healthcheckInterval how long calls are still taken after a stop was asked for
   */
  record Timeouts(
      Duration read, Duration write, Optional<Duration> exec, Duration healthcheckInterval) {}

  /**
   * @param cgiHeaders the request's head is in the function's environment
   * @param marshalRequest the function reads head and body as one JSON document
   * @param combineOutput what the function writes to stderr is part of the answer
   * @param writeDebug answers are written to the log
   * @param debugHeaders headers are written to the log
   * @param suppressLock the lock file isn't written
   */
  record Options(
      boolean cgiHeaders,
      boolean marshalRequest,
      boolean combineOutput,
      boolean writeDebug,
      boolean debugHeaders,
      boolean suppressLock) {}
}
