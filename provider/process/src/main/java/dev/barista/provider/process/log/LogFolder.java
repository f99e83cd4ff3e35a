package dev.barista.provider.process.log;

import static java.util.Objects.requireNonNull;

import dev.barista.api.FunctionName;
import dev.barista.api.ReplicaId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The logs of all replicas: {@code NAMESPACE/FUNCTION/REPLICA.log}, with a cap for each replica and
 * a number of files for each function. Thread-safe.
 */
public final class LogFolder {

  private static final String SUFFIX = ".log";

  private final Path root;
  private final LogLimits limits;
  private final Set<Path> open = ConcurrentHashMap.newKeySet();

  public LogFolder(Path root, LogLimits limits) {
    this.root = requireNonNull(root, "root");
    this.limits = requireNonNull(limits, "limits");
  }

  /** A replica's log, continued if it is there. */
  public ReplicaLog open(FunctionName function, ReplicaId replica) {
    Path file = file(function, replica);
    open.add(file);
    return new ReplicaLog(file, limits.fileBytes());
  }

  /** A replica has no run any more: its log may be removed when there are too many. */
  public void close(FunctionName function, ReplicaId replica) {
    open.remove(file(function, replica));
    prune(folder(function));
  }

  private void prune(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> closed =
          new ArrayList<>(
              files
                  .filter(file -> file.toString().endsWith(SUFFIX))
                  .filter(file -> !open.contains(file))
                  .toList());
      closed.sort(Comparator.comparing(LogFolder::changed).reversed());
      for (Path file : closed.stream().skip(limits.filesPerFunction()).toList()) {
        Files.deleteIfExists(file);
        Files.deleteIfExists(file.resolveSibling(file.getFileName() + ".1"));
      }
    } catch (IOException e) {
      System.getLogger(LogFolder.class.getName())
          .log(System.Logger.Level.DEBUG, () -> "can't tidy up " + folder + ": " + e);
    }
  }

  private static FileTime changed(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      return FileTime.fromMillis(0); // gone meanwhile
    }
  }

  private Path file(FunctionName function, ReplicaId replica) {
    return folder(function).resolve(replica + SUFFIX);
  }

  private Path folder(FunctionName function) {
    return root.resolve(function.namespace()).resolve(function.name());
  }
}
