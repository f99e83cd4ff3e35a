package dev.barista.state;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barista.api.FaasException;
import dev.barista.api.SecretName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteSecretStoreTest {

  private static final SecretName TOKEN = new SecretName("token", "openfaas-fn");
  private static final SecretName OTHER = new SecretName("token", "other");
  private static final byte[] CANARY = "canary-7f3a".getBytes(UTF_8);

  @TempDir Path folder;

  @Test
  void secrets_surviveReopening_andAreChangedByName() {
    try (StateDatabase state = StateDatabase.open(folder)) {
      assertThat(state.secrets().insert(TOKEN, CANARY)).isTrue();
      assertThat(state.secrets().insert(TOKEN, new byte[0])).isFalse();
      assertThat(state.secrets().insert(OTHER, new byte[] {0, -1})).isTrue();
      assertThat(state.secrets().replace(new SecretName("none", "other"), CANARY)).isFalse();
    }

    try (StateDatabase state = StateDatabase.open(folder)) {
      assertThat(state.secrets().names("openfaas-fn")).containsExactly("token");
      assertThat(state.secrets().read(TOKEN)).contains(CANARY);
      assertThat(state.secrets().read(OTHER)).contains(new byte[] {0, -1});
      assertThat(state.secrets().replace(TOKEN, new byte[0])).isTrue();
      assertThat(state.secrets().read(TOKEN)).contains(new byte[0]);
      assertThat(state.secrets().delete(TOKEN)).isTrue();
      assertThat(state.secrets().delete(TOKEN)).isFalse();
      assertThat(state.secrets().read(TOKEN)).isEmpty();
    }
  }

  @Test
  void noFileHasTheValue_andTheKeyIsPrivate() throws IOException {
    try (StateDatabase state = StateDatabase.open(folder)) {
      state.secrets().insert(TOKEN, CANARY);
      try (var files = Files.walk(folder)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          assertThat(Files.readString(file, ISO_8859_1))
              .as(file.toString())
              .doesNotContain("canary-7f3a");
        }
      }
    }
    Path key = folder.resolve(SecretSeal.KEY_FILE);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
        .isEqualTo("rw-------");
    assertThat(Files.size(key)).isEqualTo(32);

    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
    try (StateDatabase state = StateDatabase.open(folder)) {
      assertThat(state.secrets().read(TOKEN)).contains(CANARY);
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
        .isEqualTo("rw-------");
  }

  @Test
  void missingOrForeignKey_isASentence() throws IOException {
    try (StateDatabase state = StateDatabase.open(folder)) {
      state.secrets().insert(TOKEN, CANARY);
    }
    Path key = folder.resolve(SecretSeal.KEY_FILE);
    Files.delete(key);
    unreadable("secrets.key is missing");
    Files.write(key, new byte[31]);
    unreadable("has 31 bytes and not 32");
    Files.write(key, new byte[32]);
    unreadable("is not the key that it was sealed with");
  }

  private void unreadable(String why) {
    try (StateDatabase state = StateDatabase.open(folder)) {
      assertThatThrownBy(() -> state.secrets().read(TOKEN))
          .isInstanceOf(FaasException.class)
          .hasMessageContaining(why);
    }
  }

  /** Who can write to the database can't give a function the secret of another. */
  @Test
  void valueOfAnotherName_isNotTaken() throws SQLException {
    try (StateDatabase state = StateDatabase.open(folder)) {
      state.secrets().insert(TOKEN, CANARY);
      state.secrets().insert(OTHER, "x".getBytes(UTF_8));
    }
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("state.db"));
        var statement = connection.createStatement()) {
      statement.executeUpdate(
          "UPDATE secrets SET sealed = (SELECT sealed FROM secrets WHERE namespace ="
              + " 'openfaas-fn') WHERE namespace = 'other'");
    }

    try (StateDatabase state = StateDatabase.open(folder)) {
      assertThatThrownBy(() -> state.secrets().read(OTHER))
          .hasMessageContaining("secret token.other can't be read");
    }
  }
}
