package dev.barista.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The script {@code ./barista} in a checkout of its own, whose Maven and Java are scripts that tell
 * how they were called.
 */
@Timeout(60)
class LauncherTest {

  private static final Path SCRIPT = Path.of("../barista").toAbsolutePath().normalize();

  private static final String MAVEN =
      """
      #!/bin/sh
      echo "$*" >>builds
      echo "[INFO] Building barista-api 0.1 [2/15]"
      if [ -e broken ]; then echo "[ERROR] X.java: no such class"; exit 1; fi
      mkdir -p server/target/barista/lib
      touch server/target/barista/lib/barista.jar server/target/barista/built
      """;
  private static final String JAVA =
      """
      #!/bin/sh
      case "$*" in
        *launch.Training*)
          echo training >>"$BUILDS"
          for last; do
            case $last in */aot) caches=$last ;; esac
          done
          [ -e "$BUILDS.killer" ] && kill -9 "$BARISTA_LAUNCHER"
          [ -e "$BUILDS.untrainable" ] && exit 1
          for cache in serve client watchdog; do echo 1 >"$caches/$cache.aot"; done ;;
        *" locale") echo "${LC_ALL:-} ${LC_CTYPE:-}" ;;
        *) echo "java $*" ;;
      esac
      """;

  @TempDir private Path folder;
  private Path root;
  private final Map<String, String> environment = new HashMap<>();

  private record Result(int exitCode, String out, String err) {}

  @BeforeEach
  void checkOut() throws IOException {
    root = Files.createDirectories(folder.resolve("my checkout"));
    Path builds = root.resolve("builds");
    script(root.resolve("barista"), Files.readString(SCRIPT));
    script(root.resolve("mvnw"), MAVEN);
    script(folder.resolve("jdk/bin/java"), JAVA.replace("$BUILDS", builds.toString()));
    Files.writeString(folder.resolve("jdk/release"), "X=1\nJAVA_VERSION=\"25.0.3\"\n");
    source("pom.xml");
    source("cli/src/main/java/A.java");
    source("provider/process/src/main/java/B.java");
    environment.put("JAVA_HOME", folder.resolve("jdk").toString());
    environment.put("HOME", folder.toString());
  }

  @Test
  void firstStart_buildsAndTrains_laterOnesDoNot() throws Exception {
    Result first = launch("list", "-v", "a  b");

    assertThat(first.exitCode()).isZero();
    assertThat(first.err())
        .startsWith("Building Barista.")
        .contains("  barista-api 0.1 [2/15]\n")
        .endsWith("Preparing a fast start: once after a build, some seconds.\n");
    assertThat(first.out())
        .startsWith("java -XX:+UseSerialGC ")
        .contains(" -XX:AOTCache=" + root + "/server/target/barista/aot/client.aot ")
        .endsWith("/lib/barista.jar dev.barista.server.BaristaMain list -v a  b\n");
    assertThat(builds()).containsExactly("-Pfast package -pl server -am", "training");

    Result second = launch("list");

    assertThat(second.err()).isEmpty();
    assertThat(builds()).hasSize(2);
  }

  @Test
  void changedSources_areBuilt_alsoWhenOneIsRemoved() throws Exception {
    launch();
    age();
    touch("provider/process/src/main/java/B.java");
    launch();
    assertThat(builds()).hasSize(4);

    age();
    Files.delete(root.resolve("cli/src/main/java/A.java"));
    launch();
    assertThat(builds()).hasSize(6);

    age();
    touch("pom.xml");
    launch();
    assertThat(builds()).hasSize(8);

    age();
    source("cli/src/test/java/ATest.java");
    launch();
    assertThat(builds()).hasSize(8);
  }

  @Test
  void serve_hasItsOwnCacheAndOptions() throws Exception {
    environment.put("BARISTA_JAVA_OPTS", "-Xmx1g -Dx=y");

    assertThat(launch("serve", "--port", "0").out())
        .contains(" -Xmx128m -Xmx1g -Dx=y ")
        .contains("/aot/serve.aot ")
        .endsWith(" serve --port 0\n");
    assertThat(launch("list").out()).doesNotContain("-Dx=y");
  }

  /** Else Java warns of it, on every laptop: there {@code build} gets its cgroup from systemd. */
  @ParameterizedTest
  @ValueSource(strings = {"build", "up", "publish", "doctor", "serve"})
  void verbsThatCallTheSystem_mayDoSo(String verb) throws Exception {
    assertThat(launch(verb).out())
        .contains(" --enable-native-access=ALL-UNNAMED ")
        .contains(".aot");
  }

  /** Else a file named in any other language ends the verb. */
  @ParameterizedTest
  @CsvSource({
    "'', '', ' C.UTF-8'",
    "'', POSIX, ' C.UTF-8'",
    "C, en_US.UTF-8, 'C.UTF-8 C.UTF-8'",
    "'', de_DE.utf8, ' '",
    "en_US.UTF-8, '', 'en_US.UTF-8 '",
  })
  void javaKnowsUtf8_whateverTheLocale(String all, String lang, String told) throws Exception {
    environment.put("LC_ALL", all);
    environment.put("LC_CTYPE", "");
    environment.put("LANG", lang);

    assertThat(launch("locale").out()).isEqualTo(told + "\n");
  }

  @Test
  void symbolicLink_leadsToTheCheckout() throws Exception {
    Files.createDirectory(folder.resolve("bin"));
    Files.createSymbolicLink(folder.resolve("bin/second"), Path.of("../first"));
    Files.createSymbolicLink(folder.resolve("first"), root.resolve("barista"));

    Result result = run(folder.resolve("bin"), List.of("./second", "list"));

    assertThat(result.out()).contains(root + "/server/target/barista/lib/barista.jar");
  }

  @Test
  void olderJdk_isPassedOver() throws Exception {
    launch();
    Files.writeString(folder.resolve("jdk/release"), "JAVA_VERSION=\"17.0.1\"\n");
    script(folder.resolve("path/bin/java"), JAVA);
    Files.writeString(folder.resolve("path/release"), "JAVA_VERSION=\"25\"\n");
    environment.put("PATH", folder.resolve("path/bin") + ":/usr/bin:/bin");

    assertThat(launch("list").exitCode()).isZero();
    assertThat(builds()).hasSize(2);
  }

  @Test
  void failedBuild_isToldAndLeavesNoLock() throws Exception {
    source("broken");

    Result result = launch("list");

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err())
        .contains("[ERROR] X.java: no such class")
        .endsWith("all of its output is in " + root + "/server/target/barista/build.log\n");
    assertThat(result.out()).isEmpty();
    assertThat(root.resolve("server/target/barista.lock")).doesNotExist();
  }

  @Test
  void failedTraining_costsTheCachesOnly() throws Exception {
    source("builds.untrainable");

    Result result = launch("list");

    assertThat(result.exitCode()).isZero();
    assertThat(result.err()).contains("There is no cache for client").contains("training.log");
    assertThat(result.out()).doesNotContain("AOTCache");
    launch("list");
    assertThat(builds()).hasSize(2);
  }

  @Test
  void twoFirstStarts_buildOnce() throws Exception {
    Process one = start(root, List.of("./barista", "list"));
    Process two = start(root, List.of("./barista", "list"));

    assertThat(one.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(two.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(List.of(one.exitValue(), two.exitValue())).containsExactly(0, 0);
    assertThat(builds()).hasSize(2);
  }

  @Test
  void lockOfAKilledStart_isTakenOver() throws Exception {
    leaveLock();

    assertThat(launch("list").exitCode()).isZero();
    assertThat(root.resolve("server/target/barista.lock")).doesNotExist();
  }

  /** Small systems have no ps: whether the owner lives is asked of the kernel. */
  @Test
  void lockOfAKilledStart_isTakenOver_withoutPs() throws Exception {
    Path tools = Files.createDirectories(folder.resolve("tools"));
    for (String tool :
        List.of(
            "cat",
            "env",
            "find",
            "grep",
            "head",
            "ln",
            "mkdir",
            "mktemp",
            "mv",
            "readlink",
            "rm",
            "sed",
            "sh",
            "sleep",
            "tail",
            "touch",
            "wc")) {
      script(tools.resolve(tool), "#!/bin/sh\nexec " + program(tool) + " \"$@\"\n");
    }
    environment.put("PATH", tools.toString());

    leaveLock();

    assertThat(launch("list").exitCode()).isZero();
    assertThat(builds()).hasSize(2);
  }

  @Test
  void killedTraining_leavesNothingBehindTheNextStart() throws Exception {
    Path temporary = Files.createDirectories(folder.resolve("tmp"));
    Path ofAnother = Files.createDirectory(temporary.resolve("barista-train." + me() + ".abc"));
    environment.put("TMPDIR", temporary.toString());
    source("builds.killer");

    assertThat(launch("list").exitCode()).isEqualTo(128 + 9);
    assertThat(temporary).isDirectoryContaining("glob:**/barista-train.*");
    Files.delete(root.resolve("builds.killer"));

    assertThat(launch("list").out()).contains("client.aot");
    assertThat(children(temporary)).containsExactly(ofAnother);
    assertThat(root.resolve("server/target/barista.lock")).doesNotExist();
  }

  private void leaveLock() throws Exception {
    Files.createDirectories(root.resolve("server/target"));
    Process gone = new ProcessBuilder("true").start();
    gone.waitFor();
    Files.createSymbolicLink(
        root.resolve("server/target/barista.lock"), Path.of(Long.toString(gone.pid())));
  }

  private static long me() {
    return ProcessHandle.current().pid();
  }

  private static List<Path> children(Path folder) throws IOException {
    try (var paths = Files.list(folder)) {
      return paths.toList();
    }
  }

  private static Path program(String name) {
    return Stream.of("/usr/bin", "/bin")
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow();
  }

  private Result launch(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(root.resolve("barista").toString()));
    command.addAll(List.of(arguments));
    return run(folder, command);
  }

  private Result run(Path where, List<String> command) throws IOException, InterruptedException {
    Process process = start(where, command);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return new Result(
        process.exitValue(),
        Files.readString(folder.resolve("out")),
        Files.readString(folder.resolve("err")));
  }

  private Process start(Path where, List<String> command) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(where.toFile())
            .redirectOutput(folder.resolve("out").toFile())
            .redirectError(folder.resolve("err").toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("BARISTA_"));
    builder.environment().putAll(environment);
    return builder.start();
  }

  private List<String> builds() throws IOException {
    return Files.readAllLines(root.resolve("builds"));
  }

  /** As if the last build had been a while ago. */
  private void age() throws IOException {
    FileTime past = FileTime.from(Instant.now().minusSeconds(60));
    FileTime longAgo = FileTime.from(Instant.now().minusSeconds(120));
    try (var paths = Files.walk(root)) {
      for (Path path : paths.toList()) {
        boolean made = path.startsWith(root.resolve("server"));
        Files.setLastModifiedTime(path, made ? past : longAgo);
      }
    }
    Files.setLastModifiedTime(
        root.resolve("server/target/barista/aot/for"), FileTime.from(Instant.now()));
  }

  private void touch(String path) throws IOException {
    Files.setLastModifiedTime(root.resolve(path), FileTime.from(Instant.now()));
  }

  private void source(String path) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, path);
  }

  private static void script(Path path, String text) throws IOException {
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
