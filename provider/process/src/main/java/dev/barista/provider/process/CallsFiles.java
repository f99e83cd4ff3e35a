package dev.barista.provider.process;

import dev.barista.cgroup.ProcessGroup;
import dev.barista.cgroup.ProcessGroup.CallsGroup;
import dev.barista.spawn.Command;
import dev.barista.spawn.Fd;
import dev.barista.spawn.Posix;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The control files of its calls' cgroup that a watchdog inherits, open, since its sandbox shows
 * none. Empty for a replica without a watchdog. Closed when the watchdog has its own.
 */
final class CallsFiles implements AutoCloseable {

  /** Tells the watchdog the numbers: {@code N}, {@code dir:N}, {@code events:N}, with commas. */
  static final String VARIABLE = "BARISTA_CALLS_CGROUP_FDS";

  /** Above what shells and bubblewrap use themselves. */
  private static final int FIRST_NUMBER = 20;

  private final List<Fd> files = new ArrayList<>();
  private final List<String> names = new ArrayList<>();

  private CallsFiles() {}

  static CallsFiles open(ProcessGroup group) {
    CallsFiles files = new CallsFiles();
    try {
      group.calls().ifPresent(files::add);
    } catch (RuntimeException e) {
      files.close();
      throw e;
    }
    return files;
  }

  private void add(CallsGroup calls) {
    switch (calls) {
      case CallsGroup.TasksFiles(List<Path> tasks, Optional<Path> memoryEvents) -> {
        tasks.forEach(file -> add("", Posix.openForWriting(file)));
        memoryEvents.ifPresent(file -> add("events:", Posix.openForReading(file)));
      }
      case CallsGroup.Folder(Path folder) -> add("dir:", Posix.openFolder(folder));
    }
  }

  private void add(String kind, Fd file) {
    names.add(kind + (FIRST_NUMBER + files.size()));
    files.add(file);
  }

  boolean isEmpty() {
    return files.isEmpty();
  }

  String variable() {
    return String.join(",", names);
  }

  Command givenTo(Command command) {
    Command with = command;
    for (int i = 0; i < files.size(); i++) {
      with = with.withFd(FIRST_NUMBER + i, files.get(i));
    }
    return with;
  }

  @Override
  public void close() {
    files.forEach(Fd::close);
  }
}
