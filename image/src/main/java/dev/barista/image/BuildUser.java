package dev.barista.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.zip.CRC32;

/**
 * Whom a function's build tools run as where the platform is root: a number that no account has,
 * above those of functions, the same in each build of that function, so that its caches stay its
 * own.
 *
 * @param id user and group
 */
record BuildUser(int id) {

  static final int FIRST = 2_100_000_000;
  private static final int COUNT = 40_000_000;

  static BuildUser of(Path dataFolder, ImageReference function) {
    var sum = new CRC32();
    sum.update((dataFolder + " " + function.repository()).getBytes(UTF_8));
    return new BuildUser(FIRST + (int) (sum.getValue() % COUNT));
  }

  /** Whether this process may become somebody else. */
  static boolean isPossible() {
    try {
      return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      return false;
    }
  }

  /** Gives it a folder with everything inside. Follows no link. */
  void own(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path at, BasicFileAttributes attributes)
              throws IOException {
            return give(at);
          }

          @Override
          public FileVisitResult visitFile(Path at, BasicFileAttributes attributes)
              throws IOException {
            return give(at);
          }
        });
  }

  private FileVisitResult give(Path at) throws IOException {
    Files.setAttribute(at, "unix:uid", id, LinkOption.NOFOLLOW_LINKS);
    Files.setAttribute(at, "unix:gid", id, LinkOption.NOFOLLOW_LINKS);
    return FileVisitResult.CONTINUE;
  }
}
