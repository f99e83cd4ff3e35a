package dev.barista.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barista.api.FaasException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contracts of the Go templates; the standard library is compiled once for all of them. */
class GoTemplatesTest {

  private static final String MIDDLEWARE =
      """
      package function
      import ("fmt"; "io"; "net/http"; "os")
      func Handle(w http.ResponseWriter, r *http.Request) {
        body, _ := io.ReadAll(r.Body)
        data, _ := os.ReadFile("static/data.txt")
        w.WriteHeader(201)
        fmt.Fprintf(w, "%s %s %s %s", r.Method, r.URL, body, data)
      }
      """;

  @TempDir static Path shared;

  private static Workshop workshop;

  @BeforeAll
  static void start() throws IOException {
    Tools.require("go");
    workshop = new Workshop(shared, Map.of("GOPROXY", "off"));
  }

  @Test
  void classic_printsWhatTheHandlerReturns() throws Exception {
    workshop.build(
        "go",
        "classic",
        "handler.go",
        "package function\n"
            + "func Handle(req []byte) string { return \"<\" + string(req) + \">\" }\n");

    assertThat(workshop.call("classic", "grüß")).isEqualTo(new Workshop.Ended(0, "<grüß>\n"));
    assertThat(workshop.store.resolve("classic").runtime()).isEmpty();
  }

  @Test
  void middleware_isServedOnASocket_withItsData() throws Exception {
    workshop.build(
        "golang-middleware", "mw", "handler.go", MIDDLEWARE, "static/data.txt", "a file");

    assertThat(workshop.progress)
        .contains("lang golang-middleware means the template go-http: it runs on this host's Go");
    try (var function = workshop.start("mw", Map.of())) {
      var answer = function.call("PUT", "/p?q=1", "x".getBytes(UTF_8));
      assertThat(answer.status()).isEqualTo(201);
      assertThat(answer.text()).isEqualTo("PUT /p?q=1 x a file");
      assertThat(function.terminate()).isZero();
    }
    BuiltImage again =
        workshop.build("go-http", "mw", "handler.go", MIDDLEWARE, "static/data.txt", "a file");
    assertThat(again.reusedLayers()).isEqualTo(1);
  }

  @Test
  void handlerOfWholeRequests_getsItsTypesFromTheTemplate() throws Exception {
    workshop.build(
        "golang-http",
        "whole",
        "go.mod",
        "module example.com/mine\n\ngo 1.21\n",
        "sub/sub.go",
        "package sub\nconst Word = \"sub\"\n",
        "handler.go",
        """
        package function
        import (
          "errors"
          "net/http"
          "example.com/mine/sub"
          handler "github.com/openfaas/templates-sdk/go-http"
        )
        func Handle(req handler.Request) (handler.Response, error) {
          if len(req.Body) == 0 { return handler.Response{}, errors.New("no body") }
          return handler.Response{
            Body: []byte(req.Method + req.QueryString + sub.Word),
            Header: http.Header{"X-Answer": {req.Header.Get("X-Question")}},
          }, nil
        }
        """);

    try (var function = workshop.start("whole", Map.of())) {
      var answer = function.call("POST", "/?a=1", "x".getBytes(UTF_8), "X-Question: why");
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.text()).isEqualTo("POSTa=1sub");
      assertThat(answer.header("X-Answer")).isEqualTo("why");
      var failed = function.post("");
      assertThat(failed.status()).isEqualTo(500);
      assertThat(failed.text()).isEqualTo("no body\n");
    }
  }

  @Test
  void skeletons_answer() throws Exception {
    assertThat(workshop.skeletonAnswer("go")).isEqualTo("Hello, Go. You said: hi\n");
    assertThat(workshop.skeletonAnswer("go-http")).isEqualTo("Body: hi");
  }

  @Test
  void brokenSource_isToldWithItsPlace_andAFailingTestFailsTheBuild() throws Exception {
    assertThatThrownBy(
            () -> workshop.build("go", "broken", "handler.go", "package function\nnonsense\n"))
        .isInstanceOf(FaasException.class)
        .hasMessageStartingWith(
            "step Handler of template go failed with exit status 1: ./handler.go:2");

    String handler = "package function\nfunc Handle(req []byte) string { return \"\" }\n";
    String test =
        "package function\nimport \"testing\"\nfunc TestIt(t *testing.T) { t.Fatal(\"wrong\") }\n";
    Path folder = workshop.handler("tested", "handler.go", handler, "handler_test.go", test);
    assertThatThrownBy(() -> workshop.build("go", folder, "tested"))
        .isInstanceOf(FaasException.class);
    assertThat(workshop.progress).anyMatch(line -> line.contains("handler_test.go:3: wrong"));
    workshop.build(Workshop.withArgument("go", folder, "tested", "TEST_ENABLED", "false"));
  }
}
