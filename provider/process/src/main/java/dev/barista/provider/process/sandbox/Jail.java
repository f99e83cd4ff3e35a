package dev.barista.provider.process.sandbox;

import dev.barista.cgroup.GroupJoin;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Turns what a replica gets into a command line of one isolation level, and says where things are
 * for the process inside. Immutable.
 *
 * <p>Every command line begins with a shell that still has the platform's rights: it joins the
 * replica's cgroup and takes limits on, then becomes the next program. So no code of the function
 * runs outside its group, and nothing runs that could miss it.
 *
 * <p>What isn't said otherwise is without a view of its own: the process sees the host's paths.
 */
public sealed interface Jail permits SandboxJail, UserJail, PlainJail {

  IsolationLevel level();

  /** Makes what the command line will name, but for {@link ReplicaFolders}. */
  default void prepare(JailSpec spec) throws IOException {
    // nothing
  }

  /** Makes true again what all jails see of the host, those too that are made already. */
  default void refresh() throws IOException {
    // nothing
  }

  /** Whether the process has a {@code /tmp} of its own, and needs no folder instead. */
  default boolean hasOwnTmp() {
    return level() == IsolationLevel.SANDBOX;
  }

  /** The whole command, after {@link #prepare}; its first program needs no environment. */
  List<String> commandLine(JailSpec spec, Map<String, String> environment);

  /** The working folder as the process sees it: the function's files. */
  default Path home(JailSpec spec) {
    return spec.tree();
  }

  /** The socket as the process sees it. */
  default Path socket(ReplicaFolders folders) {
    return folders.socket();
  }

  /** The environment of what a watchdog starts, as the watchdog sees it. */
  default Path functionEnvironment(ReplicaFolders folders) {
    return socket(folders).resolveSibling(folders.functionEnvironment().getFileName());
  }

  /** A folder that it may write, as it sees it. */
  default Path tmp(ReplicaFolders folders) {
    return folders.tmp();
  }

  /** The folder of the function's secrets as the process sees it, if it has any. */
  default Optional<Path> secrets(JailSpec spec) {
    return spec.secrets();
  }

  /** Writable home, or the function's files where they can't be written. */
  default Path homeVariable(JailSpec spec) {
    return level() == IsolationLevel.SANDBOX ? home(spec) : tmp(spec.folders());
  }

  /**
   * Joins groups, takes limits on, becomes the rest. The platform itself may have fewer descriptors
   * than a replica is allowed.
   */
  String JOIN =
      """
      files=$1; blocks=$2; shift 2
      """
          + GroupJoin.SCRIPT
          + """
          ulimit -n "$files" 2>/dev/null || ulimit -n "$(ulimit -H -n)"
          ulimit -c 0 && ulimit -f "$blocks" || exit 125
          exec "$@"
          """;

  /** Whether it keeps {@link JailSpec#processes} itself, without a cgroup. */
  default boolean boundsProcesses() {
    return false;
  }

  /**
   * Waits for a line if it is to stand by, takes the environment from a file and the bound on
   * processes on, becomes the rest. Shells name that bound differently: bash u, dash p.
   */
  String ENTER =
      """
      [ -z "$1" ] || { IFS= read -r go && exec </dev/null; } || exit 125
      cd "$2" && unset OLDPWD && . "$3" || exit 125
      [ -z "$4" ] || ulimit -u "$4" 2>/dev/null || ulimit -p "$4" || exit 125
      shift 4
      exec "$@"
      """;

  /** The shell of {@link #JOIN}. */
  static List<String> join(JailSpec spec) {
    List<String> line = new ArrayList<>(List.of("/bin/sh", "-c", JOIN, "barista"));
    line.add(Integer.toString(spec.limits().openFiles()));
    line.add(Long.toString(spec.limits().fileBytes() / 512));
    line.addAll(GroupJoin.arguments(spec.joinFiles()));
    return line;
  }

  /** The shell of {@link #ENTER} and the replica's own command. */
  default List<String> enter(Path environmentFile, JailSpec spec, Map<String, String> environment) {
    List<String> line = new ArrayList<>(List.of("/bin/sh", "-c", ENTER, "barista"));
    line.add(spec.standsBy() ? "wait" : "");
    line.add(home(spec).toString());
    line.add(environmentFile.toString());
    line.add(boundsProcesses() ? Integer.toString(spec.processes()) : "");
    line.addAll(EnvironmentScript.prefix(environment));
    line.addAll(spec.command());
    return line;
  }

  /**
   * Away from the platform's user, for good. The kernel forgets with the old user that the process
   * is to die with the platform, so that is asked for again.
   */
  static List<String> dropTo(Path setpriv, int user) {
    return List.of(
        setpriv.toString(),
        "--pdeathsig=KILL",
        "--reuid=" + user,
        "--regid=" + user,
        "--clear-groups",
        "--inh-caps=-all",
        "--bounding-set=-all",
        "--no-new-privs",
        "--");
  }
}
