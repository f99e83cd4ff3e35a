package dev.barista.spawn;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.barista.spawn.ExitStatus.Exited;
import dev.barista.spawn.ExitStatus.Signaled;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpawnerTest {

  private static final Duration LONG = Duration.ofMinutes(1);

  private final Spawner spawner = Spawner.start("test-spawner");

  @TempDir Path folder;

  @AfterEach
  void close() {
    spawner.close();
  }

  @Test
  void output_comesThroughThePipe() {
    Run run = run(shell("printf 'hello %s' \"$NAME\"").withEnvironment(env("NAME", "wörld")));

    assertThat(run.output()).isEqualTo("hello wörld");
    assertThat(run.status()).isEqualTo(new Exited(0));
  }

  @Test
  void environment_isCompleteAndNothingIsInherited() {
    Run run = run(Command.of(List.of("/usr/bin/env")).withEnvironment(env("ONLY", "this")));

    assertThat(run.output()).isEqualTo("ONLY=this\n");
  }

  @Test
  void descriptors_areThoseNamedAndNoOther() throws IOException {
    Files.writeString(folder.resolve("given"), "from the file");
    try (var socket = new ServerSocket(0);
        Fd given = Posix.openForReading(folder.resolve("given"))) {
      assertThat(socket.isBound()).isTrue();

      Run run = run(shell("cat <&7; echo; ls /proc/self/fd").withFd(7, given));

      // ls itself holds one more: the folder that it lists.
      assertThat(run.output()).isEqualTo("from the file\n0\n1\n2\n3\n7\n");
    }
  }

  @Test
  void descriptorsThatSwapNumbers_areMovedOutOfTheWay() {
    try (Pipe first = Pipe.open();
        Pipe second = Pipe.open()) {
      int one = first.writeEnd().number();
      int two = second.writeEnd().number();
      String script =
          "echo to-first >/proc/self/fd/" + two + "; echo to-second >/proc/self/fd/" + one;
      Command swapped = shell(script).withFd(two, first.writeEnd()).withFd(one, second.writeEnd());

      assertThat(run(swapped).status()).isEqualTo(new Exited(0));

      assertThat(readOnce(first.readEnd())).isEqualTo("to-first\n");
      assertThat(readOnce(second.readEnd())).isEqualTo("to-second\n");
    }
  }

  @Test
  void folder_isTheWorkingFolder() throws IOException {
    assertThat(run(Command.of(List.of("pwd")).withFolder(folder)).output())
        .isEqualTo(folder.toRealPath() + "\n");
  }

  @Test
  void program_isFoundInThePathOfTheEnvironmentGiven() throws IOException {
    Path program = Files.writeString(folder.resolve("mine"), "#!/bin/sh\necho found\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();

    Run run = run(Command.of(List.of("mine")).withEnvironment(env("PATH", "/nowhere:" + folder)));

    assertThat(run.output()).isEqualTo("found\n");
  }

  @Test
  void programThatMoved_isFoundAgain() throws IOException {
    Path first = Files.createDirectory(folder.resolve("first"));
    Path second = Files.createDirectory(folder.resolve("second"));
    Path program = Files.writeString(first.resolve("mine"), "#!/bin/sh\necho found\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
    Command command =
        Command.of(List.of("mine")).withEnvironment(env("PATH", first + ":" + second));
    assertThat(run(command).output()).isEqualTo("found\n");

    Files.move(program, second.resolve("mine"));
    assertThat(run(command).output()).isEqualTo("found\n");

    Files.delete(second.resolve("mine"));
    assertThatThrownBy(() -> spawner.spawn(command)).hasMessage("command not found: mine");
  }

  @Test
  void missingProgram_isNamed() {
    assertThatThrownBy(() -> spawner.spawn(Command.of(List.of("no-such-program"))))
        .isInstanceOfSatisfying(
            SpawnException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOENT))
        .hasMessage("command not found: no-such-program");
    assertThatThrownBy(() -> spawner.spawn(Command.of(List.of("/no/such/program"))))
        .hasMessage("command not found: /no/such/program");
  }

  @Test
  void missingFolder_isNamed() {
    Command command = Command.of(List.of("/bin/true")).withFolder(folder.resolve("gone"));

    assertThatThrownBy(() -> spawner.spawn(command))
        .isInstanceOf(SpawnException.class)
        .hasMessageContaining("working folder " + folder.resolve("gone") + " does not exist");
  }

  @Test
  void fileThatIsNoProgram_isNamed() throws IOException {
    Path file = Files.writeString(folder.resolve("notes"), "text");

    assertThatThrownBy(() -> spawner.spawn(Command.of(List.of(file.toString()))))
        .hasMessageContaining("permission denied");
    assertThat(file.toFile().setExecutable(true)).isTrue();
    assertThatThrownBy(() -> spawner.spawn(Command.of(List.of(file.toString()))))
        .hasMessageContaining("no program for this machine");
  }

  @Test
  void environmentTooLarge_isSaid() {
    Environment large = env("LARGE", "x".repeat(8 << 20));

    assertThatThrownBy(() -> spawner.spawn(Command.of(List.of("/bin/true")).withEnvironment(large)))
        .isInstanceOf(SpawnException.class)
        .hasMessageContaining("too large");
  }

  @Test
  void exitCodeAndSignal_areToldApart() {
    assertThat(run(shell("exit 7")).status()).isEqualTo(new Exited(7));
    assertThat(run(shell("kill -TERM $$")).status()).isEqualTo(new Signaled(Signals.SIGTERM));
    assertThat(new Exited(7).describe()).isEqualTo("exit status 7");
    assertThat(new Signaled(9).describe()).isEqualTo("signal: killed");
  }

  @Test
  void signalGroup_endsGrandchildrenToo() {
    Child child = spawner.spawn(shell("sleep 1000 & echo started; wait").withPipe(1));
    try (child) {
      assertThat(readOnce(child.pipe(1))).isEqualTo("started\n");

      assertThat(child.signalGroup(Signals.SIGKILL)).isTrue();

      // The end of the pipe: no process holds its writing end.
      assertThat(readOnce(child.pipe(1))).isEmpty();
      assertThat(child.waitFor(LONG)).contains(new Signaled(Signals.SIGKILL));
      assertThat(child.signalGroup(Signals.SIGKILL)).isFalse();
    }
  }

  @Test
  void peekedChild_isNotReaped_soThatItsGroupCanBeEnded() {
    Child child = spawner.spawn(shell("sleep 1000 & echo left; exit 5").withPipe(1));
    try (child) {
      assertThat(readOnce(child.pipe(1))).isEqualTo("left\n");
      while (!child.hasEnded()) {
        Thread.onSpinWait();
      }
      assertThat(child.peek()).contains(new Exited(5));
      assertThat(child.peek()).contains(new Exited(5));

      assertThat(child.signalGroup(Signals.SIGKILL)).isTrue();

      assertThat(readOnce(child.pipe(1))).isEmpty();
      assertThat(child.reap()).isEqualTo(new Exited(5));
      assertThat(child.peek()).contains(new Exited(5));
    }
    Child killed = spawner.spawn(shell("kill -TERM $$"));
    try (killed) {
      while (!killed.hasEnded()) {
        Thread.onSpinWait();
      }
      assertThat(killed.peek()).contains(new Signaled(Signals.SIGTERM));
      killed.reap();
    }
  }

  @Test
  void signalsBlockedHere_areNotBlockedInTheChild() {
    String masks = run(shell("grep -E 'SigBlk|SigIgn' /proc/self/status")).output();

    assertThat(masks).isEqualTo("SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");
  }

  @Test
  void unnamedStandardDescriptors_areDevNull() {
    assertThat(run(shell("readlink /proc/self/fd/0")).output()).isEqualTo("/dev/null\n");
  }

  @Test
  void processGroup_isAsAsked() {
    String script = "ps -o pid=,pgid=,sid= -p $$ | tr -s ' ' | sed 's/^ //'";
    for (var group : List.of(Command.ProcessGroup.OWN_GROUP, Command.ProcessGroup.OWN_SESSION)) {
      String[] ids = run(shell(script).withGroup(group)).output().trim().split(" ");

      assertThat(ids[1]).isEqualTo(ids[0]);
      assertThat(ids[2].equals(ids[0])).isEqualTo(group == Command.ProcessGroup.OWN_SESSION);
    }
  }

  @Test
  void closedSpawner_refuses() {
    spawner.close();

    assertThatThrownBy(() -> spawner.spawn(shell("true")))
        .hasMessageContaining("the spawner is closed");
  }

  @Test
  void closedSpawner_leavesNoThread() {
    for (int i = 0; i < 50; i++) {
      Spawner several = Spawner.start("test-several", 3);
      several.joinCgroups(List.of());
      several.close();
      several.close();
    }

    await()
        .until(
            () ->
                Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(thread -> thread.getName().equals("test-several")));
  }

  @Test
  void manyStarts_leaveNoDescriptorAndNoZombie() throws IOException {
    run(shell("true"));
    long before = openDescriptors();

    for (int i = 0; i < 200; i++) {
      run(shell("echo " + i));
      assertThatThrownBy(() -> spawner.spawn(Command.of(List.of("/gone")).withPipe(0).withPipe(1)))
          .isInstanceOf(SpawnException.class);
    }

    assertThat(openDescriptors()).isEqualTo(before);
    assertThat(ProcessHandle.current().children().toList()).isEmpty();
  }

  private record Run(String output, ExitStatus status) {}

  private Run run(Command command) {
    try (Child child = spawner.spawn(command.withPipe(1))) {
      var all = new ByteArrayOutputStream();
      ByteBuffer chunk = ByteBuffer.allocateDirect(8192);
      while (child.pipe(1).read(chunk) >= 0) {
        var bytes = new byte[chunk.flip().remaining()];
        chunk.get(bytes).clear();
        all.writeBytes(bytes);
      }
      return new Run(all.toString(UTF_8), child.waitFor(LONG).orElseThrow());
    }
  }

  private static String readOnce(Fd fd) {
    ByteBuffer chunk = ByteBuffer.allocateDirect(8192);
    fd.read(chunk);
    return UTF_8.decode(chunk.flip()).toString();
  }

  private static long openDescriptors() throws IOException {
    try (var files = Files.list(Path.of("/proc/self/fd"))) {
      return files.count();
    }
  }

  private static Command shell(String script) {
    return Command.of(List.of("/bin/sh", "-c", script));
  }

  private static Environment env(String name, String value) {
    return Environment.of(Map.of(name, value));
  }
}
