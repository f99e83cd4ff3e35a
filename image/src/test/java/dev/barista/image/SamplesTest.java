package dev.barista.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The functions of {@code samples/}, built and called. */
class SamplesTest {

  private static final Path SAMPLES = Path.of("..", "samples");

  @TempDir Path folder;

  @Test
  void floatOperation_tellsItsLatency() throws Exception {
    Tools.require("python3");
    try (var function = start("python3", "float-operation")) {
      assertThat(function.post("10000").text()).matches("latency: [0-9.e-]+\n");
      assertThat(function.post("ten").status()).isEqualTo(500);
    }
  }

  @Test
  void matmul_tellsSeconds() throws Exception {
    Tools.require("python3");
    try (var function = start("python3", "matmul")) {
      assertThat(function.post("{\"n\": 10}").text()).matches("[0-9.e-]+\n");
    }
  }

  @Test
  void echo_givesTheBodyBack() throws Exception {
    Tools.require("python3");
    try (var function = start("python3-flask", "echo-fn")) {
      assertThat(function.post("TEST").text()).isEqualTo("TEST");
    }
  }

  @Test
  void hello_greets() throws Exception {
    Tools.require("python3");
    try (var function = start("python3", "hello-python")) {
      assertThat(function.post("Ada\n").text()).isEqualTo("Hello, Ada!\n");
    }
  }

  @Test
  void primes_answersAsItsModelDid() throws Exception {
    try (var function = start("java", "primes")) {
      var answer = function.call("GET", "/?in=10000&nap=0&processes=50", new byte[0]);

      assertThat(answer.text().lines().skip(7))
          .containsExactly(
              "Method A calculated the highest prime below 10000 as 9973",
              "Method B napped for 0 seconds",
              "Method C calculated pi as 3.161199 using 50 processes");
      assertThat(answer.text()).startsWith("______    ").contains("\n| |_/ / __ _ ______ _  __ _");

      var refused = function.call("GET", "/?nap=11", new byte[0]);
      assertThat(refused.status()).isEqualTo(400);
      assertThat(refused.text()).isEqualTo("nap: 11 (expected: 0 to 10)\n");
    }
  }

  private RunningFunction start(String template, String name) throws Exception {
    var workshop = new Workshop(folder);
    workshop.build(template, SAMPLES.resolve(name), name);
    return workshop.start(name, Map.of());
  }
}
