package dev.barista.cgroup;

import dev.barista.spawn.Posix;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Enters a scope as {@code serve} does, for {@link DelegationTest}, and tells what it is then. */
final class ScopedProcess {

  private ScopedProcess() {}

  public static void main(String[] arguments) throws IOException {
    Path processFiles = Path.of(arguments[0]);
    long pid = ProcessHandle.current().pid();
    new Delegation(processFiles, pid, /* root= */ false, System.getenv(), Posix::become).enter();
    String line =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
    System.out.printf(
        "pid %d in group %s, arguments %s, KEPT %s, read %s%n",
        pid,
        Files.readString(processFiles.resolve("cgroup")).strip(),
        List.of(arguments).subList(1, arguments.length),
        System.getenv("KEPT").replace('\n', '|'),
        line);
    System.exit(7);
  }
}
