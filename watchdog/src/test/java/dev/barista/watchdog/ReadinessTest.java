package dev.barista.watchdog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ReadinessTest {

  @TempDir Path folder;

  @Test
  void lockFile_isEmpty_andThereWhileReady() throws IOException {
    Path lock = folder.resolve(".lock");
    var readiness = new Readiness(lock);
    readiness.begin(true);

    assertThat(readiness.isReady()).isTrue();
    assertThat(lock).isEmptyFile();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(lock)))
        .isEqualTo("rw-rw----");

    readiness.end();
    assertThat(readiness.isReady()).isFalse();
    assertThat(lock).doesNotExist();
  }

  @Test
  void deletedLockFile_takesOut() throws IOException {
    Path lock = folder.resolve(".lock");
    var readiness = new Readiness(lock);
    readiness.begin(true);
    assertThat(readiness.isTakenOut()).isFalse();

    Files.delete(lock);

    assertThat(readiness.isReady()).isFalse();
    assertThat(readiness.isTakenOut()).isTrue();
  }

  @Test
  void lockFileOfALivingWatchdog_isRefused_withWhatToSet() throws IOException {
    Path lock = folder.resolve(".lock");
    var first = new Readiness(lock);
    first.begin(true);

    assertThatThrownBy(() -> new Readiness(lock).begin(true))
        .isInstanceOf(IOException.class)
        .hasMessage(
            lock
                + " is the lock file of another watchdog, which runs (expected: one for each; set"
                + " TMPDIR to another folder)");
    assertThat(first.isReady()).isTrue();
    first.end();
  }

  @Test
  void lockFileOfAKilledWatchdog_isTakenOver() throws IOException {
    Path lock = Files.createFile(folder.resolve(".lock"));

    var readiness = new Readiness(lock);
    readiness.begin(true);

    assertThat(readiness.isReady()).isTrue();
    readiness.end();
  }

  @Test
  void fileOfAnother_inThePlaceOfADeletedOne_doesNotCount_andIsLeftAlone() throws IOException {
    Path lock = folder.resolve(".lock");
    var first = new Readiness(lock);
    first.begin(true);
    Files.delete(lock);
    var second = new Readiness(lock);
    second.begin(true);

    assertThat(first.isReady()).isFalse();
    first.end();

    assertThat(second.isReady()).isTrue();
    second.end();
  }

  @Test
  void secondWatchdog_onTheSamePortOrSocket_isRefused() throws Exception {
    Path own = Files.createDirectory(folder.resolve("own"));
    try (var taken = new ServerSocket(0)) {
      assertThatThrownBy(
              () -> RunningWatchdog.start(folder, "cat", "port", "" + taken.getLocalPort()))
          .hasMessageContaining("port " + taken.getLocalPort() + " is in use by another program");
    }
    String socket = folder.resolve("s").toString();
    try (var first = RunningWatchdog.start(folder, "cat", "BARISTA_SOCKET", socket)) {
      assertThat(first.server().isTakenOut()).isFalse();
      assertThatThrownBy(() -> RunningWatchdog.start(own, "cat", "BARISTA_SOCKET", socket))
          .hasMessage(
              socket
                  + " is the socket of another program, which runs (expected: an unused path in"
                  + " BARISTA_SOCKET)");
      assertThat(folder.resolve("s")).exists();
    }
  }
}
