package dev.barista.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The contracts of the Python templates, on the real interpreter. */
class PythonTemplatesTest {

  private static final String FAILED = "the function raised an exception: see its log\n";

  /** Evaluates its body, so that one process serves a whole table. */
  private static final String EVALUATING =
      """
      def handle(event, context):
          return eval(event.body)
      """;

  @TempDir static Path shared;

  private static Workshop workshop;
  private static RunningFunction classic;
  private static RunningFunction evaluating;

  @BeforeAll
  static void start() throws IOException {
    Tools.require("python3");
    workshop = new Workshop(shared);
    classic = start("python3", CLASSIC_CASES);
    evaluating = start("python3-http", EVALUATING);
  }

  @AfterAll
  static void stop() {
    classic.close();
    evaluating.close();
  }

  @Test
  void classic_answersWhatIsReturnedAndPrinted_freshlyForEachCall() throws Exception {
    try (var function =
        start(
            "python3",
            """
            import os
            count = 0
            def handle(req):
                global count
                count += 1
                print("printed", count)
                os.system("echo from a program")
                return req.upper()
            """)) {
      assertThat(function.post("hi").text()).isEqualTo("from a program\nprinted 1\nHI\n");
      assertThat(function.post("again").text()).isEqualTo("from a program\nprinted 1\nAGAIN\n");
      assertThat(function.terminate()).isZero();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          none    | 200 | ''
          text    | 200 | text\\n
          number  | 200 | 42\\n
          list    | 200 | [1, 2]\\n
          exit0   | 200 | said\\n
          exit3   | 500 | exit status 3\\nsaid\\n
          message | 500 | exit status 1\\ngone wrong\\n
          stderr  | 200 | to stderr\\n
          kill    | 500 | signal: 9\\n
          raise   | 500 | exit status 1\\nsaid\\n
          thread  | 200 | from a thread\\n
          env     | 200 | POST /a b x=1 why 3\\n
          stdin   | 200 | ''
          """)
  void classic_endsAsAProcessOfItsOwnWould(String request, int status, String answer)
      throws Exception {
    var got = classic.call("POST", "/a%20b?x=1", request.getBytes(UTF_8), "X-Question: why");

    assertThat(got.text()).isEqualTo(answer.replace("\\n", "\n"));
    assertThat(got.status()).isEqualTo(status);
  }

  private static final String CLASSIC_CASES =
      """
      import os, sys, threading
      def handle(req):
          if req == "none": return None
          if req == "text": return "text"
          if req == "number": return 42
          if req == "list": return [1, 2]
          if req == "exit0": print("said"); exit()
          if req == "exit3": print("said"); sys.exit(3)
          if req == "message": sys.exit("gone wrong")
          if req == "stderr": print("to stderr", file=sys.stderr)
          if req == "kill": os.kill(os.getpid(), 9)
          if req == "raise": print("said"); raise ValueError("secret")
          if req == "thread": threading.Thread(target=lambda: print("from a thread")).start()
          if req == "env":
              e = os.environ
              return " ".join((e["Http_Method"], e["Http_Path"], e["Http_Query"],
                               e["Http_X_Question"], e["Http_Content_Length"]))
          if req == "stdin": return sys.stdin.read() or None
          if req == "proxies":
              import urllib.request
              return [urllib.request.getproxies(), os.environ.get("Http_Query"), "Http_A.b" in os.environ]
      """;

  /** urllib takes any {@code http_proxy}, whatever its case, unless it runs as CGI. */
  @Test
  void classic_headers_chooseNeitherProxyNorQuery() throws Exception {
    var answer =
        classic.call(
            "POST", "/", "proxies".getBytes(UTF_8), "Proxy: http://evil", "Query: q", "A.b: c");

    assertThat(answer.text()).isEqualTo("[{}, None, False]\n");
  }

  @Test
  void classic_exception_isInTheLogOnly() throws Exception {
    assertThat(classic.post("raise").text()).doesNotContain("secret");

    assertThat(classic.log()).contains("ValueError: secret").contains("exit status 1");
  }

  @ParameterizedTest
  @CsvSource({"HEAD,405", "OPTIONS,405", "GET,200", "PUT,200", "PATCH,200", "DELETE,200"})
  void classic_methods(String method, int status) throws Exception {
    assertThat(classic.call(method, "/", new byte[0]).status()).isEqualTo(status);
  }

  @Test
  void classic_binaryBody_comesBackAsItWas() throws Exception {
    byte[] body = bytes(2_000_000);
    try (var function =
        start(
            "python3",
            """
            def handle(req):
                import sys
                sys.stdout.write(req)
            """)) {
      byte[] expected =
          new String(body, ISO_8859_1)
              .replace("\r\n", "\n")
              .replace("\r", "\n")
              .getBytes(ISO_8859_1);
      assertThat(function.call("POST", "/", body).body()).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          None                                                | 200 | text/html; charset=utf-8 | ''
          'text'                                              | 200 | text/html; charset=utf-8 | text
          b'bytes'                                            | 200 | text/html; charset=utf-8 | bytes
          ('made', 201)                                       | 201 | text/html; charset=utf-8 | made
          ('x', 202, {'Content-Type': 'text/x'})              | 202 | text/x | x
          ('x', {'Content-Type': 'text/y'})                   | 200 | text/y | x
          [1, 2]                                              | 200 | application/json | [1, 2]\\n
          {'statusCode': 418, 'body': 'tea'}                  | 418 | text/html; charset=utf-8 | tea
          {'statusCode': '202', 'body': 'word'}               | 202 | text/html; charset=utf-8 | word
          {'body': {'a': 1}}                                  | 200 | application/json | {"a": 1}\\n
          {'body': 'x', 'headers': {'content-type': 'text/z'}}| 200 | text/z | x
          {'statusCode': 204}                                 | 204 | text/html; charset=utf-8 | ''
          {}                                                  | 200 | text/html; charset=utf-8 | ''
          iter(['a', b'b'])                                   | 200 | text/html; charset=utf-8 | ab
          ('x', 'no status')                                  | 500 | text/plain; charset=utf-8 | FAILED
          42                                                  | 500 | text/plain; charset=utf-8 | FAILED
          ('x', 200, {'Bad': 'a\\nb'})                        | 500 | text/plain; charset=utf-8 | FAILED
          exit(3)                                             | 500 | text/plain; charset=utf-8 | FAILED
          1 / 0                                               | 500 | text/plain; charset=utf-8 | FAILED
          """,
      quoteCharacter = '`')
  void http_results(String result, int status, String type, String body) throws Exception {
    var answer = evaluating.post(result);

    String expected = body.equals("''") ? "" : body.replace("\\n", "\n");
    assertThat(answer.text()).isEqualTo(expected.equals("FAILED") ? FAILED : expected);
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.header("Content-Type")).isEqualTo(type);
  }

  @Test
  void http_eventHasTheRequest() throws Exception {
    try (var function =
        start(
            "python3-http",
            """
            calls = 0
            def handle(event, context):
                global calls
                calls += 1
                return repr((calls, event.body, event.method, event.path, event.query['a'],
                             event.query.getlist('a'), event.query.get('none'),
                             event.headers['x-Question'], event.headers.get('X-QUESTION'),
                             context.hostname))
            """,
            "HOSTNAME=here")) {
      function.post("");
      var answer =
          function.call("PUT", "/x%20y/z?a=1&a=%C3%BC", "grüß".getBytes(UTF_8), "X-question: why");

      assertThat(answer.text())
          .isEqualTo(
              "(2, b'gr\\xc3\\xbc\\xc3\\x9f', 'PUT', '/x y/z', '1', ['1', 'ü'], None, 'why', 'why',"
                  + " 'here')");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "python3-http,HEAD,200,5",
    "python3-http,OPTIONS,200,0",
    "python3-http,TRACE,405,19",
    "python3-flask,PUT,405,19",
    "python3-flask,HEAD,200,5"
  })
  void http_methods(String template, String method, int status, String length) throws Exception {
    try (var function = start(template, "def handle(*request):\n    return 'hello'\n")) {
      var answer = function.call(method, "/", new byte[0]);

      assertThat(answer.status()).isEqualTo(status);
      assertThat(answer.header("Content-Length")).isEqualTo(length);
    }
  }

  @Test
  void flask_bodyIsText_orBytesOnRequest() throws Exception {
    String handler = "def handle(req):\n    return type(req).__name__, 201, {'X-A': 'b'}\n";
    try (var function = start("python3-flask", handler)) {
      var answer = function.post("x");
      assertThat(answer.text()).isEqualTo("str");
      assertThat(answer.status()).isEqualTo(201);
      assertThat(answer.header("X-A")).isEqualTo("b");
    }
    try (var function = start("python3-flask", handler, "RAW_BODY=true")) {
      assertThat(function.post("x").text()).isEqualTo("bytes");
    }
  }

  @Test
  void handlerThatFails_tellsItsLogAndNotItsCaller() throws Exception {
    try (var function =
        start("python3-http", "def handle(event, context):\n    raise ValueError('secret')\n")) {
      assertThat(function.post("").text()).isEqualTo(FAILED);
      assertThat(function.post("").status()).isEqualTo(500);

      assertThat(function.log())
          .contains("handler failed for POST /")
          .contains("handler.py\", line 2, in handle")
          .contains("ValueError: secret");
    }
  }

  @Test
  void missingPackage_endsTheStartWithAdvice() throws Exception {
    assertThatThrownBy(() -> start("python3-http", "import nonesuch\n"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("package nonesuch is not there: name it in requirements.txt");
  }

  @Test
  void modulesBesideTheHandler_areThere() throws Exception {
    workshop.build(
        "python3",
        "beside",
        "handler.py",
        "from . import words\n"
            + "from .deep.er import more\n"
            + "def handle(req):\n"
            + "    return words.HELLO + more() + open('function/data.txt').read()",
        "words.py",
        "HELLO = 'hello '",
        "deep/__init__.py",
        "",
        "deep/er.py",
        "def more():\n    return 'from deep '",
        "data.txt",
        "and data");

    try (var function = workshop.start("beside", Map.of())) {
      assertThat(function.post("").text()).isEqualTo("hello from deep and data\n");
    }
  }

  private static RunningFunction start(String template, String handler, String... environment)
      throws IOException {
    workshop.build(template, "fn", "handler.py", handler);
    Map<String, String> variables = new TreeMap<>();
    for (String variable : environment) {
      variables.put(variable.split("=")[0], variable.split("=")[1]);
    }
    return workshop.start("fn", variables);
  }

  private static byte[] bytes(int size) {
    byte[] bytes = new byte[size];
    new Random(7).nextBytes(bytes);
    return bytes;
  }
}
