package dev.barista.image;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Lays unpacked layers over each other into one tree of hard links, with OCI's whiteouts: {@code
 * .wh.NAME} hides a name of the layers below, {@code .wh..wh..opq} all of its folder.
 */
final class TreeAssembler {

  private static final String WHITEOUT = ".wh.";
  private static final String OPAQUE = ".wh..wh..opq";

  private final Path tree;

  TreeAssembler(Path tree) {
    this.tree = tree;
  }

  /** Lays one layer over what stands in the tree. */
  void add(Path layer) throws IOException {
    // Whiteouts speak of the layers below only, so they come before the layer's own files.
    Files.walkFileTree(layer, new Whiteouts(layer));
    Files.walkFileTree(layer, new Links(layer));
  }

  private Path place(Path layer, Path file) {
    return tree.resolve(layer.relativize(file).toString());
  }

  /** A folder of the upper layer may stand where the lower one has a link: nothing follows it. */
  private boolean isBelowLink(Path path) {
    for (Path part = path.getParent();
        part != null && !part.equals(tree);
        part = part.getParent()) {
      if (Files.isSymbolicLink(part)) {
        return true;
      }
    }
    return false;
  }

  private final class Whiteouts extends SimpleFileVisitor<Path> {
    private final Path layer;

    private Whiteouts(Path layer) {
      this.layer = layer;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      String name = Folders.name(file);
      if (name.startsWith(WHITEOUT)) {
        Path at = place(layer, file);
        if (!isBelowLink(at)) {
          hide(at, name);
        }
      }
      return FileVisitResult.CONTINUE;
    }

    private void hide(Path at, String name) throws IOException {
      String hidden = name.substring(WHITEOUT.length());
      if (name.equals(OPAQUE)) {
        Folders.clear(requireNonNull(at.getParent()));
      } else if (!hidden.isEmpty() && !hidden.equals(".") && !hidden.equals("..")) {
        Folders.delete(at.resolveSibling(hidden));
      }
    }
  }

  private final class Links extends SimpleFileVisitor<Path> {
    private final Path layer;

    private Links(Path layer) {
      this.layer = layer;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
        throws IOException {
      Path at = place(layer, folder);
      if (!Files.isDirectory(at, LinkOption.NOFOLLOW_LINKS)) {
        Files.deleteIfExists(at);
        Files.createDirectory(at);
        Files.setPosixFilePermissions(at, PosixFilePermissions.fromString("rwxr-xr-x"));
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      if (Folders.name(file).startsWith(WHITEOUT)) {
        return FileVisitResult.CONTINUE;
      }
      Path at = place(layer, file);
      Folders.delete(at);
      if (attributes.isSymbolicLink()) {
        Files.createSymbolicLink(at, Files.readSymbolicLink(file));
      } else {
        Files.createLink(at, file);
      }
      return FileVisitResult.CONTINUE;
    }
  }
}
