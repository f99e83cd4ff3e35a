package dev.barista.image;

import dev.barista.cgroup.GroupJoin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Walls around a build tool, which runs code that strangers wrote: a package's set-up script, a
 * handler's test. At {@link BuildWalls#SANDBOX} its root is an empty, read-only tmpfs into which
 * only this is mounted:
 *
 * <pre>
 *   /usr, /bin, /sbin, /lib…   the host's programs and libraries, read only
 *   /etc/…                     names, certificates, time zone; no shadow, no keys
 *   the view's readable paths  interpreters, folders of packages, earlier layers; read only
 *   the view's own folders     the step's folder and the function's cache
 *   /tmp, /dev/shm             private, with a cap
 *   /proc, /dev                private
 * </pre>
 *
 * <p>It keeps the host's network, since packages come from there. Where the platform is root the
 * tool isn't: it runs as the view's user, without capabilities. Safe for several threads.
 */
final class BuildSandbox {

  private static final int PROBE_SECONDS = 10;
  private static final Path BUBBLEWRAP = Path.of("/usr/bin/bwrap");
  private static final Path SETPRIV = Path.of("/usr/bin/setpriv");
  private static final Path USR = Path.of("/usr");
  private static final String TMP_BYTES = Long.toString(256L << 20);
  private static final String SHM_BYTES = Long.toString(64L << 20);

  /**
   * Cores none, files of at most 2 GiB, threads and processes of one build's user; then it joins
   * its control group, as long as it may write there.
   */
  private static final String LIMITS =
      """
      ulimit -c 0; ulimit -f 4194304
      [ -z "$1" ] || ulimit -p "$1" 2>/dev/null || ulimit -u "$1" 2>/dev/null
      shift
      """
          + GroupJoin.SCRIPT
          + """
          exec "$@"
          """;

  private static final String MOST_PROCESSES = "2048";

  private static final List<Path> SYSTEM_FOLDERS =
      Stream.of("/bin", "/sbin", "/lib", "/lib64", "/lib32").map(Path::of).toList();

  /** Parents of what is mounted; bubblewrap would make them for root only. */
  private static final List<Path> PARENTS =
      Stream.of("/etc", "/etc/pki", "/etc/pki/tls", "/etc/ssl", "/var").map(Path::of).toList();

  private static final List<String> ETC =
      List.of(
          "/etc/alternatives",
          "/etc/ca-certificates",
          "/etc/ca-certificates.conf",
          "/etc/crypto-policies",
          "/etc/gai.conf",
          "/etc/group",
          "/etc/host.conf",
          "/etc/hosts",
          "/etc/ld.so.cache",
          "/etc/ld.so.conf",
          "/etc/ld.so.conf.d",
          "/etc/localtime",
          "/etc/maven",
          "/etc/mime.types",
          "/etc/nsswitch.conf",
          "/etc/os-release",
          "/etc/passwd",
          "/etc/php",
          "/etc/pki/tls/certs",
          "/etc/pki/ca-trust",
          "/etc/protocols",
          "/etc/resolv.conf",
          "/etc/services",
          "/etc/ssl/certs",
          "/etc/ssl/openssl.cnf",
          "/etc/timezone");

  private final Path hidden;
  private final boolean root;

  // Mutable state, guarded by this
  private Optional<BuildWalls> walls = Optional.empty();

  /**
   * @param hidden the store's folder: never to be seen, wherever it lies
   */
  BuildSandbox(Path hidden) {
    this.hidden = hidden;
    this.root = BuildUser.isPossible() && Files.isExecutable(SETPRIV);
  }

  /** A sandbox that takes these walls and asks nothing. */
  BuildSandbox(Path hidden, BuildWalls walls) {
    this(hidden);
    this.walls = Optional.of(walls);
  }

  /** The strongest that works here; found out once. */
  synchronized BuildWalls walls() {
    if (walls.isEmpty()) {
      walls = Optional.of(strongest());
    }
    return walls.get();
  }

  /** Whom that function's tools run as; empty where the platform can't choose. */
  Optional<BuildUser> userOf(ImageReference function) {
    return root && walls() != BuildWalls.NONE
        ? Optional.of(BuildUser.of(hidden, function))
        : Optional.empty();
  }

  /**
   * The command that runs another one inside the walls.
   *
   * @param joinFiles of its control group
   */
  List<String> wrap(List<String> command, BuildView view, List<Path> joinFiles) {
    return switch (walls()) {
      case SANDBOX -> sandboxed(command, view, joinFiles);
      case USER -> {
        List<String> line = limits(/* ownUser= */ true, joinFiles);
        view.user().ifPresent(user -> line.addAll(become(user)));
        line.addAll(command);
        yield line;
      }
      case NONE -> {
        List<String> line = limits(/* ownUser= */ false, joinFiles);
        line.addAll(command);
        yield line;
      }
    };
  }

  /** What a tool may have left running where no namespace ends with it. */
  void endAll(BuildUser user) throws IOException, InterruptedException {
    if (walls() == BuildWalls.USER) {
      List<String> line = new ArrayList<>(become(user));
      line.addAll(List.of("/bin/sh", "-c", "kill -9 -1"));
      new ProcessBuilder(line).start().waitFor();
    }
  }

  private List<String> sandboxed(List<String> command, BuildView view, List<Path> joinFiles) {
    List<String> line = limits(root, joinFiles);
    line.add(BUBBLEWRAP.toString());
    line.addAll(List.of("--unshare-pid", "--unshare-ipc", "--unshare-uts", "--hostname", "build"));
    line.addAll(List.of("--new-session", "--die-with-parent", "--cap-drop", "ALL"));
    if (root) {
      for (String capability : List.of("CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP")) {
        line.addAll(List.of("--cap-add", capability)); // for setpriv, which drops them
      }
    } else {
      line.add("--unshare-user");
    }
    addSystem(line, view);
    addView(line, view);
    line.addAll(List.of("--remount-ro", "/", "--chdir", view.folder().toString(), "--"));
    if (root) {
      view.user().ifPresent(user -> line.addAll(become(user)));
    }
    line.addAll(command);
    return line;
  }

  private void addSystem(List<String> line, BuildView view) {
    Set<Path> parents = new LinkedHashSet<>(PARENTS);
    Stream.of(view.readable(), view.writable(), List.of(view.folder()))
        .flatMap(Collection::stream)
        .filter(path -> !path.startsWith(USR))
        .forEach(path -> addParents(parents, path));
    Path tmp = Path.of("/tmp");
    addFolders(line, parents.stream().filter(path -> !path.startsWith(tmp)).toList());
    readOnly(line, USR);
    SYSTEM_FOLDERS.forEach(folder -> addSystemFolder(line, folder));
    ETC.forEach(file -> line.addAll(List.of("--ro-bind-try", file, file)));
    line.addAll(List.of("--proc", "/proc", "--dev", "/dev"));
    tmpfs(line, SHM_BYTES, "/dev/shm");
    tmpfs(line, TMP_BYTES, "/tmp");
    addFolders(
        line, parents.stream().filter(path -> path.startsWith(tmp) && !path.equals(tmp)).toList());
    line.addAll(List.of("--symlink", "/tmp", "/var/tmp"));
  }

  private void addView(List<String> line, BuildView view) {
    if (hidden.startsWith(USR)) {
      line.addAll(List.of("--tmpfs", hidden.toString()));
    }
    for (Path path : view.readable()) {
      if ((!path.startsWith(USR) || path.startsWith(hidden)) && !hidden.startsWith(path)) {
        line.addAll(List.of("--ro-bind-try", path.toString(), path.toString()));
      }
    }
    for (Path path : view.writable()) {
      line.addAll(List.of("--bind", path.toString(), path.toString()));
    }
    line.addAll(List.of("--bind", view.folder().toString(), view.folder().toString()));
  }

  private static List<String> limits(boolean ownUser, List<Path> joinFiles) {
    // Processes are counted by user: without one of its own the desktop's would count, too.
    String processes = ownUser ? MOST_PROCESSES : "";
    List<String> line = new ArrayList<>(List.of("/bin/sh", "-c", LIMITS, "build", processes));
    line.addAll(GroupJoin.arguments(joinFiles));
    return line;
  }

  /** The kernel forgets with the old user that the process is to die with its parent. */
  private static List<String> become(BuildUser user) {
    return List.of(
        SETPRIV.toString(),
        "--pdeathsig=KILL",
        "--reuid=" + user.id(),
        "--regid=" + user.id(),
        "--clear-groups",
        "--inh-caps=-all",
        "--bounding-set=-all",
        "--no-new-privs",
        "--");
  }

  private static void addSystemFolder(List<String> line, Path folder) {
    try {
      if (Files.isSymbolicLink(folder)) {
        String target = Files.readSymbolicLink(folder).toString();
        line.addAll(List.of("--symlink", target, folder.toString()));
      } else if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
        readOnly(line, folder);
      }
    } catch (IOException e) {
      // It went away; then the programs that need it say so.
    }
  }

  private static void addFolders(List<String> line, Collection<Path> folders) {
    folders.forEach(path -> line.addAll(List.of("--perms", "0755", "--dir", path.toString())));
  }

  /** The outermost first. */
  private static void addParents(Set<Path> parents, Path path) {
    Path parent = path.getParent();
    if (parent != null && parent.getNameCount() > 0) {
      addParents(parents, parent);
      parents.add(parent);
    }
  }

  private static void readOnly(List<String> line, Path path) {
    line.addAll(List.of("--ro-bind", path.toString(), path.toString()));
  }

  private static void tmpfs(List<String> line, String bytes, String at) {
    line.addAll(List.of("--size", bytes, "--tmpfs", at, "--chmod", "1777", at));
  }

  private BuildWalls strongest() {
    if (Files.isExecutable(BUBBLEWRAP) && (root || !BuildUser.isPossible())) {
      Path nothing = Path.of("/usr");
      var view =
          new BuildView(nothing, List.of(), List.of(), Optional.of(new BuildUser(BuildUser.FIRST)));
      if (succeeds(sandboxed(List.of("/bin/true"), view, List.of()))) {
        return BuildWalls.SANDBOX;
      }
    }
    if (root) {
      List<String> line = limits(/* ownUser= */ true, List.of());
      line.addAll(become(new BuildUser(BuildUser.FIRST)));
      line.add("/bin/true");
      return succeeds(line) ? BuildWalls.USER : BuildWalls.NONE;
    }
    return BuildWalls.NONE;
  }

  private static boolean succeeds(List<String> line) {
    try {
      Process process =
          new ProcessBuilder(line)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(PROBE_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
