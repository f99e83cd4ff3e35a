package dev.barista.provider.process;

import dev.barista.api.FunctionName;
import dev.barista.provider.process.sandbox.IsolationLevel;
import dev.barista.provider.process.sandbox.IsolationRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A host for replicas at every isolation level. */
abstract class JailedHostFixture {

  static final FunctionName FN = FunctionName.parse("fn");

  private @TempDir Path folder;

  // Mutable state
  TestHost host;

  @BeforeEach
  final void makeHost() throws IOException {
    RequiredTools.requireProgram("bwrap");
    RequiredTools.require(RequiredTools.isRoot(), "root, for users of their own and cgroups");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    host = new TestHost(folder);
  }

  final ReplicaFixture open(IsolationLevel level) throws IOException {
    return new ReplicaFixture(host, host.config(IsolationRequest.valueOf(level.name())));
  }
}
