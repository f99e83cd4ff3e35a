package dev.barista.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barista.api.ErrorCode;
import dev.barista.api.FaasException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageReferenceTest {

  @ParameterizedTest
  @CsvSource({
    "hello, hello:latest",
    "hello:latest, hello:latest",
    "hello:1.0, hello:1.0",
    "library/hello, hello:latest",
    "docker.io/hello, hello:latest",
    "docker.io/library/hello:2, hello:2",
    "index.docker.io/library/hello, hello:latest",
    "willowd/float-operation, willowd/float-operation:latest",
    "docker.io/functions/alpine:latest, functions/alpine:latest",
    "ghcr.io/openfaas/alpine, ghcr.io/openfaas/alpine:latest",
    "localhost:5000/a/b:c, localhost:5000/a/b:c",
    "127.0.0.1:8080/a, 127.0.0.1:8080/a:latest"
  })
  void names_haveOneNormalForm(String text, String normal) {
    assertThat(ImageReference.parse(text)).hasToString(normal);
  }

  @ParameterizedTest
  @ValueSource(strings = {"hello", "hello:1.0"})
  void digest_winsOverATag(String name) {
    String digest = "sha256:" + "0123456789abcdef".repeat(4);

    ImageReference reference = ImageReference.parse(name + '@' + digest);

    assertThat(reference).hasToString("hello@" + digest);
    assertThat(reference.isDigest()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "Hello",
        "hello world",
        "hello:",
        ":1",
        "a//b",
        "/a",
        "a/",
        "../a",
        "a/../b",
        "a:b:c",
        "a@sha256:12",
        "a@md5:" + "0",
        "hällo",
        "a\nb",
        "a%2fb",
        "-a",
        "a_-_b"
      })
  void impossibleNames_areRefused(String text) {
    assertThatThrownBy(() -> ImageReference.parse(text))
        .isInstanceOfSatisfying(
            FaasException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST))
        .hasMessageStartingWith("image: ");
  }
}
