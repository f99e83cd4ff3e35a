package dev.barista.server.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CredentialsTest {

  @TempDir Path folder;

  @Test
  void firstLoad_makesAPasswordForTheOwnerOnly() throws IOException {
    Path secrets = folder.resolve("secrets");

    Credentials made = Credentials.load(secrets, /* make= */ true);

    assertThat(made.user()).isEqualTo("admin");
    assertThat(made.password()).matches("[A-Za-z2-9]{32}");
    assertThat(made.toString()).doesNotContain(made.password());
    assertThat(permissions(secrets)).isEqualTo("rwx------");
    assertThat(permissions(secrets.resolve("basic-auth-password"))).isEqualTo("rw-------");
    assertThat(secrets.toFile().list()).hasSize(2);
    assertThat(Credentials.load(secrets, /* make= */ true)).isEqualTo(made);
  }

  /** As after a restore from a backup: they stayed open to everyone who may pass. */
  @Test
  void openFiles_areClosed() throws IOException {
    Path secrets = folder.resolve("secrets");
    Credentials made = Credentials.load(secrets, /* make= */ true);
    for (String file : List.of("", "basic-auth-user", "basic-auth-password")) {
      Files.setPosixFilePermissions(
          secrets.resolve(file), PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    assertThat(Credentials.load(secrets, /* make= */ true)).isEqualTo(made);

    assertThat(permissions(secrets)).isEqualTo("rwx------");
    assertThat(permissions(secrets.resolve("basic-auth-user"))).isEqualTo("rw-------");
    assertThat(permissions(secrets.resolve("basic-auth-password"))).isEqualTo("rw-------");
  }

  @Test
  void twoFolders_haveTwoPasswords() {
    assertThat(Credentials.load(folder.resolve("a"), true).password())
        .isNotEqualTo(Credentials.load(folder.resolve("b"), true).password());
  }

  @Test
  void mountedFiles_areTrimmed() throws IOException {
    Files.writeString(folder.resolve("basic-auth-user"), "bob\n");
    Files.writeString(folder.resolve("basic-auth-password"), " s3cret \n");

    assertThat(Credentials.load(folder, /* make= */ false))
        .isEqualTo(new Credentials("bob", "s3cret"));
  }

  @Test
  void mountedFolderWithoutFiles_isASentence() {
    assertThatThrownBy(() -> Credentials.load(folder, /* make= */ false))
        .isInstanceOf(ServeException.class)
        .hasMessageContaining("basic-auth-user")
        .hasMessageContaining("--secret-mount-path");
  }

  @Test
  void emptyPassword_isASentence() throws IOException {
    Files.writeString(folder.resolve("basic-auth-user"), "bob");
    Files.writeString(folder.resolve("basic-auth-password"), "\n");

    assertThatThrownBy(() -> Credentials.load(folder, /* make= */ true))
        .hasMessageContaining("basic-auth-password is empty");
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
