package dev.barista.provider.process.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Level sandbox: bubblewrap with mount, pid, ipc and uts namespaces of its own. The root is an
 * empty, read-only tmpfs into which only this is mounted:
 *
 * <pre>
 *   /usr, /bin, /sbin, /lib, /lib64   the host's programs and libraries, read only
 *   /etc                              names, certificates, time zone; no shadow, no private keys
 *   /run/names                        what /etc/passwd and /etc/group lead to
 *   interpreter, watchdog             read only, at their own paths
 *   /home/app                         the function's files, read only
 *   /run/barista                      the replica's own folder: socket and environment
 *   /var/openfaas/secrets             the function's secrets, read only
 *   /tmp, /dev/shm                    private, with a cap
 *   /proc, /dev                       private
 * </pre>
 *
 * <p>Where the platform is root, bubblewrap sets up as root and setpriv then leaves root for a user
 * of the function's own: root without capabilities could still write to files that belong to root,
 * such as {@code /proc/sys/kernel/core_pattern}. Elsewhere bubblewrap works in a user namespace.
 *
 * @param setpriv present where the platform is root
 */
record SandboxJail(Path bubblewrap, Optional<Path> setpriv, EtcFolder etc, UserNames names)
    implements Jail {

  private static final Path HOME = Path.of("/home/app");
  private static final Path IO = Path.of("/run/barista");
  private static final Path TMP = Path.of("/tmp");
  private static final Path SECRETS = Path.of("/var/openfaas/secrets");
  private static final Path USR = Path.of("/usr");

  private static final Pattern KERNEL = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})");

  /** Holds a link in any case. */
  private static final Path VAR = Path.of("/var");

  /** A link on hosts where / and /usr are merged, a folder on others. */
  private static final List<Path> SYSTEM_FOLDERS =
      List.of(
          Path.of("/bin"), Path.of("/sbin"), Path.of("/lib"), Path.of("/lib64"), Path.of("/lib32"));

  /** Of /usr and the system's folders; read once, since a call may wait for a start. */
  private static final List<String> SYSTEM_MOUNTS = systemMounts();

  @Override
  public IsolationLevel level() {
    return IsolationLevel.SANDBOX;
  }

  /**
   * Since Linux 5.14 the user's processes in a user namespace are counted by themselves; before, a
   * bound would count those of the whole desktop.
   */
  @Override
  public boolean boundsProcesses() {
    return setpriv.isEmpty() && countsByNamespace(System.getProperty("os.version", ""));
  }

  static boolean countsByNamespace(String kernel) {
    Matcher version = KERNEL.matcher(kernel);
    if (!version.lookingAt()) {
      return false;
    }
    int major = Integer.parseInt(version.group(1));
    return major > 5 || (major == 5 && Integer.parseInt(version.group(2)) >= 14);
  }

  @Override
  public void prepare(JailSpec spec) throws IOException {
    refresh();
    names.make(spec.user());
  }

  @Override
  public void refresh() throws IOException {
    etc.refresh();
  }

  @Override
  public List<String> commandLine(JailSpec spec, Map<String, String> environment) {
    List<String> line = new ArrayList<>(Jail.join(spec));
    line.add(bubblewrap.toString());
    addNamespaces(line, spec);
    addFileSystem(line, spec);
    line.add("--");
    setpriv.ifPresent(tool -> line.addAll(Jail.dropTo(tool, spec.user().orElseThrow())));
    line.addAll(enter(IO.resolve("env"), spec, environment));
    return line;
  }

  private void addNamespaces(List<String> line, JailSpec spec) {
    line.addAll(
        List.of(
            "--unshare-pid",
            "--unshare-ipc",
            "--unshare-uts",
            "--hostname",
            spec.hostName(),
            "--new-session",
            "--die-with-parent",
            "--cap-drop",
            "ALL"));
    if (setpriv.isPresent()) {
      for (String capability : List.of("CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP")) {
        line.addAll(List.of("--cap-add", capability)); // for setpriv, which drops them
      }
    } else {
      line.add("--unshare-user");
    }
  }

  private void addFileSystem(List<String> line, JailSpec spec) {
    Set<Path> parents = new LinkedHashSet<>();
    addParents(parents, HOME);
    addParents(parents, IO);
    spec.secrets().ifPresent(_ -> addParents(parents, SECRETS));
    spec.readable().stream().filter(SandboxJail::isOutsideUsr).forEach(p -> addParents(parents, p));
    parents.add(VAR);
    addFolders(line, parents);
    line.addAll(SYSTEM_MOUNTS);
    line.addAll(List.of("--ro-bind", etc.folder().toString(), "/etc"));
    for (String folder : etc.mounted()) {
      line.addAll(List.of("--ro-bind-try", "/etc/" + folder, "/etc/" + folder));
    }
    line.addAll(List.of("--ro-bind", names.of(spec.user()).toString(), EtcFolder.NAMES.toString()));
    line.addAll(List.of("--proc", "/proc", "--dev", "/dev"));
    addTmp(line, Path.of("/dev/shm"), spec.limits().tmpBytes());
    addTmp(line, TMP, spec.limits().tmpBytes());
    // What was made below /tmp is hidden now: a platform may lie there.
    addFolders(
        line, parents.stream().filter(path -> path.startsWith(TMP) && !path.equals(TMP)).toList());
    line.addAll(List.of("--symlink", "/tmp", "/var/tmp"));
    // What lies in /usr is there already.
    spec.readable().stream()
        .filter(SandboxJail::isOutsideUsr)
        .forEach(path -> readOnly(line, path));
    line.addAll(List.of("--ro-bind", spec.tree().toString(), HOME.toString()));
    line.addAll(List.of("--bind", spec.folders().io().toString(), IO.toString()));
    spec.secrets()
        .ifPresent(
            folder -> line.addAll(List.of("--ro-bind", folder.toString(), SECRETS.toString())));
    line.addAll(List.of("--remount-ro", "/dev", "--remount-ro", "/"));
  }

  /** Parents that bubblewrap makes by itself are open to root only. */
  private static void addFolders(List<String> line, Collection<Path> folders) {
    folders.forEach(path -> line.addAll(List.of("--perms", "0755", "--dir", path.toString())));
  }

  private static List<String> systemMounts() {
    List<String> line = new ArrayList<>();
    readOnly(line, USR);
    SYSTEM_FOLDERS.forEach(folder -> addSystemFolder(line, folder));
    return List.copyOf(line);
  }

  private static void addSystemFolder(List<String> line, Path folder) {
    if (Files.isSymbolicLink(folder)) {
      line.addAll(List.of("--symlink", linkTarget(folder), folder.toString()));
    } else if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      readOnly(line, folder);
    }
  }

  private static String linkTarget(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void addTmp(List<String> line, Path at, long bytes) {
    line.addAll(List.of("--size", Long.toString(bytes), "--tmpfs", at.toString()));
    line.addAll(List.of("--chmod", "1777", at.toString()));
  }

  private static void readOnly(List<String> line, Path path) {
    line.addAll(List.of("--ro-bind", path.toString(), path.toString()));
  }

  private static boolean isOutsideUsr(Path path) {
    return !path.startsWith(USR);
  }

  /** The outermost first. */
  private static void addParents(Set<Path> parents, Path path) {
    Path parent = path.getParent();
    if (parent != null && parent.getNameCount() > 0) {
      addParents(parents, parent);
      parents.add(parent);
    }
  }

  @Override
  public Path home(JailSpec spec) {
    return HOME;
  }

  @Override
  public Path socket(ReplicaFolders folders) {
    return IO.resolve(folders.socket().getFileName());
  }

  @Override
  public Optional<Path> secrets(JailSpec spec) {
    return spec.secrets().map(_ -> SECRETS);
  }

  @Override
  public Path tmp(ReplicaFolders folders) {
    return TMP;
  }
}
