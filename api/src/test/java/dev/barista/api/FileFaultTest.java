package dev.barista.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileFaultTest {

  @TempDir private Path folder;

  @Test
  void faultsOfTheFileSystem_areWordsWithoutClassNames() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    Path gone = folder.resolve("gone");
    Path below = file.resolve("below");

    assertThat(reason(gone, () -> Files.readString(gone))).isEqualTo("no such file or folder");
    assertThat(reason(file, () -> Files.createDirectory(file)))
        .isEqualTo("something else is in its place");
    assertThat(reason(below, () -> Files.createFile(below))).isEqualTo("Not a directory");
    assertThat(FileFault.reason(folder, new AccessDeniedException(folder.toString())))
        .isEqualTo("permission denied");
  }

  /** A store is named as a whole, and one file in it is the trouble. */
  @Test
  void anotherPathThanTheNamedOne_isTold() {
    Path gone = folder.resolve("gone");

    assertThat(reason(folder, () -> Files.readString(gone)))
        .isEqualTo(gone + ": no such file or folder");
  }

  @Test
  void otherFaults_areWhatTheySay() {
    assertThat(FileFault.reason(folder, new IOException("No space left on device")))
        .isEqualTo("No space left on device");
    assertThat(FileFault.reason(folder, new EOFException())).isEqualTo("java.io.EOFException");
  }

  private static String reason(Path named, ThrowingCallable code) {
    return FileFault.reason(named, catchThrowableOfType(IOException.class, code));
  }
}
