package dev.barista.cgroup;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The group of the processes of one replica, or of one build. Thread-safe. */
public interface ProcessGroup extends AutoCloseable {

  /** A process that writes {@code 0} into each of these files is in the group from then on. */
  List<Path> joinFiles();

  /** How a watchdog brings its calls into their group; empty if the replica has no watchdog. */
  Optional<CallsGroup> calls();

  /** How often the kernel killed a process of the group for want of memory. */
  long oomKills();

  /**
   * Processor time that the group's processes took, those that have ended too, in nanoseconds;
   * empty where the kernel doesn't count it for this group, or the group is gone.
   */
  OptionalLong cpuNanos();

  /** Memory of the group in bytes, without file pages that nobody uses; empty as above. */
  OptionalLong memoryBytes();

  /** Whether any process is in the group. */
  boolean populated();

  /** Sends SIGKILL to every process in the group until none is left; nothing new can start. */
  void kill();

  /** {@link #kill}, then removes the group. Idempotent. */
  @Override
  void close();

  /** Where a watchdog's calls go. */
  sealed interface CallsGroup {
    /**
     * v1: a thread that writes {@code 0} into each file makes its children start in the group.
     *
     * @param memoryEvents where the kernel counts its kills for want of memory
     */
    record TasksFiles(List<Path> files, Optional<Path> memoryEvents) implements CallsGroup {
      public TasksFiles {
        files = List.copyOf(files);
      }
    }

    /** v2: a child is started in this folder's group. */
    record Folder(Path path) implements CallsGroup {}
  }
}
