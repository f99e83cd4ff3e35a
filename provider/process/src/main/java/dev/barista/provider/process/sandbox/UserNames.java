package dev.barista.provider.process.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What a sandbox sees as {@code /etc/passwd} and {@code /etc/group}: root, nobody and the
 * function's user, in a folder for each user that is made at its first start. Thread-safe.
 */
final class UserNames {

  private final Path folder;
  private final int ownId;
  private final Set<Integer> made = ConcurrentHashMap.newKeySet();

  private UserNames(Path folder, int ownId) {
    this.folder = folder;
    this.ownId = ownId;
  }

  /**
   * @param folder of the platform's own; made anew
   */
  static UserNames open(Path folder) throws IOException {
    ReplicaFolders.removeTree(folder);
    makeFolder(folder);
    return new UserNames(folder, (Integer) Files.getAttribute(folder, "unix:uid"));
  }

  /** The folder of a user; the platform's, where functions have none. */
  Path of(OptionalInt user) {
    return folder.resolve(Integer.toString(user.orElse(ownId)));
  }

  void make(OptionalInt user) throws IOException {
    int id = user.orElse(ownId);
    if (made.contains(id)) {
      return;
    }
    Path names = of(user);
    makeFolder(names);
    write(
        names.resolve("passwd"),
        """
        root:x:0:0:root:/:/usr/sbin/nologin
        app:x:%d:%d:function:/home/app:/bin/sh
        nobody:x:65534:65534:nobody:/:/usr/sbin/nologin
        """
            .formatted(id, id));
    write(
        names.resolve("group"),
        """
        root:x:0:
        app:x:%d:
        nogroup:x:65534:
        """
            .formatted(id));
    made.add(id);
  }

  private static void makeFolder(Path path) throws IOException {
    Files.createDirectories(path);
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static void write(Path file, String text) throws IOException {
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
  }
}
