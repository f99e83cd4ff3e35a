package dev.barista.cgroup;

import java.util.OptionalInt;
import java.util.Set;

/**
 * Makes groups of processes for the replicas of one data folder, or for the builds of one process,
 * all inside one parent group whose own limit keeps those without limits from taking the host down.
 * Thread-safe.
 */
public interface Cgroups extends AutoCloseable {

  /** What a group can be bounded in. */
  enum Bound {
    MEMORY,
    CPU,
    PROCESSES
  }

  /**
   * Makes groups that hold nobody.
   *
   * @param reason why there are no real ones, as a sentence
   */
  static Cgroups none(String reason) {
    return new NoCgroups(reason);
  }

  /** What is really kept on this host. */
  Set<Bound> enforced();

  /** One sentence for the start of the platform: where groups are made, or why none are. */
  String description();

  /**
   * Makes a group whose processes are all under its limits.
   *
   * @param name unique among the groups of this object; letters, digits, '-' and '.'
   * @throws CgroupException if the kernel refuses
   */
  ProcessGroup create(String name, GroupLimits limits);

  /**
   * Makes the group of a replica in which a watchdog stands outside the limits, and the calls it
   * starts inside.
   *
   * @param user as which the watchdog runs, if it isn't the platform's: it moves its calls itself
   * @throws CgroupException if the kernel refuses
   */
  ProcessGroup createWithCalls(String name, GroupLimits limits, OptionalInt user);

  /** Ends everything in the parent group and removes all groups. Idempotent. */
  @Override
  void close();
}
