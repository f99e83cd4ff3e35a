package dev.barista.provider.process;

import dev.barista.provider.process.sandbox.IsolationRequest;
import org.junit.jupiter.api.BeforeAll;

class SandboxedProviderTest extends ProcessProviderContract {

  SandboxedProviderTest() {
    super(IsolationRequest.SANDBOX);
  }

  @BeforeAll
  static void requireBubblewrap() {
    RequiredTools.requireProgram("bwrap");
  }
}
