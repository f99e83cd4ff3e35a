package dev.barista.cgroup;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How a shell joins groups before it becomes the next program, while it still may write there: so
 * nothing that follows runs outside them.
 */
public final class GroupJoin {

  /**
   * The part of the shell's text: takes {@link #arguments} off its parameters, and ends it with 125
   * at the first group that can't be joined. Uses the variable {@code n}.
   */
  public static final String SCRIPT =
      """
      n=$1; shift
      while [ "$n" -gt 0 ]; do echo 0 > "$1" || exit 125; shift; n=$((n-1)); done
      """;

  private GroupJoin() {}

  /** What stands first in the shell's parameters where {@link #SCRIPT} begins. */
  public static List<String> arguments(List<Path> joinFiles) {
    List<String> arguments = new ArrayList<>(joinFiles.size() + 1);
    arguments.add(Integer.toString(joinFiles.size()));
    joinFiles.forEach(file -> arguments.add(file.toString()));
    return arguments;
  }
}
