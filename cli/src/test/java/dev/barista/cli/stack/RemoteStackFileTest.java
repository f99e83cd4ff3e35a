package dev.barista.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barista.cli.CliException;
import dev.barista.cli.CommandLineUser;
import dev.barista.cli.CommandLineUser.Result;
import dev.barista.cli.FakeGateway;
import dev.barista.cli.http.HttpClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stack file of the net is a stranger's. */
class RemoteStackFileTest {

  private static final String STACK =
      """
      provider: {name: openfaas, gateway: "http://evil.example"}
      functions:
        hello:
          image: "a:${TAG:-1}"
          environment: {secret: "${PASSWORD}"}
      """;

  @TempDir private Path folder;
  private FakeGateway server;

  @BeforeEach
  void start() throws IOException {
    server = new FakeGateway();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void environment_staysHere_unlessTheUserGivesIt() {
    server.answers(200, STACK).answers(200, STACK);
    CommandLineUser user = new CommandLineUser(folder).with("PASSWORD", "x").with("TAG", "2");

    Result closed = user.types("generate", "-f", server.url() + "/stack.yml");
    Result open = user.types("generate", "--envsubst", "-f", server.url() + "/stack.yml");

    assertThat(closed.out()).contains("image: a:1\n").contains("secret: \"\"\n");
    assertThat(closed.err()).contains("PASSWORD is replaced by nothing: a file of the net");
    assertThat(open.out()).contains("image: a:2\n").contains("secret: x\n");
  }

  /** It would get the user's credentials, and whatever the user's environment has. */
  @Test
  void gateway_isNotTakenFromIt() throws IOException {
    try (FakeGateway own = new FakeGateway().answers(202, "")) {
      server.answers(200, STACK.replace("http://evil.example", server.url()));
      CommandLineUser user = new CommandLineUser(folder).with("OPENFAAS_URL", own.url());

      Result result = user.types("deploy", "-f", server.url() + "/stack.yml");

      assertThat(result.exitCode()).isZero();
      assertThat(result.err()).contains("provider.gateway: is not taken from a file of the net");
      assertThat(own.asked()).hasSize(1);
      assertThat(server.asked()).hasSize(1);
    }
  }

  @Test
  void environmentFile_comesFromTheSameServerOnly() {
    server
        .answers(200, function("environment_file: [more.yml]"))
        .answers(200, "environment: {a: b}");

    assertThat(read("/stacks/stack.yml").functions().getFirst().environment())
        .containsEntry("a", "b");
    assertThat(server.asked().getLast().path()).isEqualTo("/stacks/more.yml");

    server.answers(200, function("environment_file: [\"file:///etc/passwd\"]"));
    assertThatThrownBy(() -> read("/stack.yml"))
        .hasMessageContaining("file:///etc/passwd: of another server than");
  }

  @Test
  void handler_liesInTheCurrentFolder() {
    server.answers(200, function("lang: python3\n    handler: /etc"));

    assertThatThrownBy(() -> read("/stack.yml"))
        .hasMessageContaining(
            ":6: functions.hello.handler: \"/etc\" (expected: a path inside the current folder");
  }

  @Test
  void whatIsNoStackFile_isTold() {
    server.answers(404, "").answers(200, "#".repeat((1 << 20) + 1));

    assertThatThrownBy(() -> read("/none.yml"))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("/none.yml can't be used: the answer is 404");
    assertThatThrownBy(() -> read("/long.yml"))
        .hasMessageContaining("it is longer than 1048576 bytes");
  }

  @Test
  void redirect_isFollowedToTheSameServerOnly() {
    server.redirects("/other.yml").answers(200, function("fprocess: cat"));
    assertThat(read("/stack.yml").functions()).hasSize(1);
    assertThat(server.asked().getLast().path()).isEqualTo("/other.yml");

    server.redirects("http://127.0.0.2:1/stack.yml");
    assertThatThrownBy(() -> read("/stack.yml"))
        .hasMessageContaining("it redirects to another server, http://127.0.0.2:1/stack.yml");
  }

  private StackFile read(String path) {
    return StackFile.fetch(URI.create(server.url() + path), folder, new HttpClient(true), Map.of());
  }

  private static String function(String body) {
    return "provider:\n  name: openfaas\nfunctions:\n  hello: {image: a}\n"
        .replace("{image: a}", "\n    " + body + "\n    image: a")
        .replace("hello: \n", "hello:\n");
  }
}
