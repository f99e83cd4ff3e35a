package dev.barista.provider.process.sandbox;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What one replica's process gets.
 *
 * @param tree the function's files, read only
 * @param readable folders and files of the host that it may read: interpreters, the watchdog
 * @param folders the replica's own
 * @param user its uid and gid, if the platform can give it one
 * @param limits of the process itself
 * @param processes and threads at a time, where the jail bounds them
 * @param hostName as the process sees it
 * @param joinFiles cgroup files into which the process writes {@code 0} before anything else
 * @param secrets folder with a file for each secret of the function
 * @param command program and arguments; a program without '/' is looked for in its PATH
 * @param standsBy whether the last shell waits for a line on its standard input before it becomes
 *     the command; ends when there comes none
 */
public record JailSpec(
    Path tree,
    List<Path> readable,
    ReplicaFolders folders,
    OptionalInt user,
    ProcessLimits limits,
    int processes,
    String hostName,
    List<Path> joinFiles,
    Optional<Path> secrets,
    List<String> command,
    boolean standsBy) {

  public JailSpec {
    requireNonNull(tree, "tree");
    readable = List.copyOf(readable);
    requireNonNull(folders, "folders");
    requireNonNull(user, "user");
    requireNonNull(limits, "limits");
    requireNonNull(hostName, "hostName");
    joinFiles = List.copyOf(joinFiles);
    requireNonNull(secrets, "secrets");
    command = List.copyOf(command);
  }
}
