package dev.barista.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.barista.api.FaasException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JavaTemplateTest {

  private static final String HANDLER = "src/main/java/com/openfaas/function/Handler.java";

  private static final String ECHO =
      """
      package com.openfaas.function;
      import com.openfaas.model.*;
      public class Handler extends AbstractHandler {
        public IResponse Handle(IRequest req) {
          if (req.getBody().equals("fail")) throw new IllegalStateException("secret");
          Response res = new Response();
          res.setStatusCode(201);
          res.setContentType("text/x-echo");
          res.setHeader("X-Answer", String.valueOf(req.getHeader("x-question")));
          res.setBody(req.getBody() + "|" + req.getQueryRaw() + "|" + req.getQuery().get("a b")
              + "|" + req.getPathRaw() + "|" + req.getPath().get("user"));
          return res;
        }
      }
      """;

  @TempDir Path folder;

  @Test
  void handler_getsTheRequestAndAnswers() throws Exception {
    var workshop = new Workshop(folder);
    workshop.build("java", "echo", HANDLER, ECHO);

    try (var function = workshop.start("echo", Map.of())) {
      var answer =
          function.call("POST", "/user/7?a%20b=c", "grüß".getBytes(UTF_8), "X-Question: why");
      assertThat(answer.status()).isEqualTo(201);
      assertThat(answer.header("Content-Type")).isEqualTo("text/x-echo");
      assertThat(answer.header("X-Answer")).isEqualTo("why");
      assertThat(answer.text()).isEqualTo("grüß|a%20b=c|c|/user/7|7");

      var failed = function.post("fail");
      assertThat(failed.status()).isEqualTo(500);
      assertThat(failed.text()).isEqualTo("the function raised an exception: see its log\n");
      assertThat(function.log()).contains("IllegalStateException: secret");

      assertThat(function.terminate()).isEqualTo(143);
    }
  }

  @Test
  void handlerOfTheJdksServer_hasTheWholeExchange() throws Exception {
    var workshop = new Workshop(folder);
    workshop.build(
        "java-http",
        "http",
        HANDLER,
        """
        package com.openfaas.function;
        import com.sun.net.httpserver.*;
        public class Handler implements HttpHandler {
          public void handle(HttpExchange exchange) throws java.io.IOException {
            exchange.getResponseHeaders().set("X-Path", exchange.getRequestURI().toString());
            exchange.sendResponseHeaders(202, 0);
            exchange.getRequestBody().transferTo(exchange.getResponseBody());
          }
        }
        """);

    try (var function = workshop.start("http", Map.of())) {
      var answer = function.call("PUT", "/a?b=1", "grüß".getBytes(UTF_8));
      assertThat(answer.status()).isEqualTo(202);
      assertThat(answer.header("X-Path")).isEqualTo("/a?b=1");
      assertThat(answer.text()).isEqualTo("grüß");
      byte[] three =
          """
          POST /1 HTTP/1.1
          Transfer-Encoding: chunked

          2;x=y
          ab
          1
          c
          0
          Trailer: x

          POST /2 HTTP/1.1
          Expect: 100-continue
          Content-Length: 1

          dGET /3 HTTP/1.1
          Connection: close

          """
              .replace("\n", "\r\n")
              .getBytes(UTF_8);
      assertThat(function.raw(three, /* head= */ false))
          .extracting(RunningFunction.Answer::status, RunningFunction.Answer::text)
          .contains(tuple(202, "abc"), tuple(100, ""), tuple(202, "d"));
      for (String bad :
          List.of(
              "nonsense",
              "GET / HTTP/1.1\nContent-Length: 1\nContent-Length: 2",
              "GET / HTTP/1.1\nContent-Length: 1\nTransfer-Encoding: chunked",
              "GET / HTTP/1.1\n folded",
              "GET / HTTP/1.1\nContent-Length: +1")) {
        byte[] bytes = (bad.replace("\n", "\r\n") + "\r\n\r\n").getBytes(UTF_8);
        assertThat(function.raw(bytes, /* head= */ false))
            .as(bad)
            .extracting(RunningFunction.Answer::status)
            .containsExactly(400);
      }
    }
  }

  @Test
  void aliasOfAnOlderJava_isTheSameTemplate() throws Exception {
    var workshop = new Workshop(folder);
    String digest = workshop.build("java", "echo", HANDLER, ECHO).digest();

    var again = workshop.build("java17", "echo", HANDLER, ECHO);

    assertThat(again.digest()).isEqualTo(digest);
    assertThat(again.reusedLayers()).isEqualTo(2);
  }

  @Test
  void brokenSource_isToldWithItsPlace() throws Exception {
    var workshop = new Workshop(folder);

    assertThatThrownBy(
            () -> workshop.build("java", "broken", HANDLER, "class Handler { nonsense }"))
        .isInstanceOf(FaasException.class)
        .hasMessageContaining("the handler doesn't compile: com/openfaas/function")
        .hasMessageContaining("Handler.java:1: error:");
  }
}
