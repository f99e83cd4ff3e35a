package dev.barista.provider.process.sandbox;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The host's programs that isolation is built of.
 *
 * @param bubblewrap {@code bwrap}
 * @param setpriv of util-linux
 */
public record Tools(Optional<Path> bubblewrap, Optional<Path> setpriv) {

  private static final List<Path> FOLDERS =
      Stream.of("/usr/bin", "/bin", "/usr/local/bin", "/usr/sbin").map(Path::of).toList();

  /** Looks in the system's folders only: what runs as root must not come from a user's PATH. */
  public static Tools find() {
    return new Tools(find("bwrap"), find("setpriv"));
  }

  private static Optional<Path> find(String name) {
    return FOLDERS.stream()
        .map(folder -> folder.resolve(name))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
