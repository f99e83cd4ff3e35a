package dev.barista.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderLockTest {

  @TempDir Path folder;

  @Test
  void newFolder_isPrivate() throws IOException {
    Path fresh = folder.resolve("a/b");

    try (DataFolderLock _ = DataFolderLock.acquire(fresh)) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(fresh)))
          .isEqualTo("rwx------");
    }
  }

  @Test
  void secondHolderOfTheSameProcess_isRefused() {
    try (DataFolderLock _ = DataFolderLock.acquire(folder)) {
      assertThatThrownBy(() -> DataFolderLock.acquire(folder))
          .isInstanceOf(StateException.class)
          .hasMessageContaining("process " + ProcessHandle.current().pid())
          .hasMessageContaining("--data");
    }
  }

  @Test
  void lockOfAnotherProcess_isRefusedUntilThatIsKilled() throws Exception {
    Process other =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                System.getProperty("java.class.path"),
                Holder.class.getName(),
                folder.toString())
            .redirectErrorStream(true)
            .start();
    try (BufferedReader output = other.inputReader()) {
      assertThat(output.readLine()).isEqualTo("held");

      assertThatThrownBy(() -> DataFolderLock.acquire(folder))
          .hasMessageContaining("in use by another barista serve (process " + other.pid() + ")");
    } finally {
      other.destroyForcibly().waitFor();
    }

    DataFolderLock.acquire(folder).close();
  }

  @Test
  void fileInPlaceOfTheFolder_isASentence() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));

    assertThatThrownBy(() -> DataFolderLock.acquire(file))
        .isInstanceOf(StateException.class)
        .hasMessage(
            "the data folder "
                + file
                + " can't be written (something else is in its place): choose another with --data,"
                + " or mend its permissions");
  }

  /** Takes the lock, says so and waits to be killed. */
  static final class Holder {
    private Holder() {}

    public static void main(String[] args) throws IOException {
      try (DataFolderLock _ = DataFolderLock.acquire(Path.of(args[0]))) {
        System.out.println("held");
        System.in.read();
      }
    }
  }
}
