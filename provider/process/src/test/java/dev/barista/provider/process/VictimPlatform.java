package dev.barista.provider.process;

import dev.barista.api.FunctionName;
import dev.barista.provider.process.sandbox.IsolationRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;

/** A platform for {@link OrphanTest} to kill. */
final class VictimPlatform {

  /** What holds a replica's processes together though they leave its session. */
  enum Held {
    BY_CGROUP,
    BY_VARIABLE,
    BY_USER;

    ProcessProviderConfig in(ProcessProviderConfig config) {
      return this == BY_CGROUP
          ? config
          : config.withConfinement(config.confinement().withoutCgroups());
    }

    /** A command that leaves, and sheds everything else that it can. */
    String leave(String command) {
      return this == BY_VARIABLE ? "setsid " + command : "setsid env -i " + command;
    }
  }

  private VictimPlatform() {}

  /** What a process that leaves its session runs, unique to the platform. */
  static String escapeOf(long platform) {
    return "sleep 1000." + platform;
  }

  public static void main(String[] arguments) throws Exception {
    TestHost host = new TestHost(Path.of(arguments[0]));
    Held held = Held.valueOf(arguments[2]);
    ProcessProviderConfig config = host.config(IsolationRequest.valueOf(arguments[1]));
    try (ReplicaFixture fixture = new ReplicaFixture(host, held.in(config))) {
      var endpoint = fixture.deploy("fn", TestHost.WORKING, spec -> spec);
      String escape = escapeOf(ProcessHandle.current().pid());
      Calls.shell(endpoint, held.leave(escape) + " > /dev/null 2>&1 &");
      if (arguments[1].equals("SANDBOX")) {
        letOneStandBy(fixture);
      }
      System.out.println("ready");
      new CountDownLatch(1).await();
    }
  }

  /** A function at zero has a sandbox that waits. */
  private static void letOneStandBy(ReplicaFixture fixture) {
    FunctionName zero = FunctionName.parse("zero");
    fixture.deploy("zero", TestHost.WORKING, spec -> spec);
    fixture.provider.scale(zero, 0);
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> ProcessHandle.current().descendants().anyMatch(VictimPlatform::waits));
  }

  private static boolean waits(ProcessHandle process) {
    try {
      return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"))
          .contains("\0barista\0wait\0");
    } catch (IOException e) {
      return false; // it has ended
    }
  }
}
