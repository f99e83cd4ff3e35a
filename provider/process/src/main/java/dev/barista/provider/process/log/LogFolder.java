package dev.barista.provider.process.log;

import static java.util.Objects.requireNonNull;

import dev.barista.api.FaasException;
import dev.barista.api.FunctionName;
import dev.barista.api.ReplicaId;
import dev.barista.provider.process.sandbox.ReplicaFolders;
import dev.barista.provider.spi.LogQuery;
import dev.barista.provider.spi.LogStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The logs of all replicas: {@code NAMESPACE/FUNCTION/REPLICA.NUMBER.log}, bounded for each replica
 * and each function. What is on disk is the log; memory has only who writes and who reads.
 * Thread-safe. One thread, the pump's, runs what {@link #open} answers.
 */
public final class LogFolder implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(LogFolder.class.getName());

  private final Path root;
  private final LogLimits limits;
  private final InstantSource source;
  private final LogWriter writer;
  private final Map<FunctionName, FunctionLogs> functions = new ConcurrentHashMap<>();

  public LogFolder(Path root, LogLimits limits, InstantSource source) {
    this.root = requireNonNull(root, "root");
    this.limits = requireNonNull(limits, "limits");
    this.source = requireNonNull(source, "source");
    this.writer = new LogWriter(new LogClock(source));
  }

  /** A replica's log, continued if it is there. */
  public ReplicaLog open(FunctionName function, ReplicaId replica) {
    ReplicaLog[] opened = new ReplicaLog[1];
    functions.compute(
        function,
        (_, known) -> {
          FunctionLogs logs = known == null ? make(function) : known;
          opened[0] = logs.open(replica.value(), writer);
          return logs;
        });
    return opened[0];
  }

  /** A replica has no run any more: its log may go when there is too much. */
  public void close(FunctionName function, ReplicaId replica) {
    FunctionLogs logs = functions.get(function);
    if (logs != null) {
      logs.close(replica.value());
      logs.prune(source.instant());
      forgetIfUnused(function);
    }
  }

  /** Lines of one function, whether or not there are any. */
  public LogStream read(LogQuery query) {
    FunctionLogs logs =
        functions.compute(
            query.function(),
            (_, known) -> {
              FunctionLogs used = known == null ? make(query.function()) : known;
              used.addReader();
              return used;
            });
    return new LogReader(
        logs,
        writer.clock(),
        query,
        () -> {
          logs.removeReader();
          forgetIfUnused(query.function());
        });
  }

  /** Functions whose replicas write or whose logs are read. */
  int inMemory() {
    return functions.size();
  }

  private FunctionLogs make(FunctionName function) {
    return new FunctionLogs(folder(function), limits);
  }

  private void forgetIfUnused(FunctionName function) {
    functions.computeIfPresent(function, (_, logs) -> logs.isUnused() ? null : logs);
  }

  /** The function is deleted and has no replica any more: so is what they wrote. */
  public void remove(FunctionName function) {
    FunctionLogs logs = functions.remove(function);
    if (logs != null) {
      logs.end();
    }
    ReplicaFolders.removeTree(folder(function));
  }

  /** Removes what is too old, and logs of functions that are not {@code known}. */
  public void tidy(Predicate<FunctionName> known) {
    for (Path namespace : children(root)) {
      for (Path folder : children(namespace)) {
        function(namespace, folder)
            .ifPresent(
                function -> {
                  if (known.test(function)) {
                    functions.getOrDefault(function, make(function)).prune(source.instant());
                  } else {
                    remove(function);
                  }
                });
      }
    }
  }

  private Optional<FunctionName> function(Path namespace, Path folder) {
    try {
      return Optional.of(
          new FunctionName(
              namespace.relativize(folder).toString(), root.relativize(namespace).toString()));
    } catch (FaasException e) {
      return Optional.empty(); // somebody else's
    }
  }

  private static List<Path> children(Path folder) {
    try (Stream<Path> all = Files.list(folder)) {
      return all.toList();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, () -> "can't read " + folder + ": " + e);
      return List.of();
    }
  }

  private Path folder(FunctionName function) {
    return root.resolve(function.namespace()).resolve(function.name());
  }

  /** Readers come to their end; nothing is removed. */
  @Override
  public void close() {
    functions.values().forEach(FunctionLogs::end);
  }
}
