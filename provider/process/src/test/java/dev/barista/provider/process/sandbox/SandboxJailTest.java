package dev.barista.provider.process.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sandbox of a platform that isn't root and has no cgroups, as on a laptop. */
class SandboxJailTest {

  private static final int USER = 1_899_999_999;
  private static final int PROCESSES = 20;

  private @TempDir Path folder;

  /** A fork bomb took the whole machine with it where no cgroup could be made. */
  @Test
  void forkBombWithoutCgroups_endsAtTheBound() throws IOException, InterruptedException {
    String output = run("i=0; while [ $i -lt 60 ]; do sleep 5 & i=$((i+1)); echo $i; done");

    assertThat(output).containsIgnoringCase("fork").contains("10\n").doesNotContain("30\n");
  }

  @Test
  void kernelThatCountsTheWholeDesktop_isNotTrustedWithTheBound() {
    assertThat(SandboxJail.countsByNamespace("6.18.44-generic")).isTrue();
    assertThat(SandboxJail.countsByNamespace("5.14.0-70.el9")).isTrue();
    assertThat(SandboxJail.countsByNamespace("5.13.19")).isFalse();
    assertThat(SandboxJail.countsByNamespace("4.18.0-553.el8")).isFalse();
    assertThat(SandboxJail.countsByNamespace("unknown")).isFalse();
  }

  private String run(String script) throws IOException, InterruptedException {
    Tools tools = Tools.find();
    assumeThat(tools.bubblewrap()).as("bwrap").isPresent();
    assumeThat(tools.setpriv()).as("setpriv").isPresent();
    assumeThat(Files.getAttribute(folder, "unix:uid")).as("root, to become a user").isEqualTo(0);
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    SandboxJail jail =
        new SandboxJail(
            tools.bubblewrap().orElseThrow(),
            Optional.empty(),
            EtcFolder.open(folder.resolve("etc"), /* root= */ true),
            UserNames.open(folder.resolve("names")));
    assumeThat(jail.boundsProcesses()).as("Linux 5.14").isTrue();
    ReplicaFolders folders = new ReplicaFolders(folder.resolve("run"));
    folders.make(OptionalInt.of(USER), Map.of("PATH", "/usr/bin:/bin"), jail.hasOwnTmp());
    Path tree = Files.createDirectory(folder.resolve("tree"));
    JailSpec spec =
        new JailSpec(
            tree,
            List.of(),
            folders,
            OptionalInt.empty(),
            ProcessLimits.DEFAULT,
            PROCESSES,
            "bomb",
            List.of(),
            Optional.empty(),
            List.of("/bin/sh", "-c", script),
            /* standsBy= */ false);
    jail.prepare(spec);
    List<String> line = new ArrayList<>(Jail.dropTo(tools.setpriv().orElseThrow(), USER));
    line.addAll(jail.commandLine(spec, Map.of()));
    Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    process.waitFor();
    return output;
  }
}
