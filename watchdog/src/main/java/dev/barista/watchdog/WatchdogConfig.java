package dev.barista.watchdog;

import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Everything that the environment tells a watchdog.
 *
 * @param mode how the function is run
 * @param address where calls are taken
 * @param metricsAddress where metrics are told, if anywhere
 * @param command {@code fprocess}, split at each space; empty if the mode needs none
 * @param timeouts how long things may take
 * @param contentType of every answer of a forked process; absent: the request's, or guessed
 * @param options what is switched on
 * @param maxInflight calls at one time; 0: no limit
 * @param folder {@code TMPDIR}: of the lock file, and of answers too large for the memory
 * @param calls the cgroups in which the function's processes run
 * @param logs how the function's output gets into the log
 * @param readyPath which call decides whether the function is ready, if any
 * @param tokens whose tokens calls must carry, if any
 */
record WatchdogConfig(
    Mode mode,
    SocketAddress address,
    Optional<SocketAddress> metricsAddress,
    List<String> command,
    Timeouts timeouts,
    Optional<String> contentType,
    Options options,
    int maxInflight,
    Path folder,
    CallsCgroup calls,
    Logs logs,
    Optional<String> readyPath,
    Optional<TokenConfig> tokens) {

  /** Exists while the watchdog takes calls. */
  Path lockFile() {
    return folder.resolve(".lock");
  }

  /**
   * @param read longest silence of a client that owes a part of its request
   * @param write longest time from a call's start to its answer where {@code exec} sets none, and
   *     for running calls at a stop
   * @param exec longest run of the function; absent: no limit
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
   * @param logCallId the access log has the call's id
   * @param supervised whoever started the watchdog sends it its calls and starts another when it
   *     ends
   */
  record Options(
      boolean cgiHeaders,
      boolean marshalRequest,
      boolean combineOutput,
      boolean writeDebug,
      boolean debugHeaders,
      boolean suppressLock,
      boolean logCallId,
      boolean supervised) {}

  /**
   * @param prefixed each line with time and stream in front; else the output as it is
   * @param lineBytes longest line, longer ones are cut into several; -1: none is cut
   */
  record Logs(boolean prefixed, int lineBytes) {}
}
