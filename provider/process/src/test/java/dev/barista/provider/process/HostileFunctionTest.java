package dev.barista.provider.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.barista.api.FunctionName;
import dev.barista.api.SecretName;
import dev.barista.provider.process.sandbox.IsolationLevel;
import dev.barista.provider.process.sandbox.IsolationRequest;
import dev.barista.provider.process.sandbox.ProcessLimits;
import dev.barista.provider.spi.Endpoint;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a hostile function can do at each isolation level. The table in {@code docs/isolation.md}
 * says the same; at level sandbox every attempt fails.
 */
class HostileFunctionTest {

  private static final String DONE = "attempt-succeeded";

  /** At which levels an attempt works. */
  private enum Works {
    NOWHERE,
    NONE_ONLY,
    BELOW_SANDBOX;

    boolean at(IsolationLevel level) {
      return switch (level) {
        case SANDBOX -> false;
        case USER -> this == BELOW_SANDBOX;
        case NONE -> this != NOWHERE;
      };
    }
  }

  /** What it tries, with the level at which it works. {@code @X@} are places of the test. */
  private enum Attempt {
    READ_PASSWORD("cat @DATA@/password", "hunter2", Works.NONE_ONLY),
    LIST_DATA_FOLDER("ls @DATA@", "password", Works.NONE_ONLY),
    READ_SHADOW("cat /etc/shadow", "root:", Works.NONE_ONLY),
    READ_SIBLINGS_FILES("cat @SIBLING_TREE@/server.py", "HTTP server", Works.BELOW_SANDBOX),
    READ_SIBLINGS_ENVIRONMENT(
        "cat /proc/[0-9]*/environ | tr '\\0' '\\n'", "sibling-secret", Works.NONE_ONLY),
    READ_SIBLINGS_ENVIRONMENT_FILE("cat @SIBLING_RUN@/env", "sibling-secret", Works.NONE_ONLY),
    READ_SIBLINGS_LOG("cat @DATA@/logs/*/*/*", "starting as", Works.NONE_ONLY),
    READ_SIBLINGS_SECRET("cat /dev/shm/barista-*/*/token", "sealed-by-nobody", Works.NONE_ONLY),
    SEE_GATEWAY("[ -e /proc/@GATEWAY@ ] && echo " + DONE, DONE, Works.BELOW_SANDBOX),
    SIGNAL_GATEWAY("kill -0 @GATEWAY@ && echo " + DONE, DONE, Works.NONE_ONLY),
    TRACE_GATEWAY("head -c 20 /proc/@GATEWAY@/maps && echo " + DONE, DONE, Works.NONE_ONLY),
    CALL_SIBLING_BY_SOCKET(connectTo("@SIBLING_RUN@/s"), DONE, Works.NONE_ONLY),
    WRITE_KERNEL_SETTING(
        "cat /proc/sys/kernel/core_pattern > /proc/sys/kernel/core_pattern && echo " + DONE,
        DONE,
        Works.NONE_ONLY),
    WRITE_OWN_FILES("echo x >> @HOME@/server.py && echo " + DONE, DONE, Works.NONE_ONLY),
    WRITE_SYSTEM_FILES("touch /usr/bin/barista-hostile && echo " + DONE, DONE, Works.NONE_ONLY),
    LEAVE_ITS_GROUP(
        "for f in /sys/fs/cgroup/*/cgroup.procs; do echo 0 > $f && echo " + DONE + "; done",
        DONE,
        Works.NONE_ONLY),
    MOUNT("mount -t tmpfs none @HOME@ && umount @HOME@ && echo " + DONE, DONE, Works.NONE_ONLY),
    FILL_TMP(
        "dd if=/dev/zero of=$TMPDIR/big bs=1M count=20 && echo " + DONE + "; rm -f $TMPDIR/big",
        DONE,
        Works.BELOW_SANDBOX),
    FILL_SHARED_MEMORY(
        "dd if=/dev/zero of=/dev/shm/big bs=1M count=20 && echo " + DONE + "; rm -f /dev/shm/big",
        DONE,
        Works.BELOW_SANDBOX),
    FILL_MEMORY("python3 -c 'x = bytearray(200 << 20)' && echo " + DONE, DONE, Works.NOWHERE),
    USE_ALL_DESCRIPTORS(
        "python3 -c 'x = [open(\"/dev/null\") for _ in range(10000)]' && echo " + DONE,
        DONE,
        Works.NOWHERE),
    FORK_MANY(
        "i=0; while [ $i -lt 200 ]; do sleep 20 > /dev/null 2>&1 & i=$((i+1)); done && echo "
            + DONE,
        DONE,
        Works.NOWHERE);

    private final String command;
    private final String sign;
    private final Works works;

    Attempt(String command, String sign, Works works) {
      this.command = command;
      this.sign = sign;
      this.works = works;
    }

    private static String connectTo(String socket) {
      return "python3 -c 'import socket; socket.socket(socket.AF_UNIX).connect(\""
          + socket
          + "\")' && echo "
          + DONE;
    }
  }

  private @TempDir Path folder;
  private TestHost host;

  @BeforeEach
  void makeHost() throws IOException {
    RequiredTools.requireProgram("bwrap");
    RequiredTools.require(RequiredTools.isRoot(), "root, for users of their own and cgroups");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    host = new TestHost(folder);
    Files.writeString(host.data.resolve("password"), "hunter2\n");
    Files.setPosixFilePermissions(
        host.data.resolve("password"), PosixFilePermissions.fromString("rw-------"));
    Files.setPosixFilePermissions(host.data, PosixFilePermissions.fromString("rwx------"));
  }

  private ProcessProviderConfig config(IsolationLevel level) {
    ProcessLimits limits =
        new ProcessLimits(
            /* openFiles= */ 1_000, /* fileBytes= */ 1L << 30, /* tmpBytes= */ 8 << 20);
    return host.config(IsolationRequest.valueOf(level.name()))
        .withConfinement(
            Confinement.DEFAULT
                .withIsolation(IsolationRequest.valueOf(level.name()))
                .withLimits(limits, /* processes= */ 40));
  }

  @ParameterizedTest
  @EnumSource
  void attempts_succeedWhereTheTableSaysSo(IsolationLevel level) throws IOException {
    try (ReplicaFixture fixture = new ReplicaFixture(host, config(level))) {
      fixture.provider.createSecret(
          new SecretName("token", FunctionName.DEFAULT_NAMESPACE),
          "sealed-by-nobody".getBytes(UTF_8));
      Endpoint sibling =
          fixture.deploy(
              "sibling",
              TestHost.CHANGED,
              spec -> spec.withEnvironment(Map.of("SECRET", "sibling-secret")).withSecret("token"));
      Endpoint hostile =
          fixture.deploy("hostile", TestHost.WORKING, spec -> spec.withMemory("100Mi"));
      SoftAssertions table = new SoftAssertions();
      for (Attempt attempt : Attempt.values()) {
        String answer = Calls.shell(hostile, placed(attempt.command, sibling));
        table
            .assertThat(answer.contains(attempt.sign))
            .as("%s at %s: %s", attempt, level, answer)
            .isEqualTo(attempt.works.at(level));
        assertThat(Calls.get(sibling, "/")).isEqualTo("hello\n");
      }
      Files.deleteIfExists(Path.of("/usr/bin/barista-hostile"));
      table.assertAll();
    }
  }

  private String placed(String command, Endpoint sibling) {
    Path socket = ((UnixDomainSocketAddress) sibling.address()).getPath();
    return command
        .replace("@DATA@", host.data.toString())
        .replace("@SIBLING_TREE@", host.images.resolve(TestHost.CHANGED).rootFolder().toString())
        .replace("@SIBLING_RUN@", socket.resolveSibling("").toString())
        .replace("@HOME@", "$(pwd)")
        .replace("@GATEWAY@", Long.toString(ProcessHandle.current().pid()));
  }

  @ParameterizedTest
  @EnumSource
  void forkBomb_leavesTheSiblingServing(IsolationLevel level) throws IOException {
    try (ReplicaFixture fixture = new ReplicaFixture(host, config(level))) {
      Endpoint sibling = fixture.deploy("sibling", TestHost.CHANGED, spec -> spec);
      Endpoint hostile = fixture.deploy("hostile", TestHost.WORKING, spec -> spec.withCpu("500m"));

      Calls.shell(hostile, "b() { b | b & }; (b) >/dev/null 2>&1 & sleep 1");

      assertThat(Calls.get(sibling, "/")).isEqualTo("hello\n");
      assertThat(fixture.deploy("another", TestHost.WORKING, spec -> spec)).isNotNull();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SANDBOX", "USER"})
  void killOfEverything_reachesOnlyItself(IsolationLevel level) throws IOException {
    try (ReplicaFixture fixture = new ReplicaFixture(host, config(level))) {
      Endpoint sibling = fixture.deploy("sibling", TestHost.CHANGED, spec -> spec);
      Endpoint hostile = fixture.deploy("hostile", TestHost.WORKING, spec -> spec);

      try {
        Calls.shell(hostile, "kill -9 -1");
      } catch (IOException | StringIndexOutOfBoundsException e) {
        // it killed the one that would have answered
      }

      fixture.listener.await(
          () -> !fixture.listener.events().isEmpty() && restarted(fixture), "a restart");
      assertThat(Calls.get(sibling, "/")).isEqualTo("hello\n");
    }
  }

  private static boolean restarted(ReplicaFixture fixture) {
    return fixture.status("hostile").readyReplicas() == 1
        && fixture.status("hostile").replicas().getFirst().restarts() == 1;
  }

  @ParameterizedTest
  @EnumSource
  void environment_isWhatWasDeclared(IsolationLevel level) throws IOException {
    try (ReplicaFixture fixture = new ReplicaFixture(host, config(level))) {
      Endpoint function =
          fixture.deploy(
              "fn",
              TestHost.WORKING,
              spec ->
                  spec.withEnvironment(
                      Map.of("OWN", "it's\n$HOME", "odd.name", "x", "BARISTA_SOCKET", "/mine")));

      String environment = Calls.shell(function, "cat /proc/$PPID/environ | tr '\\0' '\\n'");

      assertThat(environment)
          .contains("OWN=it's\n$HOME\n")
          .contains("odd.name=x\n")
          .contains("OPENFAAS_NAME=fn\n")
          .contains("OPENFAAS_NAMESPACE=openfaas-fn\n")
          .contains("BARISTA_GATEWAY_URL=http://127.0.0.1:8080\n")
          .doesNotContain("BARISTA_SOCKET=/mine")
          .doesNotContain("JAVA")
          .doesNotContain("MAVEN");
      assertThat(environment.lines().map(line -> line.replaceFirst("=.*", "")))
          .containsExactlyInAnyOrder(
              "OWN",
              "$HOME",
              "odd.name",
              "OPENFAAS_NAME",
              "OPENFAAS_NAMESPACE",
              "BARISTA_GATEWAY_URL",
              "BARISTA_SOCKET",
              "PATH",
              "HOME",
              "TMPDIR",
              "PWD",
              "fprocess",
              "mode");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SANDBOX", "USER"})
  void process_hasAUserOfItsOwnAndNoRights(IsolationLevel level) throws IOException {
    try (ReplicaFixture fixture = new ReplicaFixture(host, config(level))) {
      Endpoint one = fixture.deploy("one", TestHost.WORKING, spec -> spec);
      Endpoint two = fixture.deploy("two", TestHost.WORKING, spec -> spec);

      String status = Calls.shell(one, "cat /proc/self/status");

      assertThat(Integer.parseInt(Calls.shell(one, "id -u").strip()))
          .isGreaterThan(Users.FIRST)
          .isNotEqualTo(Integer.parseInt(Calls.shell(two, "id -u").strip()));
      assertThat(status)
          .contains("CapEff:\t0000000000000000")
          .contains("CapPrm:\t0000000000000000")
          .contains("CapBnd:\t0000000000000000")
          .contains("NoNewPrivs:\t1");
      assertThat(Calls.shell(one, "ulimit -c; ulimit -n")).isEqualTo("0\n1000\n");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SANDBOX", "USER"})
  void portOfAnotherUser_isNotTakenForTheReplica(IsolationLevel level) throws IOException {
    try (ReplicaFixture fixture = new ReplicaFixture(host, config(level))) {
      Endpoint function = fixture.deploy("tcp", TestHost.TCP, spec -> spec);

      int port = ((InetSocketAddress) function.address()).getPort();

      assertThat(Calls.get(function, "/")).isEqualTo("hello\n");
      assertThat(Ports.listensAs(port, 0)).isFalse();
    }
  }
}
