package dev.barista.provider.process.sandbox;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What every sandbox of this platform has as {@code /etc}: copies of the few files of the host that
 * a program may need, in one folder, with a few large folders mounted over it. One mount instead of
 * twenty spares a cold start 3 ms, and the lookup of a user in libraries that only the host's own
 * daemons need another half.
 *
 * <p>A copy is as old as the host's file: {@link #refresh} compares, before each start. Replicas
 * that run see the change too. {@code passwd} and {@code group} lead to {@link #NAMES}, which is
 * each replica's own, {@code hostname} to what the kernel says.
 *
 * <p>What others may not read on the host is not copied, so that a platform of root shows no more
 * than a function's user could read anyway. Thread-safe.
 */
final class EtcFolder {

  /** Where a sandbox has its own {@code passwd} and {@code group}. */
  static final Path NAMES = Path.of("/run/names");

  /** Tells whoever reads it the name of its own sandbox, which is its replica's. */
  private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");

  private static final Path HOST = Path.of("/etc");

  /** Files and folders, below {@code /etc}. */
  private static final List<String> COPIED =
      List.of(
          "ca-certificates",
          "ca-certificates.conf",
          "crypto-policies",
          "gai.conf",
          "host.conf",
          "hosts",
          "ld.so.cache",
          "ld.so.conf",
          "ld.so.conf.d",
          "localtime",
          "mime.types",
          "nsswitch.conf",
          "os-release",
          "protocols",
          "resolv.conf",
          "services",
          "ssl/openssl.cnf",
          "timezone");

  /**
   * Folders with hundreds of entries, of which most are links: a mount each is cheaper than copies
   * that have to be compared and, with the data folder, deleted.
   */
  private static final List<String> MOUNTED =
      List.of("alternatives", "pki/ca-trust", "pki/tls/certs", "ssl/certs");

  /** What a file that isn't there answers as its time. */
  private static final long MISSING = 0;

  private static final String LOOKUPS = "nsswitch.conf";

  private static final Pattern USERS = Pattern.compile("^(passwd|group|shadow|gshadow):.*");

  private final Path host;
  private final Path folder;
  private final boolean root;
  private final List<String> mounted;
  // The lock of this object guards everything below.
  private final Map<String, Long> copied = new HashMap<>();

  private EtcFolder(Path host, Path folder, boolean root) {
    this.host = host;
    this.folder = folder;
    this.root = root;
    this.mounted = MOUNTED.stream().filter(name -> Files.isDirectory(host.resolve(name))).toList();
  }

  /**
   * @param folder made if missing; copies of an earlier start are taken over if they are still true
   * @param root whether the platform may read more than a function may
   */
  static EtcFolder open(Path folder, boolean root) throws IOException {
    return open(HOST, folder, root);
  }

  static EtcFolder open(Path host, Path folder, boolean root) throws IOException {
    EtcFolder etc = new EtcFolder(host, folder, root);
    makeFolder(folder);
    etc.takeOver();
    for (String name : etc.mounted) {
      makeParents(folder, Path.of(name));
    }
    etc.link("passwd", NAMES.resolve("passwd"));
    etc.link("group", NAMES.resolve("group"));
    etc.link("hostname", HOST_NAME);
    etc.refresh();
    return etc;
  }

  Path folder() {
    return folder;
  }

  /** Folders of the host, below {@code /etc}, that are mounted over this one. */
  List<String> mounted() {
    return mounted;
  }

  /** Copies again what has changed on the host. Costs a look at each file. */
  synchronized void refresh() throws IOException {
    for (String name : COPIED) {
      if (changedAt(host.resolve(name)) != copied.getOrDefault(name, MISSING)) {
        renew(name);
      }
    }
  }

  /** A copy has the time of what it was made from. */
  private synchronized void takeOver() {
    for (String name : COPIED) {
      copied.put(name, changedAt(folder.resolve(name)));
    }
  }

  /**
   * In milliseconds. Not by {@code Files}: that makes an exception of each of the many files that a
   * host lacks.
   */
  private static long changedAt(Path path) {
    return path.toFile().lastModified();
  }

  private void renew(String name) throws IOException {
    Path from = host.resolve(name);
    Path to = folder.resolve(name);
    Path fresh = to.resolveSibling(to.getFileName() + ".new");
    long time = changedAt(from);
    ReplicaFolders.removeTree(fresh);
    if (time == MISSING) {
      ReplicaFolders.removeTree(to);
      copied.remove(name);
      return;
    }
    makeFolder(to.getParent() == null ? folder : to.getParent());
    copy(from.toRealPath(), fresh);
    if (Files.isDirectory(to, LinkOption.NOFOLLOW_LINKS) || !Files.exists(fresh)) {
      ReplicaFolders.removeTree(to); // a folder with something in it can't be replaced
    }
    if (Files.exists(fresh)) {
      Files.setLastModifiedTime(fresh, FileTime.fromMillis(time));
      Files.move(fresh, to, StandardCopyOption.ATOMIC_MOVE);
    }
    copied.put(name, time);
  }

  private void copy(Path from, Path to) throws IOException {
    if (Files.isSymbolicLink(from)) {
      Files.createSymbolicLink(to, Files.readSymbolicLink(from));
    } else if (!isForEverybody(from)) {
      return;
    } else if (Files.isDirectory(from)) {
      makeFolder(to);
      try (Stream<Path> children = Files.list(from)) {
        for (Path child : children.toList()) {
          copy(child, to.resolve(child.getFileName()));
        }
      }
    } else if (Files.isRegularFile(from)) {
      copyFile(from, to);
    }
  }

  private void copyFile(Path from, Path to) throws IOException {
    if (from.endsWith(LOOKUPS)) {
      // The users of a sandbox are in its files; the host's daemons don't know them.
      Files.write(
          to,
          Files.readAllLines(from, ISO_8859_1).stream()
              .map(line -> USERS.matcher(line).replaceFirst("$1: files"))
              .toList(),
          ISO_8859_1);
    } else {
      Files.copy(from, to);
    }
    Files.setPosixFilePermissions(to, PosixFilePermissions.fromString("rw-r--r--"));
  }

  private boolean isForEverybody(Path path) throws IOException {
    return root
        ? Files.getPosixFilePermissions(path).contains(PosixFilePermission.OTHERS_READ)
        : Files.isReadable(path);
  }

  private void link(String name, Path target) throws IOException {
    Path link = folder.resolve(name);
    if (!Files.isSymbolicLink(link)) {
      Files.createSymbolicLink(link, target);
    }
  }

  private static void makeParents(Path folder, Path name) throws IOException {
    Path at = folder;
    for (Path part : name) {
      at = at.resolve(part);
      makeFolder(at);
    }
  }

  private static void makeFolder(Path path) throws IOException {
    Files.createDirectories(path);
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
