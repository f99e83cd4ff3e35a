package dev.barista.provider.process;

import static dev.barista.provider.process.StandbyFixture.patiently;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barista.api.SecretName;
import dev.barista.provider.process.ReplicaFixture.Spec;
import dev.barista.provider.process.sandbox.OtherEtc;
import dev.barista.provider.spi.SecretStore;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The host changes while a sandbox waits, with real ones. */
class FreshnessTest {

  private static final Pattern PORT = Pattern.compile("PORT='(\\d+)'");

  private @TempDir Path folder;

  @Test
  void changeOfTheHostsEtc_isSeenByWhatStoodBy() throws IOException {
    Path etc = Files.createDirectory(folder.resolve("host-etc"));
    Path hosts = readable(etc.resolve("hosts"), "127.0.0.1 before\n");
    try (StandbyFixture standby =
        new StandbyFixture(
            folder, jail -> OtherEtc.of(jail, etc, folder.resolve("copies")), secrets -> secrets)) {
      RunPlan plan = standby.plan(Map.of());
      standby.standBy("fn-1", plan);
      StandbyFixture.awaitWaiting();
      readable(hosts, "127.0.0.1 after\n");
      Files.setLastModifiedTime(hosts, FileTime.from(Instant.now().plusSeconds(60)));

      StandbyFixture.Started started = standby.launch("fn-1", plan);

      assertThat(Calls.shell(started.endpoint(), "cat /etc/hosts")).isEqualTo("127.0.0.1 after\n");
      started.end();
    }
  }

  /** As an upgrade of an interpreter in {@code /opt} does. */
  @Test
  void folderOfTheHostThatWasReplaced_isSeenAsItIsNow() throws IOException {
    Path tools = Files.createDirectory(folder.resolve("tools"));
    readable(tools.resolve("version"), "old\n");
    try (StandbyFixture standby = new StandbyFixture(folder)) {
      RunPlan plan = showing(tools, standby.plan(Map.of()));
      standby.standBy("fn-1", plan);
      StandbyFixture.awaitWaiting();
      Files.move(tools, folder.resolve("old-tools"));
      readable(Files.createDirectory(tools).resolve("version"), "new\n");

      StandbyFixture.Started started = standby.launch("fn-1", plan);

      assertThat(Calls.shell(started.endpoint(), "cat " + tools + "/version")).isEqualTo("new\n");
      started.end();
    }
  }

  @Test
  void portThatAnotherProgramTookMeanwhile_isNotUsed() throws IOException {
    try (StandbyFixture standby = new StandbyFixture(folder);
        ServerSocket other = new ServerSocket()) {
      RunPlan plan = standby.plan(Spec.of(TestHost.TCP));
      standby.standBy("fn-1", plan);
      other.bind(Ports.address(portOf(standby.run(1))));

      StandbyFixture.Started started = standby.launch("fn-1", plan);

      assertThat(((InetSocketAddress) started.endpoint().address()).getPort())
          .isNotEqualTo(other.getLocalPort());
      assertThat(Calls.get(started.endpoint(), "/")).isEqualTo("hello\n");
      started.end();
    }
  }

  @Test
  void secretThatCantBeReadAnyMore_refusesTheStart_andLeavesNothing() throws IOException {
    Unreliable[] store = new Unreliable[1];
    try (StandbyFixture standby =
        new StandbyFixture(folder, jail -> jail, secrets -> store[0] = new Unreliable(secrets))) {
      RunPlan plan = standby.plan(Map.of());
      standby.standBy("fn-1", plan);
      store[0].fails = true;

      assertThatThrownBy(() -> standby.launch("fn-1", plan))
          .isInstanceOf(LaunchException.class)
          .hasMessage("can't start a replica: the provider's log says why");
      patiently().untilAsserted(() -> assertThat(standby.runs()).isEmpty());
    }
  }

  private static RunPlan showing(Path shown, RunPlan plan) {
    return new RunPlan(
        plan.spec(),
        plan.image(),
        plan.kind(),
        plan.command(),
        Stream.concat(plan.readable().stream(), Stream.of(shown)).toList(),
        plan.environment(),
        plan.policy(),
        plan.limits(),
        plan.request());
  }

  private static int portOf(Path run) throws IOException {
    Matcher port = PORT.matcher(Files.readString(run.resolve("io/env")));
    assertThat(port.find()).isTrue();
    return Integer.parseInt(port.group(1));
  }

  private static Path readable(Path file, String text) throws IOException {
    Files.write(file, text.getBytes(UTF_8));
    Path parent = file.toAbsolutePath().getParent();
    Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwxr-xr-x"));
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
  }

  /** A store that stops answering. */
  private static final class Unreliable implements SecretStore {
    private final SecretStore secrets;
    private volatile boolean fails;

    Unreliable(SecretStore secrets) {
      this.secrets = secrets;
    }

    @Override
    public Optional<byte[]> read(SecretName name) {
      if (fails) {
        throw new IllegalStateException("the disk is broken");
      }
      return secrets.read(name);
    }

    @Override
    public List<String> names(String namespace) {
      return secrets.names(namespace);
    }

    @Override
    public boolean insert(SecretName name, byte[] value) {
      return secrets.insert(name, value);
    }

    @Override
    public boolean replace(SecretName name, byte[] value) {
      return secrets.replace(name, value);
    }

    @Override
    public boolean delete(SecretName name) {
      return secrets.delete(name);
    }
  }
}
