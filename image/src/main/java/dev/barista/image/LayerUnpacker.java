package dev.barista.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.barista.api.ErrorCode;
import dev.barista.api.FaasException;
import dev.barista.api.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * Unpacks the layer of a host image into a folder, trusting nothing in it.
 *
 * <p>Every entry lies below {@code home/app}, which becomes the folder itself. INVARIANT: each
 * parent of what is written is a real folder inside the target, never a link, so a name without
 * {@code ..} can't leave it. Links are only written, never followed; a symbolic link climbs first
 * and then descends, so that even a chain of links stays inside. Owners, times and setuid bits are
 * dropped: files are readable by all and writable by nobody.
 */
final class LayerUnpacker {

  static final String PREFIX = "home/app";

  private static final Set<PosixFilePermission> FOLDER =
      PosixFilePermissions.fromString("rwxr-xr-x");
  private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("r--r--r--");
  private static final Set<PosixFilePermission> PROGRAM =
      PosixFilePermissions.fromString("r-xr-xr-x");
  private static final int ANY_EXECUTE = 0111;

  /** Deeper trees could not be deleted by their whole names, which the system bounds at 4096. */
  private static final int LONGEST_NAME = 1024;

  private static final int LONGEST_PART = 255;

  private final Path target;
  private final UnpackLimits limits;
  private final long packedBytes;

  // Mutable state
  private final byte[] buffer = new byte[64 * 1024];
  private long bytes;
  private int entries;

  LayerUnpacker(Path target, UnpackLimits limits, long packedBytes) {
    this.target = target;
    this.limits = limits;
    this.packedBytes = packedBytes;
  }

  /**
   * Unpacks an uncompressed tar into the target, an empty folder.
   *
   * @throws FaasException IMAGE_INVALID that names the entry and what is wrong with it
   */
  void unpack(InputStream uncompressed) throws IOException {
    var tar = new TarArchiveInputStream(uncompressed, "UTF-8");
    for (TarArchiveEntry entry = next(tar); entry != null; entry = next(tar)) {
      if (++entries > limits.entries()) {
        throw refused(entry.getName(), "layer has more than " + limits.entries() + " entries");
      }
      unpack(entry, tar);
    }
  }

  @SuppressWarnings("NullAway") // the library isn't annotated: null is its end of archive
  private static TarArchiveEntry next(TarArchiveInputStream tar) throws IOException {
    try {
      return tar.getNextEntry();
    } catch (IllegalArgumentException e) {
      throw new IOException("damaged tar header", e);
    }
  }

  private void unpack(TarArchiveEntry entry, TarArchiveInputStream tar) throws IOException {
    List<String> path = pathOf(entry.getName());
    if (path.isEmpty()) {
      if (!entry.isDirectory()) {
        throw refused(entry.getName(), "isn't a folder");
      }
      return;
    }
    if (entry.isDirectory()) {
      folder(entry.getName(), path);
    } else if (entry.isSymbolicLink()) {
      symbolicLink(entry, path);
    } else if (entry.isLink()) {
      hardLink(entry, path);
    } else if (isPlainFile(entry)) {
      file(entry, path, tar);
    } else {
      throw refused(entry.getName(), "is a device, a pipe or another special file");
    }
  }

  /** The library's own question counts devices and pipes as files. */
  private static boolean isPlainFile(TarArchiveEntry entry) {
    byte kind = entry.getLinkFlag();
    return (kind == TarConstants.LF_NORMAL || kind == TarConstants.LF_OLDNORM) && !entry.isSparse();
  }

  private void file(TarArchiveEntry entry, List<String> path, TarArchiveInputStream tar)
      throws IOException {
    Path file = free(entry.getName(), path);
    try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW)) {
      for (int n = tar.read(buffer); n >= 0; n = tar.read(buffer)) {
        count(entry.getName(), n);
        out.write(buffer, 0, n);
      }
    }
    Files.setPosixFilePermissions(file, (entry.getMode() & ANY_EXECUTE) == 0 ? FILE : PROGRAM);
  }

  private void folder(String name, List<String> path) throws IOException {
    Path folder = parent(name, path).resolve(path.getLast());
    if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.deleteIfExists(folder);
    Files.createDirectory(folder);
    Files.setPosixFilePermissions(folder, FOLDER);
  }

  private void symbolicLink(TarArchiveEntry entry, List<String> path) throws IOException {
    String to = entry.getLinkName();
    if (!SafeLinks.staysInside(path.size() - 1, to)) {
      throw refused(entry.getName(), "links to " + to + ", which may leave the image's folder");
    }
    Files.createSymbolicLink(free(entry.getName(), path), Path.of(to));
  }

  private void hardLink(TarArchiveEntry entry, List<String> path) throws IOException {
    List<String> to = pathOf(entry.getLinkName());
    if (to.isEmpty()) {
      throw refused(entry.getName(), "is a link to a folder");
    }
    Path existing = parent(entry.getName(), to).resolve(to.getLast());
    if (!Files.isRegularFile(existing, LinkOption.NOFOLLOW_LINKS)) {
      throw refused(entry.getName(), "links to " + entry.getLinkName() + ", no file of the layer");
    }
    Path link = parent(entry.getName(), path).resolve(path.getLast());
    if (!link.equals(existing)) {
      Files.createLink(free(entry.getName(), path), existing);
    }
  }

  /** The entry's place with nothing there. A later entry of the same name wins, as in tar. */
  private Path free(String name, List<String> path) throws IOException {
    Path file = parent(name, path).resolve(path.getLast());
    if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
      throw refused(name, "is a folder and a file");
    }
    Files.deleteIfExists(file);
    return file;
  }

  private Path parent(String name, List<String> path) throws IOException {
    Path folder = target;
    for (String part : path.subList(0, path.size() - 1)) {
      folder = folder.resolve(part);
      if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
        continue;
      }
      if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
        throw refused(name, "lies below a link or a file");
      }
      if (++entries > limits.entries()) {
        throw refused(name, "layer has more than " + limits.entries() + " entries");
      }
      Files.createDirectory(folder);
      Files.setPosixFilePermissions(folder, FOLDER);
    }
    return folder;
  }

  private void count(String name, int n) {
    bytes += n;
    if (bytes > limits.bytes()) {
      throw refused(name, "layer unpacks to more than " + limits.bytes() + " bytes");
    }
    if (bytes > limits.ratioFreeBytes() && bytes / limits.ratio() > packedBytes) {
      throw refused(name, "layer unpacks to more than " + limits.ratio() + " times its size");
    }
  }

  /** Parts of a name below the prefix; empty for the prefix itself and the folders above it. */
  private static List<String> pathOf(String name) {
    if (name.startsWith("/") || name.indexOf('\0') >= 0) {
      throw refused(name, "has an absolute or an impossible name");
    }
    requireAtMost(LONGEST_NAME, name, name);
    List<String> parts = new ArrayList<>();
    for (String part : name.split("/")) {
      if (part.equals("..")) {
        throw refused(name, "has .. in its name");
      }
      if (!part.isEmpty() && !part.equals(".")) {
        requireAtMost(LONGEST_PART, part, name);
        parts.add(part);
      }
    }
    List<String> prefix = List.of(PREFIX.split("/"));
    int common = Math.min(parts.size(), prefix.size());
    if (!parts.subList(0, common).equals(prefix.subList(0, common))) {
      throw refused(name, "lies outside " + PREFIX + ", so this is no host image");
    }
    return parts.subList(common, parts.size());
  }

  private static void requireAtMost(int most, String text, String name) {
    if (text.getBytes(UTF_8).length > most) {
      throw refused(name, "has a name, or a part of it, of more than " + most + " bytes");
    }
  }

  private static FaasException refused(String name, String why) {
    return new FaasException(
        ErrorCode.IMAGE_INVALID,
        "image",
        "refused to unpack the image: " + Printable.head(name) + ' ' + Printable.line(why));
  }
}
