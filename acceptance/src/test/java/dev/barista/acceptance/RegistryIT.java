package dev.barista.acceptance;

import static dev.barista.acceptance.Patience.patiently;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The gateway as a registry, for a client of others and for the command line elsewhere. */
@ExtendWith(SharedBarista.class)
class RegistryIT {

  private final Barista barista;

  @TempDir private Path folder;

  RegistryIT(Barista barista) {
    this.barista = barista;
  }

  @Test
  void skopeo_pullsAndPushes_andWhatItPushedAnswers() {
    String registry = "docker://" + barista.url().getAuthority();
    String layout = "oci:" + folder.resolve("layout") + ":copy";
    HttpResponse<String> tags = barista.send(barista.admin("/v2/float-operation/tags/list"));
    assertThat(tags.body()).contains("latest");

    skopeo(
        "copy",
        "--src-tls-verify=false",
        "--src-creds=admin:" + barista.password(),
        registry + "/float-operation:latest",
        layout);
    skopeo(
        "copy",
        "--dest-tls-verify=false",
        "--dest-creds=admin:" + barista.password(),
        layout,
        registry + "/skopeo/copy:1");
    barista
        .command(
            "deploy",
            "--name",
            "pushed",
            "--image",
            barista.url().getAuthority() + "/skopeo/copy:1")
        .succeeded();

    patiently()
        .untilAsserted(
            () -> assertThat(barista.invoke("pushed", "10").statusCode()).isEqualTo(200));
    barista.delete("pushed");
  }

  private void skopeo(String... arguments) {
    List<String> command = new ArrayList<>(List.of(Tools.require("skopeo").toString()));
    command.addAll(List.of(arguments));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), UTF_8);
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).as(output).isZero();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void functionBuiltElsewhere_goesOver_onlyWithWhatIsMissing() throws Exception {
    Path elsewhere = folder.resolve("elsewhere");
    String[] up = {
      "up", "-f", "away.yml", "--data", elsewhere.toString(), "-g", barista.url().toString()
    };
    barista.command(folder, "", "new", "away", "--lang", "python3").succeeded();
    // Both handlers are this test's own: whoever made a function of it before has brought that
    // layer.
    Files.writeString(
        folder.resolve("away/handler.py"), "def handle(req):\n    return req  # away\n");

    String first = barista.command(folder, "", up).succeeded().out();
    // The samples may have brought the template's layer already.
    assertThat(first).containsPattern("Pushed: away:latest, [23] of 3 blobs");
    patiently()
        .untilAsserted(
            () -> assertThat(barista.invoke("away", "hi").body().strip()).isEqualTo("hi"));

    Files.writeString(
        folder.resolve("away/handler.py"), "def handle(req):\n    return req.upper()  # away\n");
    String second = barista.command(folder, "", up).succeeded().out();
    assertThat(second).contains("is there already").contains("Pushed: away:latest, 2 of 3 blobs");
    patiently()
        .untilAsserted(
            () -> assertThat(barista.invoke("away", "hi").body().strip()).isEqualTo("HI"));
    barista.delete("away");
  }

  @Test
  void imageOfAForeignRegistry_isRefusedWithTheSettingThatAllowsIt() {
    HttpResponse<String> answer =
        barista.deploy("{\"service\":\"foreign\",\"image\":\"registry.example.com/x/y:1\"}");

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body())
        .contains("programs of the registry registry.example.com may not run here")
        .contains("--allow-registry registry.example.com");
  }

  @Test
  void hostImageOfAnAllowedRegistry_isPulledAndAnswers() throws Exception {
    String registry = barista.url().getAuthority();
    String login =
        Base64.getEncoder().encodeToString(("admin:" + barista.password()).getBytes(UTF_8));
    Path logins = folder.resolve("logins.json");
    Files.writeString(logins, "{\"auths\":{\"" + registry + "\":{\"auth\":\"" + login + "\"}}}");
    Path data = Files.createTempDirectory("barista-pulls");

    try (Barista other =
        Barista.start(data, "--allow-registry", registry, "--registry-auth", logins.toString())) {
      HttpResponse<String> answer =
          other.deploy(
              "{\"service\":\"pulled\",\"image\":\"" + registry + "/float-operation:latest\"}");

      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
      patiently()
          .untilAsserted(
              () -> assertThat(other.invoke("pulled", "10").statusCode()).isEqualTo(200));
    }
  }

  @Test
  void registry_wantsAPassword_alwaysAndInItsOwnWords() {
    HttpResponse<String> answer = barista.send(barista.request("/v2/"));

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.headers().firstValue("WWW-Authenticate").orElse("")).startsWith("Basic ");
    assertThat(answer.body()).contains("\"code\":\"UNAUTHORIZED\"");
  }
}
