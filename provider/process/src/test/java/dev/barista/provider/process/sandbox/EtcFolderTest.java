package dev.barista.provider.process.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EtcFolderTest {

  private @TempDir Path temporary;
  private Path host;
  private Path folder;

  @BeforeEach
  void makeHost() throws IOException {
    host = Files.createDirectory(temporary.resolve("host"));
    folder = temporary.resolve("etc");
    readable("hosts", "127.0.0.1 localhost\n");
    readable("nsswitch.conf", "# users\npasswd:  files systemd\nhosts: files dns\ngroup: sss\n");
    Files.createDirectories(host.resolve("ca-certificates"));
    readable("ca-certificates/ca.crt", "public");
    Files.createSymbolicLink(host.resolve("ca-certificates/link"), Path.of("/usr/share/x.pem"));
    readable("shadow", "root:secret");
    readable("real-resolv", "nameserver 1.2.3.4\n");
    Files.createSymbolicLink(host.resolve("resolv.conf"), Path.of("real-resolv"));
  }

  private void readable(String name, String text) throws IOException {
    Path file = Files.writeString(host.resolve(name), text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
  }

  private EtcFolder open() throws IOException {
    return EtcFolder.open(host, folder, /* root= */ true);
  }

  private String text(String name) throws IOException {
    return Files.readString(folder.resolve(name));
  }

  @Test
  void copies_areOfTheListOnly() throws IOException {
    open();

    assertThat(text("hosts")).isEqualTo("127.0.0.1 localhost\n");
    assertThat(text("resolv.conf")).isEqualTo("nameserver 1.2.3.4\n");
    assertThat(text("ca-certificates/ca.crt")).isEqualTo("public");
    assertThat(Files.readSymbolicLink(folder.resolve("ca-certificates/link")))
        .isEqualTo(Path.of("/usr/share/x.pem"));
    assertThat(folder.resolve("shadow")).doesNotExist();
    assertThat(folder.resolve("real-resolv")).doesNotExist();
    assertThat(Files.readSymbolicLink(folder.resolve("passwd")))
        .isEqualTo(EtcFolder.NAMES.resolve("passwd"));
  }

  /** Each lookup of a user loaded libraries that ask daemons which a sandbox doesn't reach. */
  @Test
  void users_areLookedForInFilesOnly() throws IOException {
    open();

    assertThat(text("nsswitch.conf").lines())
        .containsExactly("# users", "passwd: files", "hosts: files dns", "group: files");
  }

  @Test
  void whatOthersMayNotRead_isNotCopiedForRoot() throws IOException {
    Path key = Files.writeString(host.resolve("ca-certificates/own.key"), "private");
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));
    Files.setPosixFilePermissions(
        host.resolve("hosts"), PosixFilePermissions.fromString("rw-------"));

    open();

    assertThat(folder.resolve("ca-certificates/own.key")).doesNotExist();
    assertThat(folder.resolve("hosts")).doesNotExist();
    assertThat(folder.resolve("ca-certificates/ca.crt")).exists();
  }

  @Test
  void changes_areCopiedBeforeTheNextStart() throws IOException {
    EtcFolder etc = open();
    readable("hosts", "127.0.0.1 other\n");
    changed("hosts");
    readable("ca-certificates/new.crt", "new");
    changed("ca-certificates");
    Files.delete(host.resolve("nsswitch.conf"));
    readable("timezone", "Etc/UTC\n");
    readable("real-resolv", "nameserver 5.6.7.8\n");
    changed("real-resolv");

    etc.refresh();

    assertThat(text("hosts")).isEqualTo("127.0.0.1 other\n");
    assertThat(text("ca-certificates/new.crt")).isEqualTo("new");
    assertThat(text("ca-certificates/ca.crt")).isEqualTo("public");
    assertThat(folder.resolve("nsswitch.conf")).doesNotExist();
    assertThat(text("timezone")).isEqualTo("Etc/UTC\n");
    assertThat(text("resolv.conf")).isEqualTo("nameserver 5.6.7.8\n");
  }

  /** Certainly another time than before, on a file system of any precision. */
  private void changed(String name) throws IOException {
    Files.setLastModifiedTime(host.resolve(name), FileTime.from(Instant.now().plusSeconds(60)));
  }

  @Test
  void copiesOfTheLastStart_areTakenOver() throws IOException {
    open();
    Object before = Files.getAttribute(folder.resolve("hosts"), "unix:ino");
    Object certificates = Files.getAttribute(folder.resolve("ca-certificates"), "unix:ino");
    changed("nsswitch.conf");

    open();

    assertThat(Files.getAttribute(folder.resolve("hosts"), "unix:ino")).isEqualTo(before);
    assertThat(Files.getAttribute(folder.resolve("ca-certificates"), "unix:ino"))
        .isEqualTo(certificates);
    assertThat(Files.exists(folder.resolve("passwd"), LinkOption.NOFOLLOW_LINKS)).isTrue();
  }
}
