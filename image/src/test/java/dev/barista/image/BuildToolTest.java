package dev.barista.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barista.api.FaasException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuildToolTest {

  private static final Interpreter SHELL =
      new Interpreter("sh", Path.of("/bin/sh"), "", Optional.empty(), List.of());

  @TempDir Path folder;

  private final List<String> lines = new ArrayList<>();
  private Path data;
  private Path home;
  private Path work;

  @BeforeEach
  void folders() throws IOException {
    data = Files.createDirectories(folder.resolve("data/images"));
    home = Files.createDirectories(folder.resolve("home"));
    work = Files.createDirectories(data.resolve("tmp/build"));
    Files.writeString(data.resolve("other-image"), "secret");
    Files.writeString(home.resolve("credentials"), "secret");
  }

  @Test
  void toolInItsSandbox_seesNeitherHomeNorOtherImages_andWritesInItsFolderOnly() throws Exception {
    Tools.require("bwrap");

    run(
        tool(BuildTool.Caps.DEFAULT),
        "cat %1$s/credentials; cat %2$s/other-image; echo x > %1$s/new; echo x > /usr/new;"
                .formatted(home, data)
            + " kill -9 "
            + ProcessHandle.current().pid()
            + "; echo done > result; env");

    assertThat(lines).noneMatch(line -> line.contains("secret"));
    assertThat(home.resolve("new")).doesNotExist();
    assertThat(work.resolve("result")).hasContent("done");
    assertThat(lines).anyMatch(line -> line.contains("ONLY=this"));
    assertThat(lines).noneMatch(line -> line.contains("JAVA_HOME=") || line.contains("HOME="));
  }

  /** A package's set-up script could ask the session bus or the container engine for anything. */
  @Test
  void toolInItsSandbox_reachesNoServiceAndNoKey() throws Exception {
    Tools.require("bwrap");

    run(
        tool(BuildTool.Caps.DEFAULT),
        "cat /etc/resolv.conf > resolver; exec 2>/dev/null; cat /etc/shadow;"
            + " find /run /home /root /srv /mnt /media /etc/ssh /etc/ssl/private -type s -o -type f"
            + " | grep -v resolv.conf; echo end");

    assertThat(lines).containsExactly("  end");
    assertThat(work.resolve("resolver")).hasContent(Files.readString(Path.of("/etc/resolv.conf")));
  }

  @Test
  void toolThatRunsTooLong_isEnded() {
    BuildTool tool = tool(new BuildTool.Caps(Duration.ZERO, 1 << 20));

    assertThatThrownBy(() -> run(tool, "echo started; sleep 1000"))
        .isInstanceOf(FaasException.class)
        .hasMessageContaining("sh took longer than");
  }

  @Test
  void toolThatWritesTooMuch_isEnded() {
    BuildTool tool = tool(new BuildTool.Caps(Duration.ofMinutes(5), 1 << 20));

    assertThatThrownBy(() -> run(tool, "head -c 2000000 /dev/zero > big; sleep 1000"))
        .isInstanceOf(FaasException.class)
        .hasMessageContaining("sh wrote more than 1 MiB");
  }

  @Test
  void endlessLine_isCut() throws Exception {
    run(tool(BuildTool.Caps.DEFAULT), "head -c 1000000 /dev/zero | tr '\\0' x; echo; echo end");

    assertThat(lines).anyMatch(line -> line.endsWith("xxx")).contains("  end");
    assertThat(lines).allMatch(line -> line.length() < 1100);
  }

  private BuildTool tool(BuildTool.Caps caps) {
    var sandbox = new BuildSandbox(data, Map.of("HOME", home.toString()));
    return new BuildTool(sandbox, work, List.of(), lines::add, caps);
  }

  private static void run(BuildTool tool, String script) throws IOException {
    tool.run(SHELL, List.of("-c", script), Map.of("ONLY", "this"), /* told= */ true);
  }
}
