package dev.barista.image;

import static dev.barista.image.BuildRefusal.refused;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * One file of a user's folder.
 *
 * @param path below the folder, with {@code /}
 */
record FolderFile(String path, Path source, boolean executable) {

  private static final Set<String> SKIPPED = Set.of(".git", "__pycache__", ".DS_Store");
  private static final Set<String> SKIPPED_AT_TOP = Set.of("build", "template");

  /** What Java reads in place of bytes that are no character; written, it is another name. */
  private static final char UNREADABLE = '\ufffd';

  private static final int MOST_FILES = 100_000;

  /**
   * All files below a folder in one order, without version control, caches and the folders that
   * builds make. A link counts as the file it leads to, which must be in the folder.
   */
  static List<FolderFile> below(Path folder) throws IOException {
    Path root = folder.toRealPath();
    List<FolderFile> files = new ArrayList<>();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path at, BasicFileAttributes attributes) {
            return isSkipped(root, at) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path at, BasicFileAttributes attributes)
              throws IOException {
            if (!isSkipped(root, at)) {
              files.add(file(root, at));
            }
            if (files.size() > MOST_FILES) {
              throw refused(folder + " has more than " + MOST_FILES + " files");
            }
            return FileVisitResult.CONTINUE;
          }
        });
    files.sort(Comparator.comparing(FolderFile::path));
    return files;
  }

  byte[] read() throws IOException {
    return Files.readAllBytes(source);
  }

  private static boolean isSkipped(Path root, Path at) {
    String name = Folders.name(at);
    return !at.equals(root)
        && (SKIPPED.contains(name)
            || (root.equals(at.getParent()) && SKIPPED_AT_TOP.contains(name)));
  }

  private static FolderFile file(Path root, Path at) throws IOException {
    String path = root.relativize(at).toString();
    if (path.indexOf(UNREADABLE) >= 0) {
      throw refused(path + " has a name that isn't UTF-8: rename it");
    }
    if (!Files.exists(at)) {
      throw refused(path + " is a link that leads nowhere");
    }
    Path real = at.toRealPath();
    if (!real.startsWith(root)) {
      throw refused(path + " is a link out of the function's folder: copy the file in");
    }
    if (!Files.isRegularFile(real)) {
      throw refused(path + " is neither a file nor a folder");
    }
    return new FolderFile(path, real, Files.isExecutable(real));
  }
}
