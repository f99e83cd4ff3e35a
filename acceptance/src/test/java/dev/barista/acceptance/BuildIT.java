package dev.barista.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Builds of handlers that want too much, beside a platform that goes on. */
@ExtendWith(SharedBarista.class)
class BuildIT {

  private static final String STACK =
      "version: 1.0\nprovider: {name: openfaas}\nfunctions:\n"
          + "  eater: {lang: python3, handler: ./eater}\n"
          + "  modest: {lang: python3, handler: ./modest}\n";

  private final Barista barista;

  BuildIT(Barista barista) {
    this.barista = barista;
  }

  @Test
  void testThatFillsTheMemory_failsItsBuild_andNothingElse(@TempDir Path folder) throws Exception {
    for (String name : new String[] {"eater", "modest"}) {
      Files.createDirectory(folder.resolve(name));
      Files.writeString(folder.resolve(name + "/handler.py"), "def handle(req):\n    return req\n");
    }
    Files.writeString(
        folder.resolve("eater/test_eater.py"), "everything = bytearray(1_000_000_000)\n");
    Files.writeString(folder.resolve("stack.yml"), STACK);

    CommandResult result =
        barista.command(folder, "", "build", "--build-memory", "150Mi", "--parallel", "2");

    String out = result.out();
    assumeTrue(!out.contains("build tools have no bound on memory"), out);
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err())
        .contains(
            "Building eater failed: build ended: sh used more memory than builds may have (150"
                + " MiB): raise --build-memory (BARISTA_BUILD_MEMORY)");
    assertThat(out).contains("Building modest done");
    assertThat(barista.invoke("echo-fn", "still here").body().strip()).isEqualTo("still here");
  }

  @Test
  void boundThatIsNone_isUsage(@TempDir Path folder) throws Exception {
    Files.writeString(folder.resolve("stack.yml"), STACK);

    CommandResult result = barista.command(folder, "", "build", "--build-memory", "lots");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err())
        .contains("--build-memory: \"lots\" (expected: bytes such as 128Mi, 1G or 134217728");
  }
}
