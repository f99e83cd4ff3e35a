package dev.barista.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barista.api.FaasException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The contracts of the Node.js templates, on the real interpreter. */
class NodeTemplatesTest {

  /** Evaluates its body, so that one process serves a whole table. */
  private static final String EVALUATING =
      """
      module.exports = async (event, context, callback) => {
        const h = name => event.headers[name]
        return eval(event.body)
      }
      """;

  /** As much of Express as the template and a handler use. */
  private static final String EXPRESS =
      """
      module.exports = () => {
        const handlers = []
        const app = (req, res) => {
          res.json = value => res.end(JSON.stringify(value))
          handlers.forEach(handler => handler(req, res))
        }
        app.disable = () => app
        app.get = (path, handler) => handlers.push(handler)
        return app
      }
      """;

  @TempDir static Path shared;

  private static FakeNpmRegistry registry;
  private static Workshop workshop;
  private static RunningFunction evaluating;

  @BeforeAll
  static void start() throws IOException {
    Tools.require("node");
    Tools.require("npm");
    registry =
        new FakeNpmRegistry()
            .with("tiny", "exports.word = 'from a package'")
            .with("checker", "process.exit(0)")
            .with("express", EXPRESS);
    workshop = new Workshop(shared, Map.of("npm_config_registry", registry.url() + "/"));
    workshop.build("node-http", "evaluating", "handler.js", EVALUATING);
    evaluating = workshop.start("evaluating", Map.of());
  }

  @AfterAll
  static void stop() {
    evaluating.close();
    registry.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          `x`                                            | 200 | text/html; charset=utf-8        | x
          ({a: 1})                                       | 200 | application/json; charset=utf-8 | {"a":1}
          [1, 2]                                         | 200 | application/json; charset=utf-8 | [1,2]
          Buffer.from('x')                               | 200 | application/octet-stream        | x
          context.status(201).succeed('x')               | 201 | text/html; charset=utf-8        | x
          context.headers({'content-type': 'a/b'}).succeed('x') | 200 | a/b                      | x
          context.fail('bad')                            | 500 | text/html; charset=utf-8        | bad
          context.status(422).fail('bad')                | 422 | text/html; charset=utf-8        | bad
          callback(undefined, 'called back')             | 200 | text/html; charset=utf-8        | called back
          setTimeout(() => callback(undefined, 'late'), 5) && undefined | 200 | text/html; charset=utf-8 | late
          event.method + event.path + event.query.a      | 200 | text/html; charset=utf-8        | POST/p/q1
          h('x-question')                                | 200 | text/html; charset=utf-8        | why
          throw new Error('secret')                      | 500 | text/html; charset=utf-8        | the function raised an exception: see its log\\n
          context.headers({'bad header': 'x'}).succeed(1)| 500 | ''                              | the function raised an exception: see its log\\n
          """)
  void handler_answersInEveryWayOfTheContract(String code, int status, String type, String answer)
      throws Exception {
    var got = evaluating.call("POST", "/p/q?a=1", code.getBytes(UTF_8), "X-Question: why");

    assertThat(got.text()).isEqualTo(answer.replace("\\n", "\n"));
    assertThat(got.status()).isEqualTo(status);
    assertThat(got.header("Content-Type")).isEqualTo(type);
  }

  @Test
  void body_isWhatItsTypeSays() throws Exception {
    workshop.build(
        "node20",
        "body",
        "handler.js",
        "module.exports = async event => [typeof event.body, event.body, event.query]");
    try (var function = workshop.start("body", Map.of("MAX_JSON_SIZE", "1kb"))) {
      assertThat(send(function, "application/json", "{\"a\": [1]}"))
          .isEqualTo("[\"object\",{\"a\":[1]},{}]");
      assertThat(send(function, "application/x-www-form-urlencoded", "a=1&b[c]=2&d[]=3&d[]=4"))
          .isEqualTo("[\"object\",{\"a\":\"1\",\"b\":{\"c\":\"2\"},\"d\":[\"3\",\"4\"]},{}]");
      assertThat(send(function, "text/plain", "{}")).isEqualTo("[\"string\",\"{}\",{}]");
      assertThat(send(function, "image/png", "x")).isEqualTo("[\"object\",{},{}]");
      assertThat(function.call("GET", "/?a=1&a=2&__proto__[x]=1", new byte[0]).text())
          .isEqualTo("[\"object\",{},{\"a\":[\"1\",\"2\"]}]");
      byte[] long1 = ("\"" + "x".repeat(1100) + "\"").getBytes(UTF_8);
      var refused = function.call("POST", "/", long1, "Content-Type: application/json");
      assertThat(refused.status()).isEqualTo(413);
      assertThat(refused.text()).isEqualTo("body of more than 1024 bytes: set MAX_JSON_SIZE\n");
      var bad = function.call("POST", "/", "{".getBytes(UTF_8), "Content-Type: application/json");
      assertThat(bad.status()).isEqualTo(400);
      assertThat(function.terminate()).isZero();
    }
    try (var function = workshop.start("body", Map.of("RAW_BODY", "true"))) {
      assertThat(send(function, "application/json", "x")).contains("\"Buffer\",\"data\":[120]");
    }
  }

  @Test
  void skeletons_answer() throws Exception {
    assertThat(workshop.skeletonAnswer("node-http")).isEqualTo("{\"body\":\"hi\",\"path\":\"/\"}");
    assertThat(workshop.skeletonAnswer("node"))
        .isEqualTo("{\"status\":\"done\",\"body\":\"hi\"}\n");
  }

  @Test
  void classic_callsBackOnceAndEnds() throws Exception {
    workshop.build(
        "node",
        "classic",
        "handler.js",
        """
        module.exports = (body, callback) => {
          if (body === 'fail') return callback(new Error('no'))
          console.log('printed')
          callback(undefined, { body })
        }
        """);

    assertThat(workshop.call("classic", "grüß"))
        .isEqualTo(new Workshop.Ended(0, "printed\n{\"body\":\"grüß\"}\n"));
    assertThat(workshop.call("classic", "fail").status()).isEqualTo(1);
  }

  @Test
  void packages_areALayerOfTheirOwn_andAChangedHandlerAsksNoRegistry() throws Exception {
    String json = "{\"name\": \"f\", \"dependencies\": {\"tiny\": \"^4.0.0\"}}";
    String handler = "const t = require('tiny'); module.exports = async () => t.word";
    workshop.build("node-http", "packaged", "handler.js", handler, "package.json", json);
    int asked = registry.requests.get();

    BuiltImage changed =
        workshop.build("node-http", "packaged", "handler.js", handler + "\n", "package.json", json);

    assertThat(registry.requests.get()).isEqualTo(asked);
    assertThat(changed.reusedLayers()).isEqualTo(1);
    HostImage image = workshop.store.resolve("packaged");
    assertThat(image.abi()).hasValueSatisfying(abi -> assertThat(abi).startsWith("node-"));
    try (var function = workshop.start("packaged", Map.of())) {
      assertThat(function.post("").text()).isEqualTo("from a package");
    }
  }

  @Test
  void packageThatIsNotInstalled_isNamedInTheLog() throws Exception {
    workshop.build("node-http", "missing", "handler.js", "require('no-such-package')");

    assertThatThrownBy(() -> workshop.start("missing", Map.of()))
        .hasMessageContaining("no-such-package': name it under \"dependencies\" in package.json");
  }

  @Test
  void testsOfThePackageJson_failTheBuild_unlessTheyAreSwitchedOff() throws Exception {
    Path handler =
        workshop.handler(
            "tested",
            "handler.js",
            "module.exports = async () => 'x'",
            "package.json",
            """
            {"name": "f", "devDependencies": {"checker": "*"},
             "scripts": {"test": "node -e \\"require('checker')\\" && echo ran && exit 3"}}
            """);

    assertThatThrownBy(() -> workshop.build("node-http", handler, "tested"))
        .isInstanceOf(FaasException.class)
        .hasMessageStartingWith("step Tests of template node-http failed");
    assertThat(workshop.progress).contains("  ran");

    workshop.build(Workshop.withArgument("node-http", handler, "tested", "TEST_ENABLED", "false"));
    assertThat(workshop.store.resolve("tested").rootFolder().resolve("function"))
        .isDirectoryNotContaining("glob:**node_modules");
  }

  @Test
  void express_isInstalledOnce_andTheHandlerSetsItUp() throws Exception {
    String handler =
        "module.exports = async ({ app }) => app.get('/', (req, res) => res.json({ url: req.url"
            + " }))";
    workshop.build("node-express", "express", "handler.js", handler);
    try (var function = workshop.start("express", Map.of())) {
      assertThat(function.call("GET", "/a", new byte[0]).text()).isEqualTo("{\"url\":\"/a\"}");
    }

    int asked = registry.requests.get();
    workshop.build("node-express", "express", "handler.js", handler + "\n");
    assertThat(registry.requests.get()).isEqualTo(asked);
    assertThat(workshop.progress).contains("Express: unchanged");
  }

  private static String send(RunningFunction function, String type, String body)
      throws IOException {
    return function.call("POST", "/", body.getBytes(UTF_8), "Content-Type: " + type).text();
  }
}
