package dev.barista.state;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barista.api.FunctionName;
import dev.barista.api.FunctionSpec;
import dev.barista.provider.spi.FunctionStore.StoredFunction;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.JDBC;

class StateDatabaseTest {

  @TempDir Path folder;

  @Test
  void fileThatIsNoDatabase_isToldAsDamaged() throws IOException {
    Files.writeString(
        folder.resolve("state.db"), "not a database, but long enough to look".repeat(99));

    assertThatThrownBy(() -> StateDatabase.open(folder))
        .isInstanceOf(StateException.class)
        .hasMessageContaining("state.db is damaged")
        .hasMessageContaining("put a backup in its place");
  }

  /** As after a restore from a backup: it stayed open to everyone who may pass. */
  @Test
  void openFile_isClosed() throws IOException {
    StateDatabase.open(folder).close();
    Path file = folder.resolve("state.db");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

    StateDatabase.open(folder).close();

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void damagedPage_isFoundAtStart() throws IOException {
    try (StateDatabase state = StateDatabase.open(folder)) {
      for (int i = 0; i < 200; i++) {
        state
            .functions()
            .save(
                new StoredFunction(
                    FunctionSpec.of(FunctionName.parse("f" + i), "x".repeat(200)),
                    1,
                    Instant.EPOCH));
      }
    }
    try (RandomAccessFile file = new RandomAccessFile(folder.resolve("state.db").toFile(), "rw")) {
      for (long at = 4096; at + 512 < file.length(); at += 4096) {
        file.seek(at);
        file.write("broken".repeat(80).getBytes(UTF_8));
      }
    }

    assertThatThrownBy(() -> StateDatabase.open(folder))
        .isInstanceOf(StateException.class)
        .hasMessageContaining("damaged");
  }

  @Test
  void newerSchema_isRefusedAndLeftAlone() throws SQLException {
    StateDatabase.open(folder).close();
    execute("PRAGMA user_version = 99");

    assertThatThrownBy(() -> StateDatabase.open(folder))
        .isInstanceOf(StateException.class)
        .hasMessageContaining("written by a newer Barista (schema 99, this program knows up to 2)");
  }

  @Test
  void databaseOfAnotherProgram_isRefused() throws SQLException {
    StateDatabase.open(folder).close();
    execute("PRAGMA application_id = 7");

    assertThatThrownBy(() -> StateDatabase.open(folder))
        .isInstanceOf(StateException.class)
        .hasMessageContaining("another program");
  }

  @Test
  void nativeLibrary_isUnpackedOnce() throws IOException {
    Path first = NativeLibrary.unpacked(folder).orElseThrow();
    Path library = first.resolve(System.mapLibraryName("sqlitejdbc"));
    FileTime written = Files.getLastModifiedTime(library);

    assertThat(NativeLibrary.unpacked(folder)).contains(first);
    assertThat(first.toFile().list()).containsExactly(library.getFileName().toString());
    assertThat(Files.getLastModifiedTime(library)).isEqualTo(written);
  }

  @Test
  void missingFolder_isASentence() {
    assertThatThrownBy(() -> StateDatabase.open(folder.resolve("missing")))
        .isInstanceOf(StateException.class)
        .hasMessageContaining("can't be opened")
        .hasMessageContaining("--data");
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection =
            JDBC.createConnection(JDBC.PREFIX + folder.resolve("state.db"), new Properties());
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(sql);
    }
  }
}
