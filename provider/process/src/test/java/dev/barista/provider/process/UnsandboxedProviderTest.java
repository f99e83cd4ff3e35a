package dev.barista.provider.process;

import dev.barista.provider.process.sandbox.IsolationRequest;

class UnsandboxedProviderTest extends ProcessProviderContract {

  UnsandboxedProviderTest() {
    super(IsolationRequest.NONE);
  }
}
