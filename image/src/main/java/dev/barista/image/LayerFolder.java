package dev.barista.image;

import static dev.barista.image.BuildRefusal.refused;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Layer content to a folder where tools work on it, and back. */
final class LayerFolder {

  private LayerFolder() {}

  static void write(NavigableMap<String, LayerEntry> entries, Path folder) throws IOException {
    for (Map.Entry<String, LayerEntry> entry : entries.entrySet()) {
      Path file = folder.resolve(entry.getKey());
      Files.createDirectories(file.resolveSibling("."));
      try (InputStream in = entry.getValue().open()) {
        Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
      }
      if (entry.getValue().executable() && !file.toFile().setExecutable(true)) {
        throw new IOException("can't make " + file + " executable");
      }
    }
  }

  /** All files below a folder that tools filled. A link that may lead out of it is refused. */
  static NavigableMap<String, LayerEntry> entries(Path folder) throws IOException {
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      throw refused("a build tool took the folder of its results away");
    }
    NavigableMap<String, LayerEntry> entries = new TreeMap<>();
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Path path = folder.relativize(file);
            if (attributes.isSymbolicLink()) {
              entries.put(path.toString(), link(path, Files.readSymbolicLink(file).toString()));
            } else if (attributes.isRegularFile()) {
              entries.put(path.toString(), new LayerEntry.OnDisk(file, Files.isExecutable(file)));
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return entries;
  }

  private static LayerEntry link(Path path, String to) {
    if (!SafeLinks.staysInside(path.getNameCount() - 1, to)) {
      throw refused(
          "a package brought the link " + path + " to " + to + ", which may leave the image");
    }
    return new LayerEntry.Link(to);
  }
}
