package dev.barista.registry;

import static dev.barista.registry.RunningRegistry.digest;
import static dev.barista.registry.RunningRegistry.header;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A registry for each test, and the shape that all its errors have. */
@Timeout(60)
abstract class RegistryFixture {

  static final String NAME = "team/app";
  static final String ROOT = "/v2/" + NAME;
  static final String ABSENT = digest("nobody has this");
  static final byte[] BLOB = "the content of a blob".getBytes(UTF_8);
  static final JsonMapper JSON = new JsonMapper();

  @TempDir Path folder;

  RunningRegistry registry;

  @BeforeEach
  void start() throws Exception {
    registry = new RunningRegistry(folder, RunningRegistry.LIMITS);
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  static void assertError(HttpResponse<String> answer, int status, String code) throws Exception {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(header(answer, "Content-Type")).isEqualTo("application/json");
    JsonNode error = JSON.readTree(answer.body()).path("errors").path(0);
    assertThat(error.path("code").asString()).isEqualTo(code);
    assertThat(error.path("message").asString()).isNotBlank();
  }
}
