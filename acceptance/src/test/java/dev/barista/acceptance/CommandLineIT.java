package dev.barista.acceptance;

import static dev.barista.acceptance.Patience.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The command line as a new user types it, without a login, beside the running program. */
@ExtendWith(SharedBarista.class)
class CommandLineIT {

  private final Barista barista;

  CommandLineIT(Barista barista) {
    this.barista = barista;
  }

  @Test
  void ownFunction_fromNothingToItsAnswer_inThreeCommands(@TempDir Path folder) throws Exception {
    barista.command(folder, "", "new", "hello", "--lang", "python3").succeeded();
    assertThat(folder.resolve("hello.yml")).exists();
    assertThat(folder.resolve("hello/handler.py")).exists();

    CommandResult up = barista.command(folder, "", "up", "-f", "hello.yml").succeeded();
    assertThat(up.out())
        .contains("Deployed. 202 Accepted.")
        .contains("URL: " + barista.url() + "/function/hello");

    assertThat(barista.command(folder, "hi", "invoke", "hello").succeeded().out().strip())
        .isEqualTo("hi");

    Files.writeString(
        folder.resolve("hello/handler.py"), "def handle(req):\n    return req.upper()\n");
    barista.command(folder, "", "up", "-f", "hello.yml").succeeded();
    patiently()
        .untilAsserted(
            () ->
                assertThat(
                        barista.command(folder, "hi", "invoke", "hello").succeeded().out().strip())
                    .isEqualTo("HI"));

    assertThat(barista.command("list").succeeded().out()).contains("hello");
    assertThat(barista.command("describe", "hello").succeeded().out()).contains("Ready");
    barista.command("remove", "hello").succeeded();
    assertThat(barista.command(folder, "hi", "invoke", "hello").exitCode()).isEqualTo(1);
  }

  /** A command has 64 MiB of memory. */
  @Test
  void fileOfAHandler_mayBeLargerThanWhatACommandHolds(@TempDir Path folder) throws Exception {
    barista.command(folder, "", "new", "model", "--lang", "python3").succeeded();
    try (var file =
        FileChannel.open(
            folder.resolve("model/weights"),
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.allocate(1), (60 << 20) - 1);
    }
    Files.writeString(
        folder.resolve("model/handler.py"),
        """
        import os
        def handle(req):
            return str(os.path.getsize(os.path.join(os.path.dirname(__file__), "weights")))
        """);

    barista.command(folder, "", "up", "-f", "model.yml").succeeded();

    assertThat(barista.command(folder, "", "invoke", "model").succeeded().out().strip())
        .isEqualTo("62914560");
    barista.command("remove", "model").succeeded();
  }

  @Test
  void list_hasTheColumnsOfFaasCli() {
    String out = barista.command("list").succeeded().out();

    assertThat(out)
        .startsWith(
            String.format("%-30s\t%-15s\t%-5s", "Function", "Invocations", "Replicas").strip());
    assertThat(out).contains(String.format("%-30s\t", "float-operation"));
  }

  @Test
  void verbs_onTheSameMachine_needNoLogin_andSayWhenTheGatewayIsGone(@TempDir Path folder) {
    CommandResult gone =
        barista.command(folder, "", "list", "--gateway", "http://127.0.0.1:" + Ports.free());

    assertThat(gone.exitCode()).isEqualTo(1);
    assertThat(gone.err()).contains("barista serve");
  }

  @Test
  void unknownVerb_isUsage() {
    CommandResult result = barista.command("lst");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).contains("list");
  }

  @Test
  void aloneItShowsTheVerbs() {
    CommandResult result = barista.command();

    assertThat(result.out() + result.err()).contains("serve").contains("invoke").contains("up");
  }

  @Test
  void version_tellsBoth() {
    assertThat(barista.command("version").succeeded().out()).containsIgnoringCase("gateway");
  }

  @Test
  void ready_looksAtTheGatewayAndAtAFunction() {
    barista.command("ready", "--attempts", "1").succeeded();
    barista.command("ready", "float-operation").succeeded();
    assertThat(barista.command("ready", "nobody", "--attempts", "1").exitCode()).isEqualTo(1);
  }

  @Test
  void doctor_findsAHostThatCanServe() {
    CommandResult result =
        barista.command("doctor", "--port", "0", "--metrics-port", "0", "-o", "json").succeeded();

    assertThat(result.out()).contains("\"subject\" : \"isolation\"");
    assertThat(result.err()).isEmpty();
  }

  @Test
  void generate_andCompletion_answerWithoutTheGateway(@TempDir Path folder) {
    assertThat(
            barista
                .command(folder, "", "generate", "--name", "a", "--image", "b:1")
                .succeeded()
                .out())
        .contains("kind: Function");
    assertThat(barista.command("complete", "--", "serve", "--isola").succeeded().out())
        .isEqualTo("--isolation\n");
    assertThat(barista.command("complete", "--", "invoke", "float").succeeded().out())
        .isEqualTo("float-operation\n");
  }
}
