package dev.barista.provider.process;

import dev.barista.provider.process.sandbox.IsolationRequest;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A platform for {@link OrphanTest} to kill. */
final class VictimPlatform {

  private VictimPlatform() {}

  /** What a process that leaves its session runs, unique to the platform. */
  static String escapeOf(long platform) {
    return "sleep 1000." + platform;
  }

  public static void main(String[] arguments) throws Exception {
    TestHost host = new TestHost(Path.of(arguments[0]));
    try (ReplicaFixture fixture =
        new ReplicaFixture(host, host.config(IsolationRequest.valueOf(arguments[1])))) {
      var endpoint = fixture.deploy("fn", TestHost.WORKING, spec -> spec);
      String escape = escapeOf(ProcessHandle.current().pid());
      Calls.shell(endpoint, "setsid " + escape + " > /dev/null 2>&1 &");
      System.out.println("ready");
      new CountDownLatch(1).await();
    }
  }
}
