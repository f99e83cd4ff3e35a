package dev.barista.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barista.cli.CommandLineUser.Result;
import dev.barista.image.ImageStore;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Builds for real, with the one template that needs no interpreter. */
class UpCommandTest extends GatewayVerbFixture {

  @BeforeEach
  void makeAFunction() {
    user.types("new", "hello", "--lang", "dockerfile");
  }

  @Test
  void up_buildsThenDeploys() throws IOException {
    gateway.answers(202, "");

    Result result = user.types("up", "-f", "hello.yml", "--quiet", "--fprocess", "cat");

    assertThat(result.err()).isEmpty();
    assertThat(result.out().replaceAll("\\d+\\.\\d\\ds", "0.00s"))
        .isEqualTo(
            """
            [0] > Building hello.
            Building: hello:latest with dockerfile template. Please wait..
            Image: hello:latest built.
            [0] < Building hello done in 0.00s.
            [0] Worker done.

            Total build time: 0.00s

            Deploying: hello.

            Deployed. 202 Accepted.
            URL: GATEWAY/function/hello.openfaas-fn

            """
                .replace("GATEWAY", gateway.url()));
    assertThat(ImageStore.open(folder.resolve("data")).list())
        .extracting(image -> image.reference().toString())
        .containsExactly("hello:latest");
  }

  @Test
  void limitThatIsNone_isRefusedNamingWhereItWasGiven() {
    assertThat(user.types("build", "-f", "hello.yml", "--build-timeout", "0s").err())
        .contains("--build-timeout: \"0s\" (expected: more than 0, such as 20m)");
    assertThat(user.with("BARISTA_BUILD_TIMEOUT", "soon").types("build", "-f", "hello.yml").err())
        .contains("BARISTA_BUILD_TIMEOUT: \"soon\"");
    assertThat(
            user.with("BARISTA_BUILD_TIMEOUT", "")
                .with("BARISTA_BUILD_MEMORY", "much")
                .types("build", "-f", "hello.yml")
                .err())
        .contains("BARISTA_BUILD_MEMORY");
  }

  @Test
  void noCache_makesEveryLayerAgain() {
    user.types("build", "-f", "hello.yml");

    assertThat(user.types("build", "-f", "hello.yml").out()).contains("unchanged");
    assertThat(user.types("build", "-f", "hello.yml", "--no-cache").out())
        .doesNotContain("unchanged");
  }

  @Test
  void severalFiles_areBuiltTogether_alsoFromOtherFolders() throws IOException {
    gateway.answers(202, "").answers(202, "");
    Files.createDirectories(folder.resolve("sub/other"));
    Files.writeString(folder.resolve("sub/other/f"), "x");
    Files.writeString(
        folder.resolve("sub/other.yml"),
        "provider: {name: openfaas}\nfunctions: {other: {lang: dockerfile, handler: ./other}}\n");

    Result result = user.types("up", "-f", "hello.yml", "-f", "sub/other.yml", "--parallel", "2");

    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).contains("Image: hello:latest built.", "Image: other:latest built.");
    assertThat(gateway.asked()).hasSize(2);
  }

  @Test
  void failedBuild_deploysNothing() throws IOException {
    Files.writeString(
        folder.resolve("two.yml"),
        """
        provider: {name: openfaas}
        functions:
          hello: {lang: dockerfile, handler: ./hello}
          gone: {lang: dockerfile, handler: ./gone}
        """);

    Result result = user.types("up", "-f", "two.yml", "--parallel", "2");

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err()).contains("< Building gone failed: ").doesNotContain("hello");
    assertThat(gateway.asked()).isEmpty();
  }

  @Test
  void skipDeploy_buildsOnly_alsoForAGatewayElsewhere() {
    Result result =
        user.types("up", "-f", "hello.yml", "--skip-deploy", "-g", "https://faas.invalid");

    assertThat(result.exitCode()).isZero();
    assertThat(gateway.asked()).isEmpty();
  }

  @Test
  void gatewayElsewhere_isRefusedBeforeTheBuild() {
    Result result = user.types("up", "-f", "hello.yml", "-g", "https://faas.invalid");

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err()).contains("No gateway at https://faas.invalid: no such host");
    assertThat(result.out()).isEmpty();
  }

  @Test
  void functionWithoutTemplate_isDeployedAsItIs() {
    gateway.answers(202, "");

    Result result = user.types("up", "--name", "cat", "--image", "functions/alpine:latest");

    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).contains("[0] < Skipping cat: it has no lang and handler.");
  }
}
