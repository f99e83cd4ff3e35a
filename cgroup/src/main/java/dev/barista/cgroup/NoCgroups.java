package dev.barista.cgroup;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** Stands in where groups can't be made: nothing is bounded, and nothing here ends a process. */
record NoCgroups(String reason) implements Cgroups {

  private static final ProcessGroup GROUP = new NoGroup();

  @Override
  public Set<Bound> enforced() {
    return Set.of();
  }

  @Override
  public String description() {
    return reason;
  }

  @Override
  public ProcessGroup create(String name, GroupLimits limits) {
    return GROUP;
  }

  @Override
  public ProcessGroup createWithCalls(String name, GroupLimits limits, OptionalInt user) {
    return GROUP;
  }

  @Override
  public void close() {
    // nothing was made
  }

  private record NoGroup() implements ProcessGroup {
    @Override
    public List<Path> joinFiles() {
      return List.of();
    }

    @Override
    public Optional<CallsGroup> calls() {
      return Optional.empty();
    }

    @Override
    public long oomKills() {
      return 0;
    }

    @Override
    public OptionalLong cpuNanos() {
      return OptionalLong.empty();
    }

    @Override
    public OptionalLong memoryBytes() {
      return OptionalLong.empty();
    }

    @Override
    public boolean populated() {
      return false;
    }

    @Override
    public void kill() {
      // the caller ends the process group
    }

    @Override
    public void close() {
      // nothing was made
    }
  }
}
