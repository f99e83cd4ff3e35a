package dev.barista.image;

import java.util.Locale;
import java.util.Map;

/**
 * Operating system and processor in OCI's words, as {@code linux/amd64}.
 *
 * @param os {@code linux}, {@code darwin}
 * @param architecture {@code amd64}, {@code arm64}
 */
record HostPlatform(String os, String architecture) {

  private static final Map<String, String> ARCHITECTURES =
      Map.of("x86_64", "amd64", "amd64", "amd64", "aarch64", "arm64", "arm64", "arm64");

  static HostPlatform current() {
    String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    String arch = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
    return new HostPlatform(
        os.startsWith("mac") ? "darwin" : os, ARCHITECTURES.getOrDefault(arch, arch));
  }

  @Override
  public String toString() {
    return os + '/' + architecture;
  }
}
