package dev.barista.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barista.api.FaasException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuildToolTest {

  @TempDir Path folder;

  private static final ImageReference FUNCTION = ImageReference.parse("fn");

  private final List<String> lines = new ArrayList<>();
  private Path data;
  private Path home;
  private Path work;

  @BeforeEach
  void folders() throws IOException {
    data = Files.createDirectories(folder.resolve("data/images"));
    home = Files.createDirectories(folder.resolve("home"));
    work = Files.createDirectories(data.resolve("tmp/build"));
    // JUnit's folder lies below /tmp for its owner only, a data folder lets others pass.
    for (Path at = work; at.startsWith(folder); at = at.resolve("..").normalize()) {
      Files.setPosixFilePermissions(at, PosixFilePermissions.fromString("rwx--x--x"));
    }
    Files.writeString(data.resolve("other-image"), "secret");
    Files.writeString(data.resolve("password"), "secret");
    Files.setPosixFilePermissions(
        data.resolve("password"), PosixFilePermissions.fromString("rw-------"));
    Files.writeString(home.resolve("credentials"), "secret");
  }

  @Test
  void toolInItsSandbox_seesNeitherHomeNorOtherImages_andWritesInItsFolderOnly() throws Exception {
    Tools.require("bwrap");

    Path step =
        run(
            tool(BuildTool.Caps.DEFAULT),
            "cat %1$s/credentials; cat %2$s/other-image; echo x > %1$s/new; echo x > /usr/new;"
                    .formatted(home, data)
                + " echo x > /new; kill -9 "
                + ProcessHandle.current().pid()
                + "; echo done > result; env");

    assertThat(lines).noneMatch(line -> line.contains("secret"));
    assertThat(home.resolve("new")).doesNotExist();
    assertThat(step.resolve("result")).hasContent("done");
    assertThat(lines).anyMatch(line -> line.contains("ONLY=this"));
    assertThat(lines).noneMatch(line -> line.contains("JAVA_HOME="));
    assertThat(lines).contains("  HOME=" + step.resolve(".home"));
  }

  /** A package's set-up script could ask the session bus or the container engine for anything. */
  @Test
  void toolInItsSandbox_seesAListOfFoldersAndNoOther() throws Exception {
    Tools.require("bwrap");

    run(
        tool(BuildTool.Caps.DEFAULT),
        "cat /etc/resolv.conf > resolver; exec 2>/dev/null; ls -A / | tr '\\n' ' '; echo;"
            + " ls /root /home /run /var/lib /etc/ssh /etc/ssl/private /sys; cat /etc/shadow;"
            + " touch /dev/shm/x && echo shm; ls /proc | grep -c '^[0-9]'");

    assertThat(lines.getFirst().strip().split(" "))
        .isSubsetOf(
            "bin", "dev", "etc", "lib", "lib32", "lib64", "proc", "sbin", "tmp", "usr", "var");
    assertThat(lines.subList(1, lines.size())).first().isEqualTo("  shm");
    assertThat(Integer.parseInt(lines.getLast().strip())).isLessThan(8);
  }

  @Test
  void toolOfAPlatformThatIsRoot_isNobody_andCanGainNothing() throws Exception {
    Assumptions.assumeTrue(BuildUser.isPossible(), "the tests don't run as root");
    Tools.require("setpriv");

    for (BuildWalls walls : List.of(BuildWalls.SANDBOX, BuildWalls.USER)) {
      lines.clear();
      run(
          tool(walls, BuildTool.Caps.DEFAULT),
          "id -u; id -G; grep -E 'CapEff|CapBnd|NoNewPrivs' /proc/self/status;"
              + " cat %s/password; ls %s; echo x > /proc/sys/kernel/core_pattern && echo kernel;"
                  .formatted(data, data)
              + " mount -t tmpfs none /mnt && echo mounted; kill -0 1 && echo signal");

      String user = "  " + BuildUser.of(data, FUNCTION).id();
      assertThat(lines).as("%s", walls).contains(user, "  NoNewPrivs:\t1");
      assertThat(lines)
          .as("%s", walls)
          .noneMatch(line -> line.contains("secret") || line.contains("other-image"))
          .doesNotContain("  kernel", "  mounted")
          .contains("  CapEff:\t0000000000000000", "  CapBnd:\t0000000000000000");
    }
  }

  @Test
  void processThatAToolLeavesBehind_endsWithIt() throws Exception {
    Assumptions.assumeTrue(BuildUser.isPossible(), "the tests don't run as root");
    Tools.require("setpriv");
    for (BuildWalls walls : List.of(BuildWalls.SANDBOX, BuildWalls.USER)) {
      run(
          tool(walls, BuildTool.Caps.DEFAULT),
          "setsid sleep 7654321 <&- >/dev/null 2>&1 & sleep 0.1");

      while (isRunning("7654321")) {
        Thread.onSpinWait();
      }
    }
  }

  /** What a tool planted in its folder must not lead the platform's next write out of it. */
  @Test
  void linkThatAToolPlanted_leadsTheNextStepNowhere() throws Exception {
    BuildTool tool = tool(BuildTool.Caps.DEFAULT);
    Path step = run(tool, "rm -rf out; ln -s %s out".formatted(home));

    assertThatThrownBy(() -> LayerFolder.entries(step.resolve("out")))
        .isInstanceOf(FaasException.class)
        .hasMessage("a build tool took the folder of its results away");
    assertThat(home).isDirectoryContaining(file -> file.endsWith("credentials"));
  }

  /** A fork that survives the kill of the one that ate must not stay behind either. */
  @Test
  void toolThatFillsTheMemory_isEnded_andTheSettingIsNamed() throws Exception {
    try (var groups =
        BuildGroups.own(ImageStore.open(data), new BuildLimits(64L << 20, BuildLimits.TIME))) {
      Assumptions.assumeTrue(groups.gap().isEmpty(), () -> groups.gap().orElse(""));
      for (BuildWalls walls : possibleWalls()) {
        try (var tool = tool(new BuildSandbox(data, walls), groups, BuildTool.Caps.DEFAULT)) {
          assertThatThrownBy(
                  () ->
                      run(
                          tool,
                          "echo started; head -c 1000000000 /dev/zero | tail -n 1 >/dev/null"))
              .as("%s", walls)
              .isInstanceOf(FaasException.class)
              .hasMessage(
                  "build ended: sh used more memory than builds may have (64 MiB): raise"
                      + " --build-memory (BARISTA_BUILD_MEMORY)");
          assertThat(lines).contains("  started");
          run(tool, "echo the next one has room");
          assertThat(lines).contains("  the next one has room");
        }
      }
    }
    assertThat(data.resolve("images/groups")).isEmptyDirectory();
  }

  @Test
  void buildWithoutControlGroups_saysSo_once() throws Exception {
    List<String> told = new ArrayList<>();
    try (var tool =
        new BuildTool(
            new BuildSandbox(data),
            Workshop.unbounded(),
            work,
            Optional.empty(),
            List.of(),
            told::add,
            BuildTool.Caps.DEFAULT)) {
      run(tool, "true");
      run(tool, "true");
    }

    assertThat(told).containsOnlyOnce("build tools have no bound on memory: for a test");
  }

  private static List<BuildWalls> possibleWalls() {
    return BuildUser.isPossible()
        ? List.of(BuildWalls.SANDBOX, BuildWalls.USER, BuildWalls.NONE)
        : List.of(BuildWalls.NONE);
  }

  @Test
  void toolThatRunsTooLong_isEnded() throws Exception {
    BuildTool tool = tool(new BuildTool.Caps(Duration.ZERO, 1 << 20));

    assertThatThrownBy(() -> run(tool, "echo started; sleep 1000"))
        .isInstanceOf(FaasException.class)
        .hasMessageContaining("sh took longer than 0s: raise --build-timeout");
  }

  @Test
  void toolThatWritesTooMuch_isEnded() throws Exception {
    BuildTool tool = tool(new BuildTool.Caps(Duration.ofMinutes(5), 1 << 20));

    assertThatThrownBy(() -> run(tool, "head -c 2000000 /dev/zero > big; sleep 1000"))
        .isInstanceOf(FaasException.class)
        .hasMessageContaining("sh wrote more than 1 MiB");
  }

  @Test
  void manyEmptyFiles_countAsBlocks() throws Exception {
    BuildTool tool = tool(new BuildTool.Caps(Duration.ofMinutes(5), 1 << 20));

    assertThatThrownBy(
            () -> run(tool, "i=0; while [ $i -lt 300 ]; do : > f$i; i=$((i+1)); done; sleep 1000"))
        .isInstanceOf(FaasException.class)
        .hasMessageContaining("sh wrote more than 1 MiB");
  }

  @Test
  void endlessLine_isCut() throws Exception {
    run(tool(BuildTool.Caps.DEFAULT), "head -c 1000000 /dev/zero | tr '\\0' x; echo; echo end");

    assertThat(lines).anyMatch(line -> line.endsWith("xxx")).contains("  end");
    assertThat(lines).allMatch(line -> line.length() < 1100);
  }

  private static boolean isRunning(String word) {
    return ProcessHandle.allProcesses()
        .anyMatch(process -> process.info().commandLine().orElse("").contains(word));
  }

  private BuildTool tool(BuildTool.Caps caps) throws IOException {
    return tool(new BuildSandbox(data), caps);
  }

  private BuildTool tool(BuildWalls walls, BuildTool.Caps caps) throws IOException {
    return tool(new BuildSandbox(data, walls), caps);
  }

  private BuildTool tool(BuildSandbox sandbox, BuildTool.Caps caps) throws IOException {
    return tool(sandbox, Workshop.unbounded(), caps);
  }

  private BuildTool tool(BuildSandbox sandbox, BuildGroups groups, BuildTool.Caps caps)
      throws IOException {
    BuildListener listener =
        line -> {
          if (!line.equals("build tools have no bound on memory: for a test")) {
            lines.add(line);
          }
        };
    Optional<BuildUser> user = sandbox.userOf(FUNCTION);
    return new BuildTool(sandbox, groups, work, user, List.of(), listener, caps);
  }

  private static Path run(BuildTool tool, String script) throws IOException {
    Path step = tool.newStep();
    tool.run(
        ToolRun.of(Interpreter.SHELL, List.of("-c", script), step, Map.of("ONLY", "this"))
            .withTold());
    return step;
  }
}
