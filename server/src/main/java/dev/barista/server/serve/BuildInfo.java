package dev.barista.server.serve;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.barista.api.wire.SystemInfo;
import dev.barista.cli.Version;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** What this program was built from. */
final class BuildInfo {

  private BuildInfo() {}

  /** Release and commit; the commit is {@code unknown} where the build was not told it. */
  static SystemInfo.Version version() {
    try (InputStream in = BuildInfo.class.getResourceAsStream("commit.txt")) {
      String sha = in == null ? "" : new String(in.readAllBytes(), UTF_8).strip();
      return new SystemInfo.Version(null, Version.text(), sha.isEmpty() ? "unknown" : sha);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
