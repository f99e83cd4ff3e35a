package dev.barista.provider.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barista.provider.process.sandbox.IsolationRequest;
import dev.barista.provider.testkit.FakeFunctionStore;
import dev.barista.provider.testkit.FakeSecretStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the start says of a level is what {@code docs/isolation.md} says of it. */
class IsolationWarningTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          USER | function code can read its siblings' files, and what any user can read
          NONE | function code is as trusted as the platform
          """)
  void levelBelowTheSandbox_isToldWithItsConsequence(
      IsolationRequest level, String consequence, @TempDir Path folder) throws IOException {
    RequiredTools.require(RequiredTools.isRoot(), "root, for users of their own");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    TestHost host = new TestHost(folder);
    try (ProcessProvider provider =
        host.open(level, new FakeFunctionStore(), new FakeSecretStore())) {
      assertThat(provider.warnings())
          .anySatisfy(
              warning ->
                  assertThat(warning)
                      .startsWith("isolation is '" + level.name().toLowerCase(Locale.ROOT))
                      .endsWith(": " + consequence));
    }
  }
}
