package dev.barista.cgroup;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.barista.cgroup.Delegation.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A user's systemd that is a script, and a tree of cgroups that are folders. */
class DelegationTest {

  private static final long OWN_PID = 4_242;

  private @TempDir Path folder;

  private final List<String> became = new ArrayList<>();
  private Path mount;
  private Path session;

  @BeforeEach
  void makeTree() throws IOException {
    Path process = Files.createDirectories(folder.resolve("proc"));
    mount = group("mount", "");
    session = group("mount/session-1.scope", "");
    group("mount/run-1.scope", "cpu memory pids");
    Files.writeString(session.resolve("cgroup.procs"), OWN_PID + "\n77777777\n");
    Files.writeString(
        process.resolve("mountinfo"), "30 20 0:26 / " + mount + " rw - cgroup2 cgroup2 rw\n");
    Files.writeString(process.resolve("cgroup"), "0::/session-1.scope\n");
    Files.writeString(process.resolve("exe"), "");
    Files.writeString(process.resolve("cmdline"), "java\0-cp\0a b\0Main\0\0");
    Files.writeString(process.resolve("environ"), "KEPT=a\nb\0PATH=/bin\0");
    Files.createDirectories(folder.resolve("bin"));
  }

  private Path group(String path, String controllers) throws IOException {
    Path group = Files.createDirectories(folder.resolve(path));
    Files.writeString(group.resolve("cgroup.controllers"), controllers);
    Files.writeString(group.resolve("cgroup.procs"), "");
    return group;
  }

  private void systemdRun(String script) throws IOException {
    Path program = folder.resolve("bin/systemd-run");
    Files.writeString(program, "#!/bin/sh\n" + script);
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Outcome enter(boolean root, Map<String, String> variables) {
    return new Delegation(
            folder.resolve("proc"),
            OWN_PID,
            root,
            variables,
            (_, arguments, environment) -> {
              became.addAll(arguments);
              became.add("marked " + environment.get(Delegation.VARIABLE).orElse("not"));
            })
        .enter();
  }

  private Map<String, String> path() {
    return Map.of("PATH", "relative:" + folder.resolve("bin"));
  }

  @Test
  void platformWithoutAGroup_becomesItselfInADelegatedScope() throws IOException {
    systemdRun("exit 0\n");

    enter(/* root= */ false, path());

    assertThat(became)
        .startsWith(
            folder.resolve("bin/systemd-run").toString(),
            "--user",
            "--scope",
            "--quiet",
            "--collect",
            "-p",
            "Delegate=yes",
            "--",
            folder.resolve("proc/exe").toRealPath().toString(),
            "-cp",
            "a b",
            "Main",
            "")
        .endsWith("marked " + OWN_PID);
  }

  @Test
  void platformThatWasStartedAgain_triesNoSecondTime() throws IOException {
    systemdRun("exit 0\n");

    Outcome outcome =
        enter(
            /* root= */ false,
            Map.of(
                "PATH",
                folder.resolve("bin").toString(),
                Delegation.VARIABLE,
                Long.toString(OWN_PID)));

    assertThat(outcome).isEqualTo(new Outcome.NotNeeded());
    assertThat(became).isEmpty();
  }

  /** As one that a function or a shell below the platform inherited. */
  @Test
  void markOfAnotherProcess_keepsNobodyFromTrying() throws IOException {
    systemdRun("exit 0\n");

    enter(
        /* root= */ false,
        Map.of("PATH", folder.resolve("bin").toString(), Delegation.VARIABLE, "1"));

    assertThat(became).isNotEmpty();
  }

  @Test
  void whoNeedsNone_asksNobody() throws IOException {
    systemdRun("touch " + folder.resolve("asked") + "\n");

    assertThat(enter(/* root= */ true, path())).isEqualTo(new Outcome.NotNeeded());
    Files.writeString(session.resolve("cgroup.controllers"), "memory pids");
    Files.writeString(session.resolve("cgroup.procs"), OWN_PID + "\n");
    assertThat(enter(/* root= */ false, path())).isEqualTo(new Outcome.NotNeeded());
    Files.writeString(
        folder.resolve("proc/mountinfo"), "31 24 0:27 / " + mount + " rw - cgroup cgroup rw,cpu\n");
    assertThat(enter(/* root= */ false, path())).isEqualTo(new Outcome.NotNeeded());
    assertThat(folder.resolve("asked")).doesNotExist();
    assertThat(became).isEmpty();
  }

  @Test
  void missingOrFailingSystemdRun_leavesThePlatformWhereItIs() throws IOException {
    assertThat(enter(/* root= */ false, path())).isInstanceOf(Outcome.Refused.class);
    assertThat(enter(/* root= */ false, Map.of())).isInstanceOf(Outcome.Refused.class);

    systemdRun("echo 'Failed to connect to bus' >&2; exit 1\n");

    assertThat(enter(/* root= */ false, path())).isInstanceOf(Outcome.Refused.class);
    assertThat(became).isEmpty();
    assertThat(
            new CgroupFinder(folder.resolve("proc"), OWN_PID, folder.resolve("memo"))
                .open("barista-x", new GroupLimits(OptionalLong.empty(), OptionalLong.empty(), 10))
                .description())
        .contains("not delegated", "systemd-run --user --scope -p Delegate=yes");
  }

  /** The real thing: another JVM, execve, and a script that does what systemd-run does. */
  @Test
  void process_staysTheSame_withItsStreamsArgumentsAndVariables() throws Exception {
    List<Path> links = linkToSelf();
    systemdRun(
        """
        for last; do :; done
        [ "$last" = true ] && exit 0
        echo '0::/run-1.scope' > %s/proc/cgroup
        while [ "$1" != -- ]; do shift; done
        shift
        exec "$@"
        """
            .formatted(folder));
    ProcessBuilder builder =
        new ProcessBuilder(
            System.getProperty("java.home") + "/bin/java",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            ScopedProcess.class.getName(),
            folder.resolve("proc").toString(),
            "with a space",
            "");
    builder.environment().put("PATH", folder.resolve("bin") + ":" + System.getenv("PATH"));
    builder.environment().put("KEPT", "a\nb=c");
    Process process = builder.redirectErrorStream(true).start();

    process.getOutputStream().write("in\n".getBytes(UTF_8));
    process.getOutputStream().flush();
    String said = new String(process.getInputStream().readNBytes(200), UTF_8);

    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(said)
        .isEqualTo(
            """
            pid %d in group 0::/run-1.scope, arguments [with a space, ], KEPT a|b=c, read in
            """
                .formatted(process.pid()));
    assertThat(process.exitValue()).isEqualTo(7);
    for (Path link : links) {
      Files.delete(link); // JUnit would warn of links that leave its folder
    }
  }

  /** Each process that looks there sees itself. */
  private List<Path> linkToSelf() throws IOException {
    List<Path> links = new ArrayList<>();
    for (String file : List.of("exe", "cmdline", "environ")) {
      Path link = folder.resolve("proc").resolve(file);
      Files.delete(link);
      links.add(Files.createSymbolicLink(link, Path.of("/proc/self", file)));
    }
    return links;
  }
}
