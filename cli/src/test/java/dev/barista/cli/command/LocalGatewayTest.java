package dev.barista.cli.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.barista.cli.CommandLineUser;
import dev.barista.cli.FakeGateway;
import dev.barista.cli.gateway.ProcessBirth;
import dev.barista.cli.gateway.RunningServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which gateway gets the password that lies in a data folder. */
class LocalGatewayTest {

  private static final Optional<String> OWN_PASSWORD =
      Optional.of("Basic " + Base64.getEncoder().encodeToString("admin:local".getBytes(UTF_8)));
  private static final long ME = ProcessHandle.current().pid();

  @TempDir private Path folder;
  private FakeGateway gateway;
  private CommandLineUser user;

  @BeforeEach
  void start() throws IOException {
    gateway = new FakeGateway().answers(200, "[]").answers(200, "[]");
    user = new CommandLineUser(folder);
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  @Test
  void localPassword_goesToItsOwnGatewayOnly() throws IOException {
    runs("data", ProcessBirth.of(ME).orElseThrow());

    user.types("list"); // found without being named
    user.types("list", "-g", gateway.url().replace("127.0.0.1", "localhost"));
    assertThat(gateway.asked())
        .extracting(FakeGateway.Asked::authorization)
        .containsExactly(OWN_PASSWORD, OWN_PASSWORD);

    try (FakeGateway other = new FakeGateway().answers(200, "[]")) {
      user.types("list", "-g", other.url());
      assertThat(other.asked().getFirst().authorization()).isEmpty();
    }
  }

  /** A process id is given again: another program of that id must not get the password. */
  @Test
  void processBornAtAnotherTime_isNotTheGateway() throws IOException {
    runs("data", "1@" + ProcessBirth.of(ME).orElseThrow());

    user.types("list", "-g", gateway.url());

    assertThat(gateway.asked().getFirst().authorization()).isEmpty();
  }

  @Test
  void dataOption_namesTheGatewayAndItsPassword() throws IOException {
    runs("other", ProcessBirth.of(ME).orElseThrow());

    assertThat(user.types("list", "--data", "other").exitCode()).isZero();
    assertThat(gateway.asked().getFirst().authorization()).isEqualTo(OWN_PASSWORD);
    assertThat(user.types("list", "--data", "nowhere").err())
        .isEqualTo(
            "No gateway runs in "
                + folder.resolve("nowhere")
                + ". Start it with: ./barista serve --data nowhere\n");
  }

  @Test
  void serverWithAnotherDataFolder_isFoundByItsAddress() throws IOException {
    runs("other", ProcessBirth.of(ME).orElseThrow());
    RunningServers servers =
        RunningServers.of(Map.of("HOME", folder.resolve("home").toString())).orElseThrow();

    try (RunningServers.Entry entry = servers.enter(folder.resolve("other"))) {
      assertThat(entry).isNotNull();
      user.types("list", "-g", gateway.url());
      assertThat(permissions("home/.barista/servers")).isEqualTo("rwx------");
      assertThat(permissions("home/.barista/servers/" + ME)).isEqualTo("rw-------");
    }
    user.types("list", "-g", gateway.url());

    assertThat(gateway.asked())
        .extracting(FakeGateway.Asked::authorization)
        .containsExactly(OWN_PASSWORD, Optional.empty());
    assertThat(folder.resolve("home/.barista/servers")).isEmptyDirectory();
  }

  @Test
  void listOfServers_forgetsThoseThatWereKilled() throws IOException {
    runs("other", ProcessBirth.of(ME).orElseThrow());
    Path list = Files.createDirectories(folder.resolve("home/.barista/servers"));
    Files.writeString(list.resolve("1234567"), folder.resolve("gone").toString());
    RunningServers servers =
        RunningServers.of(Map.of("HOME", folder.resolve("home").toString())).orElseThrow();

    try (RunningServers.Entry entry = servers.enter(folder.resolve("other"))) {
      assertThat(entry).isNotNull();
      assertThat(list).isDirectoryNotContaining("glob:**/1234567");
    }
  }

  private void runs(String data, String born) throws IOException {
    Path secrets = Files.createDirectories(folder.resolve(data).resolve("secrets"));
    Files.writeString(secrets.resolve("basic-auth-password"), "local\n");
    Files.writeString(
        folder.resolve(data).resolve("gateway.json"),
        "{\"url\":\"%s\",\"pid\":%d,\"born\":\"%s\",\"secrets\":\"%s\"}"
            .formatted(gateway.url(), ME, born, secrets));
  }

  private String permissions(String path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(path)));
  }
}
