package dev.barista.provider.process;

import dev.barista.api.FunctionSpec;
import dev.barista.api.SecretName;
import dev.barista.provider.process.sandbox.ReplicaFolders;
import dev.barista.provider.spi.ProviderSecrets;
import dev.barista.provider.spi.SecretStore;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The secrets of one run of a replica as files: {@code ROOT/RUN/NAME}, each 0400 in a folder 0700,
 * both the replica's. In memory where the host has a file system there, so that what is sealed in
 * the database stands in the clear on no disk. Gone with the run.
 */
final class SecretFiles {

  /** Names the folder as the replica sees it. */
  static final String VARIABLE = "BARISTA_SECRETS";

  private static final Path MEMORY = Path.of("/dev/shm");

  private SecretFiles() {}

  /**
   * The folder of all runs, empty.
   *
   * @param name unique to the data folder
   * @param runs a folder of the platform's own, where there is none in memory
   */
  static Path open(String name, Path runs) throws IOException {
    Path folder = inMemory(name, runs).orElse(runs.resolve("secrets"));
    ReplicaFolders.removeTree(folder);
    Files.createDirectories(folder);
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
    return folder;
  }

  /** Everybody may make folders there: one that another user made is not ours. */
  private static Optional<Path> inMemory(String name, Path runs) throws IOException {
    if (!Files.isDirectory(MEMORY) || !Files.isWritable(MEMORY)) {
      return Optional.empty();
    }
    Path folder = MEMORY.resolve(name);
    try {
      Files.createDirectory(folder, permissions("rwx------"));
    } catch (FileAlreadyExistsException e) {
      boolean own =
          Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
              && Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(runs));
      return own ? Optional.of(folder) : Optional.empty();
    }
    return Optional.of(folder);
  }

  private static FileAttribute<Set<PosixFilePermission>> permissions(String text) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(text));
  }

  /**
   * Writes what a function names.
   *
   * @return the folder; empty if it names none
   * @throws LaunchException if one of them isn't there any more
   */
  static Optional<Path> make(Path folder, FunctionSpec spec, SecretStore secrets, OptionalInt user)
      throws IOException {
    List<SecretName> names = ProviderSecrets.of(spec).distinct().toList();
    if (names.isEmpty()) {
      return Optional.empty();
    }
    Files.createDirectory(folder, permissions("rwx------"));
    for (SecretName name : names) {
      byte[] value =
          secrets
              .read(name)
              .orElseThrow(
                  () ->
                      new LaunchException(
                          "can't start a replica: secret " + name + " is missing",
                          new IOException("no such secret")));
      Path file = Files.createFile(folder.resolve(name.name()), permissions("rw-------"));
      Files.write(file, value);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));
      give(file, user);
    }
    give(folder, user);
    return Optional.of(folder);
  }

  /** Whether a folder of {@link #make} holds what a function names as it is now. */
  static boolean areCurrent(Path folder, FunctionSpec spec, SecretStore secrets)
      throws IOException {
    for (SecretName name : ProviderSecrets.of(spec).distinct().toList()) {
      Optional<byte[]> value = secrets.read(name);
      if (value.isEmpty()
          || !Arrays.equals(value.get(), Files.readAllBytes(folder.resolve(name.name())))) {
        return false;
      }
    }
    return true;
  }

  private static void give(Path path, OptionalInt user) throws IOException {
    if (user.isPresent()) {
      Files.setAttribute(path, "unix:uid", user.getAsInt());
      Files.setAttribute(path, "unix:gid", user.getAsInt());
    }
  }
}
