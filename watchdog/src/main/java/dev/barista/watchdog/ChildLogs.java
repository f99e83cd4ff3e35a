package dev.barista.watchdog;

import dev.barista.spawn.Child;
import dev.barista.spawn.Command;
import dev.barista.spawn.Fd;
import dev.barista.spawn.OutputPump;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Brings what the function's processes write beside their answers into the log. With prefixes it is
 * read line by line, by one thread and no faster than a reader of the watchdog's log can be
 * expected to take it, so that a process which writes without end is held up and nobody else;
 * without prefixes the processes write to the watchdog's own descriptors. Thread-safe.
 */
final class ChildLogs implements AutoCloseable {

  /** Below what the platform reads of a replica, so that the watchdog's own lines find room. */
  private static final OutputPump.Budget BUDGET = new OutputPump.Budget(2L << 20, 3L << 20);

  private final WatchdogConfig.Logs style;
  private final WatchdogLog log;
  private final OutputStream stdout;

  // Mutable state
  private @Nullable OutputPump pump;
  private boolean closed;

  /**
   * @param log also where stderr goes
   */
  ChildLogs(WatchdogConfig.Logs style, WatchdogLog log, OutputStream stdout) {
    this.style = style;
    this.log = log;
    this.stdout = stdout;
  }

  /** The command with one of its outputs on the way to the log. */
  Command attach(Command command, int number) {
    return style.prefixed() ? command.withPipe(number) : command.withFd(number, Fd.adopt(number));
  }

  /** Reads an output that was attached; its pipe is no longer the caller's. */
  void follow(Child child, int number) {
    if (style.prefixed()) {
      var sink =
          number == Forks.STDOUT
              ? new LineLog(log.to(stdout), "stdout: ", style.lineBytes())
              : new LineLog(log, "stderr: ", style.lineBytes());
      pump().add(child.pipe(number), sink);
    }
  }

  /** A classic function's never need one. */
  private synchronized OutputPump pump() {
    OutputPump running = pump;
    if (running == null) {
      running = OutputPump.start("watchdog-logs", BUDGET);
      pump = running;
      if (closed) {
        running.close();
      }
    }
    return running;
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (pump != null) {
      pump.close();
    }
  }
}
