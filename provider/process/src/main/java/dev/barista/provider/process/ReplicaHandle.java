package dev.barista.provider.process;

import dev.barista.provider.spi.ReplicaUsage;
import java.util.List;

/** A replica's process, as its function's controller sees it. Thread-safe; no method waits. */
interface ReplicaHandle {

  /** Asks the process to end. */
  void terminate();

  /** Ends it and everything that it started. */
  void kill();

  /** What its processes have used. */
  ReplicaUsage usage();

  /** What it wrote last. */
  List<String> lastLogLines();
}
