package dev.barista.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barista.api.FaasException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The contracts of bash, PHP, Ruby and Rust; what a missing tool's sentence is. */
class OtherTemplatesTest {

  @TempDir Path folder;

  private Workshop workshop;

  @BeforeEach
  void open() throws IOException {
    workshop = new Workshop(folder);
  }

  @ParameterizedTest
  @CsvSource({
    "bash, bash, Hello from bash. You said: hi\\n",
    "php, php, Hello from PHP. You said: hi",
    "ruby, ruby, Hello from Ruby. You said: hi",
    "cargo, rust, Hello from Rust. You said: hi",
    "java, java-http, Hello from Java. You sent 2 bytes.\\n",
    "python3, python3-flask, hi"
  })
  void skeleton_answers(String tool, String template, String answer) throws Exception {
    Tools.require(tool);
    assertThat(workshop.skeletonAnswer(template)).isEqualTo(answer.replace("\\n", "\n"));
  }

  @Test
  void bash_readsTheBodyAndPrintsTheAnswer() throws Exception {
    workshop.build("bash-streaming", "sh", "handler.sh", "tr a-z A-Z; exit 3\n");

    assertThat(workshop.call("sh", "hi")).isEqualTo(new Workshop.Ended(3, "HI"));
  }

  @Test
  void php_callsTheHandlerOfItsNamespace() throws Exception {
    Tools.require("php");
    workshop.build(
        "php8",
        "php",
        "src/Handler.php",
        """
        <?php
        namespace App;
        class Handler {
          public function handle(string $data): string { return Helper::wrap($data); }
        }
        """,
        "src/Helper.php",
        "<?php\nnamespace App;\nclass Helper { static function wrap($d) { return \"<$d>\"; } }\n");

    assertThat(workshop.call("php", "grüß")).isEqualTo(new Workshop.Ended(0, "<grüß>"));
  }

  @Test
  void ruby_answersAsAProcessOfItsOwn_orWithHeaders() throws Exception {
    Tools.require("ruby");
    workshop.build(
        "ruby",
        "classic",
        "handler.rb",
        """
        class Handler
          def run(req)
            exit 3 if req == 'exit'
            raise 'secret' if req == 'raise'
            $count = ($count || 0) + 1
            puts "printed #{$count}"
            "#{req.upcase} #{ENV['Http_X_Question']}#{ENV['Http_Proxy']}#{ENV['Http_Query']}"
          end
        end
        """);
    try (var function = workshop.start("classic", Map.of())) {
      for (int i = 0; i < 2; i++) {
        var answer =
            function.call(
                "POST", "/", "hi".getBytes(UTF_8), "X-Question: why", "Proxy: p", "Query: q");
        assertThat(answer.text()).isEqualTo("printed 1\nHI why");
        assertThat(answer.status()).isEqualTo(200);
      }
      assertThat(function.post("exit").text()).isEqualTo("exit status 3\n");
      assertThat(function.post("raise").status()).isEqualTo(500);
      assertThat(function.post("raise").text()).doesNotContain("secret");
      assertThat(function.log()).contains("secret");
      assertThat(function.terminate()).isZero();
    }

    workshop.build(
        "ruby-http",
        "http",
        "handler.rb",
        """
        class Handler
          def run(body, headers)
            return body.upcase, { 'X-Answer' => headers['x-question'] }, 201
          end
        end
        """);
    try (var function = workshop.start("http", Map.of())) {
      var answer = function.call("POST", "/", "hi".getBytes(UTF_8), "X-Question: why");
      assertThat(answer.text()).isEqualTo("HI");
      assertThat(answer.header("X-Answer")).isEqualTo("why");
      assertThat(answer.status()).isEqualTo(201);
      byte[] two =
          ("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n"
                  + "POST / HTTP/1.1\r\nContent-Length: 1\r\nConnection: close\r\n\r\nc")
              .getBytes(UTF_8);
      assertThat(function.raw(two, /* head= */ false))
          .extracting(RunningFunction.Answer::text)
          .containsExactly("AB", "C");
    }
  }

  @Test
  void rust_isCompiledAndServes() throws Exception {
    Tools.require("cargo");
    workshop.build(
        "rust",
        "rust",
        "src/lib.rs",
        """
        pub fn handle(body: Vec<u8>) -> Result<Vec<u8>, String> {
            match body.as_slice() {
                b"fail" => Err("secret".into()),
                b"panic" => panic!("secret"),
                _ => Ok([b"<", body.as_slice(), b">"].concat()),
            }
        }
        """);
    try (var function = workshop.start("rust", Map.of())) {
      assertThat(function.post("hi").text()).isEqualTo("<hi>");
      for (String bad : List.of("fail", "panic")) {
        var failed = function.post(bad);
        assertThat(failed.status()).isEqualTo(500);
        assertThat(failed.text()).isEqualTo("the function raised an exception: see its log\n");
      }
      byte[] two =
          ("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n"
                  + "HEAD / HTTP/1.1\r\nContent-Length: 1\r\nConnection: close\r\n\r\nc")
              .getBytes(UTF_8);
      assertThat(function.raw(two, /* head= */ true)).hasSize(2);
      assertThat(function.raw("nonsense\r\n\r\n".getBytes(UTF_8), false))
          .singleElement()
          .satisfies(answer -> assertThat(answer.status()).isEqualTo(400));
      assertThat(function.log()).contains("secret");
      assertThat(function.terminate()).isZero();
    }
  }

  @Test
  void toolThatIsMissing_isNamedWithHowToGetIt() throws Exception {
    var templates = new Templates(folder);
    Map<String, String> programs =
        Map.of("csharp", "dotnet", "php", "php", "ruby", "ruby", "go", "go", "rust", "cargo");
    programs.forEach(
        (template, program) -> {
          var lonely = new InterpreterResolver(folder, Map.of("PATH", "/nonexistent"));
          if (lonely.find(program, i -> true).isPresent()) {
            return; // it is in the usual folders of this host
          }
          assertThatThrownBy(
                  () ->
                      new ImageBuilder(workshop.store, lonely, Workshop.unbounded())
                          .build(
                              BuildRequest.of(
                                  ImageReference.parse("fn"),
                                  templates.find(template),
                                  workshop.handler("fn")),
                              _ -> {}))
              .as(template)
              .isInstanceOf(FaasException.class)
              .hasMessageContaining(program + " isn't installed on this host: install ");
        });
  }
}
