package dev.barista.cli.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where this user's servers keep their data: {@code ~/.barista/servers/PID}, each a file (0600, its
 * folder 0700) with the path of a data folder. So a verb finds the password of a server that runs
 * with {@code --data}. The list only says where to look: whether a server runs there, and where it
 * listens, its own {@link LocalGateway} file tells, which must be of the same user. What a killed
 * server left is forgotten by the next one.
 */
public final class RunningServers {

  private static final int MAX_PATH_BYTES = 8 << 10;

  private final Path folder;

  private RunningServers(Path folder) {
    this.folder = folder;
  }

  /** Empty without a home. */
  public static Optional<RunningServers> of(Map<String, String> environment) {
    return Optional.ofNullable(environment.get("HOME"))
        .filter(home -> home.startsWith("/"))
        .map(home -> new RunningServers(Path.of(home, ".barista", "servers")));
  }

  /**
   * Enters this process; closing the entry removes it.
   *
   * @param dataFolder absolute
   */
  public Entry enter(Path dataFolder) throws IOException {
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    forgetEnded();
    Path file = folder.resolve(Long.toString(ProcessHandle.current().pid()));
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file, dataFolder.toString());
    return () -> Files.deleteIfExists(file);
  }

  /** A line of the list. */
  @FunctionalInterface
  public interface Entry extends AutoCloseable {
    @Override
    void close() throws IOException;
  }

  /** The server of this user that has that address. */
  public Optional<LocalGateway> at(GatewayUrl url) {
    for (Path file : entries()) {
      Optional<LocalGateway> found = dataFolder(file).flatMap(LocalGateway::find);
      if (found.isPresent()
          && found.get().isAt(url)
          && sameOwner(file, LocalGateway.file(found.get().dataFolder()))) {
        return found;
      }
    }
    return Optional.empty();
  }

  private List<Path> entries() {
    try (Stream<Path> files = Files.list(folder)) {
      return new ArrayList<>(files.toList());
    } catch (IOException e) {
      return List.of();
    }
  }

  private static Optional<Path> dataFolder(Path entry) {
    try {
      return Files.size(entry) > MAX_PATH_BYTES
          ? Optional.empty()
          : Optional.of(Path.of(new String(Files.readAllBytes(entry), UTF_8)));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static boolean sameOwner(Path a, Path b) {
    try {
      return Files.getAttribute(a, "unix:uid").equals(Files.getAttribute(b, "unix:uid"));
    } catch (IOException e) {
      return false;
    }
  }

  private void forgetEnded() throws IOException {
    for (Path file : entries()) {
      if (dataFolder(file).flatMap(LocalGateway::find).isEmpty()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
