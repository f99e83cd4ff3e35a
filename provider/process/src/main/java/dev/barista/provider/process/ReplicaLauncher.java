package dev.barista.provider.process;

import dev.barista.api.ReplicaId;
import dev.barista.provider.spi.Endpoint;
import java.util.List;

/** Starts the processes of replicas. Thread-safe. */
interface ReplicaLauncher extends AutoCloseable {

  /** Told about one run of one replica, from any thread. */
  interface Watcher {
    /** The process accepts connections. */
    void ready(Endpoint endpoint);

    /** The process is gone with all it started, and nothing of the run is left. Told once, last. */
    void ended(Ending ending);
  }

  /**
   * How a run ended.
   *
   * @param reason one sentence for the user: exit status, signal, {@code OOMKilled}
   */
  record Ending(String reason, List<String> lastLogLines) {}

  /**
   * @throws LaunchException with one sentence for the user; nothing is left then
   */
  ReplicaHandle launch(ReplicaId replica, RunPlan plan, int user, Watcher watcher);

  /**
   * Makes what a replica that may be wanted soon will need, if there is room for that: its launch
   * with an equal plan is quicker then. A failure is left to that launch.
   */
  void standBy(ReplicaId replica, RunPlan plan, int user);

  /** Frees what was made by {@link #standBy}, if anything is left: it won't be launched so. */
  void standDown(ReplicaId replica);

  /** Ends every run at once and frees what it holds. */
  @Override
  void close();
}
