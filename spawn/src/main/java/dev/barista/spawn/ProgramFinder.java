package dev.barista.spawn;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Looks programs up in the PATH of the environment that they will have. Remembers what it found,
 * since a look-up costs more than a start; who finds that it is gone says so by {@link #forget}.
 * Thread-safe.
 */
final class ProgramFinder {

  private static final String USUAL_PATH =
      "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  /** Then all is forgotten, so that programs of changing names don't fill the memory. */
  private static final int MOST = 256;

  private record Question(String program, String path, Optional<Path> folder) {}

  private final ConcurrentMap<Question, String> found = new ConcurrentHashMap<>();

  /**
   * @return the program as execve wants it: a name with '/' as it is
   * @throws ErrnoException {@link Errno#ENOENT}
   */
  String find(Command command) {
    String program = command.arguments().getFirst();
    if (program.indexOf('/') >= 0) {
      return program;
    }
    Question question = question(command);
    String known = found.get(question);
    if (known != null) {
      return known;
    }
    String looked = look(question);
    if (found.size() >= MOST) {
      found.clear();
    }
    found.put(question, looked);
    return looked;
  }

  /** True if the program was remembered, so that looking again may find it elsewhere. */
  boolean forget(Command command) {
    return command.arguments().getFirst().indexOf('/') < 0
        && found.remove(question(command)) != null;
  }

  private static Question question(Command command) {
    String path = command.environment().get("PATH").filter(p -> !p.isEmpty()).orElse(USUAL_PATH);
    return new Question(command.arguments().getFirst(), path, command.folder());
  }

  private static String look(Question question) {
    Path base = question.folder().orElse(Path.of(""));
    for (String folder : question.path().split(":")) {
      Path candidate = base.resolve(folder).toAbsolutePath().resolve(question.program());
      if (Files.isExecutable(candidate) && !Files.isDirectory(candidate)) {
        return candidate.toString();
      }
    }
    throw new ErrnoException(
        "look for " + question.program() + " in " + question.path(), Errno.ENOENT);
  }
}
