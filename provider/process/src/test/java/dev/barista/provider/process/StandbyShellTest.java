package dev.barista.provider.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.barista.spawn.Child;
import dev.barista.spawn.ExitStatus;
import dev.barista.spawn.Fd;
import dev.barista.spawn.Signals;
import dev.barista.spawn.Spawner;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StandbyShellTest {

  private static final Duration LIFE = Duration.ofSeconds(60);

  @TempDir Path folder;

  private final Spawner spawner = Spawner.start("standby-test");
  private final StandbyShell standby = new StandbyShell(spawner);
  private Path start;

  @BeforeEach
  void name() {
    start = folder.resolve("start of 'it'");
  }

  @AfterEach
  void close() {
    standby.close();
    spawner.close();
  }

  @Test
  void become_givesTheScriptItsArguments_andNoInput() throws IOException {
    fill();
    List<String> odd = List.of("it's", "two\nlines", "$HOME `id` \\", "", "ü");
    List<String> line = new ArrayList<>(List.of("/bin/sh", "-c", "cat; printf '[%s]' \"$@\"", "n"));
    line.addAll(odd);

    try (Child child = standby.become(line, start).orElseThrow()) {
      assertThat(read(child.pipe(1))).isEqualTo("[it's][two\nlines][$HOME `id` \\][][ü]");
      assertThat(child.waitFor(LIFE)).contains(new ExitStatus.Exited(0));
    }
    assertThat(Files.getPosixFilePermissions(start)).hasSize(2); // the owner's, to read and write
  }

  @Test
  void become_another_needsARefill() throws IOException {
    fill();
    end(standby.become(command("true"), start).orElseThrow());

    assertThat(standby.become(command("true"), folder.resolve("second"))).isEmpty();

    fill();
    end(standby.become(command("true"), folder.resolve("second")).orElseThrow());
  }

  @Test
  void become_whenTheShellIsGone_startsNothing_andTheNextIsFresh() throws IOException {
    fill();
    Child shell = standby.waiting().orElseThrow();
    shell.signal(Signals.SIGKILL);
    await().atMost(LIFE).until(shell::hasEnded);

    assertThat(standby.become(command("true"), start)).isEmpty();

    fill();
    end(standby.become(command("true"), folder.resolve("second")).orElseThrow());
  }

  @Test
  void become_ofWhatIsNoShell_leavesTheShellWaiting() throws IOException {
    fill();

    assertThat(standby.become(List.of("/usr/bin/env", "-i", "a", "b"), start)).isEmpty();
    assertThat(standby.become(command("true"), Path.of("/tmp/two\nlines"))).isEmpty();

    assertThat(standby.waiting()).isPresent();
    assertThat(start).doesNotExist();
  }

  @Test
  void close_endsTheShell_andLetsNoneStart() {
    fill();
    Child shell = standby.waiting().orElseThrow();
    int pid = shell.pid();

    standby.close();
    standby.refill();

    await().atMost(LIFE).until(() -> ProcessHandle.of(pid).isEmpty());
    assertThat(standby.waiting()).isEmpty();
  }

  private static List<String> command(String script) {
    return List.of("/bin/sh", "-c", script, "name");
  }

  private void fill() {
    standby.refill();
    await().atMost(LIFE).until(() -> standby.waiting().isPresent());
  }

  private static void end(Child child) {
    try (child) {
      assertThat(child.waitFor(LIFE)).contains(new ExitStatus.Exited(0));
    }
  }

  private static String read(Fd pipe) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(1_000);
    while (pipe.read(buffer) >= 0) {
      // until its end
    }
    buffer.flip();
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return new String(bytes, UTF_8);
  }
}
