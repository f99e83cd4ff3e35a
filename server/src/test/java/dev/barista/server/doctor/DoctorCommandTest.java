package dev.barista.server.doctor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.barista.cgroup.CgroupFinder.Survey;
import dev.barista.cgroup.Cgroups.Bound;
import dev.barista.cli.Terminal;
import dev.barista.cli.json.Json;
import dev.barista.cli.json.JsonObject;
import dev.barista.server.doctor.Finding.Verdict;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorCommandTest {

  @TempDir private Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @Test
  void everySubject_isToldOnce() throws IOException {
    run("--port", "0", "--metrics-port", "0", "-o", "json");

    List<JsonObject> findings = Json.objects(out.toString(UTF_8)).orElseThrow();
    assertThat(findings)
        .extracting(finding -> finding.text("subject").orElse(""))
        .contains(
            "Java", "system", "data folder", "disk", "cgroups", "isolation", "python3", "git");
    assertThat(findings)
        .allSatisfy(
            finding ->
                assertThat(finding.text("cost").isPresent())
                    .isEqualTo(!finding.text("verdict").equals(Optional.of("ok"))));
    assertThat(folder.resolve("data")).doesNotExist();
  }

  @Test
  void takenPort_stopsAndNamesTheWayOut() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int code = run("--port", Integer.toString(taken.getLocalPort()), "--metrics-port", "0");

      assertThat(code).isEqualTo(1);
      assertThat(out.toString(UTF_8))
          .containsPattern("(?m)^stop port " + taken.getLocalPort() + " +taken by another program")
          .contains("     mend:  end that program, or choose another port with --port\n")
          .contains("Barista can't run here until what is marked stop is mended");
    }
  }

  @Test
  void openDataFolder_isAGap() throws IOException {
    Path data = Files.createDirectory(folder.resolve("data"));
    Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xr-x"));

    assertThat(FolderChecks.run(data).getFirst().verdict()).isEqualTo(Verdict.GAP);
    Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx--x--x"));
    assertThat(FolderChecks.run(data).getFirst().verdict()).isEqualTo(Verdict.OK);
    assertThat(FolderChecks.run(Files.createFile(folder.resolve("file"))).getFirst().verdict())
        .isEqualTo(Verdict.STOP);
  }

  @Test
  void unboundedCgroups_nameWhatIsNotKept() {
    Survey none = new Survey(Set.of(), "not delegated");

    assertThat(IsolationChecks.cgroups(none).cost())
        .isEqualTo("limits on memory, cpu, processes are not kept");
    assertThat(IsolationChecks.cgroups(new Survey(EnumSet.of(Bound.CPU), "v1")).cost())
        .isEqualTo("limits on memory, processes are not kept");
    assertThat(IsolationChecks.cgroups(new Survey(EnumSet.allOf(Bound.class), "v2")).verdict())
        .isEqualTo(Verdict.OK);
  }

  @Test
  void programs_areThoseOfTheTemplates() throws IOException {
    assertThat(ProgramChecks.programs().get("python3")).contains("python3", "python3-http");
    assertThat(ProgramChecks.programs().get("go")).contains("go");
    assertThat(ProgramChecks.programs()).doesNotContainKey("./handler");
  }

  @Test
  void machine_isJudgedByItsFiles() throws IOException {
    Path memory = Files.writeString(folder.resolve("meminfo"), "MemAvailable:  102400 kB\n");
    Path limits =
        Files.writeString(
            folder.resolve("limits"),
            "Max open files            1024                 2048                 files\n");

    assertThat(HostChecks.memory(memory).orElseThrow())
        .returns(Verdict.GAP, Finding::verdict)
        .returns("100 MiB available", Finding::found);
    assertThat(HostChecks.openFiles(limits).orElseThrow())
        .returns(Verdict.GAP, Finding::verdict)
        .returns("2048 allowed", Finding::found);
    assertThat(HostChecks.system("Mac OS X", "aarch64").verdict()).isEqualTo(Verdict.GAP);
    assertThat(HostChecks.memory(folder.resolve("none"))).isEmpty();
  }

  private int run(String... arguments) throws IOException {
    Terminal terminal =
        new Terminal(
            InputStream.nullInputStream(),
            new PrintStream(out, true, UTF_8),
            new PrintStream(out, true, UTF_8),
            Map.of(
                "BARISTA_DATA",
                folder.resolve("data").toString(),
                "PATH",
                System.getenv().getOrDefault("PATH", "")),
            folder);
    return DoctorCommand.run(terminal, List.of(arguments));
  }
}
