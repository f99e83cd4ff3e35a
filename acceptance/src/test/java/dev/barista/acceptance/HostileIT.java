package dev.barista.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A hostile function at isolation level {@code sandbox}: every attempt fails, and the platform
 * serves on. What succeeds at lower levels is in {@code docs/isolation.md}.
 */
@ExtendWith(SharedBarista.class)
class HostileIT {

  private final Barista barista;

  HostileIT(Barista barista) {
    this.barista = barista;
  }

  @BeforeAll
  static void deploy(Barista barista, @TempDir Path folder) throws IOException {
    Tools.require("bwrap");
    ResourceFunction.up(
        barista, folder, "hostile", List.of("/hostile/hostile.py"), "python3 hostile.py", Map.of());
  }

  @AfterEach
  void platform_servesOn() {
    assertThat(barista.invoke("echo-fn", "still here").body().strip()).isEqualTo("still here");
    assertThat(barista.send(barista.admin("/system/functions")).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "list-folder ${data}",
        "read-file ${data}/secrets/basic-auth-password",
        "read-file ${data}/state.db",
        "read-file /etc/shadow",
        "list-folder /root/.m2",
        "read-file ${home}/README.md",
        "environments",
        "signal ${pid}",
        "trace ${pid}",
        "sibling-sockets ${data}",
        "fork-bomb 100000",
        "fill-disk 4",
        "descriptors 1000000",
        "raise-limits 2000000",
        "call-system ${url}",
        "become-root",
        "change-itself",
        "join-other-group",
      })
  void attempt_fails(String attempt) {
    String body = barista.invoke("hostile", filledIn(attempt)).body();

    assertThat(body).startsWith("failed:");
  }

  @ParameterizedTest
  @ValueSource(strings = {"fill-memory 200"})
  void attemptToTakeAllMemory_isKilled(String attempt) {
    assertThat(barista.invoke("hostile", attempt).body()).doesNotContain("SUCCEEDED");
  }

  private String filledIn(String attempt) {
    return attempt
        .replace("${data}", barista.data().toString())
        .replace("${pid}", Long.toString(barista.pid()))
        .replace("${home}", Barista.home().toString())
        .replace("${url}", barista.url().toString());
  }
}
