package dev.barista.cli.command;

import dev.barista.cli.CommandLineUser;
import dev.barista.cli.FakeGateway;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A user in a folder of its own whose verbs reach a gateway of prepared answers. */
abstract class GatewayVerbFixture {

  @TempDir Path folder;
  FakeGateway gateway;
  CommandLineUser user;

  @BeforeEach
  final void start() throws IOException {
    gateway = new FakeGateway();
    user = new CommandLineUser(folder).with("OPENFAAS_URL", gateway.url());
  }

  @AfterEach
  final void stop() {
    gateway.close();
  }
}
