package dev.barista.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barista.api.FaasException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Libraries and tests of Java handlers. Each needs Maven and what it fetches. */
class JavaPackagesTest {

  private static final String HANDLER = "src/main/java/com/openfaas/function/Handler.java";

  private static final String ECHO =
      """
      package com.openfaas.function;
      import com.openfaas.model.*;
      public class Handler extends AbstractHandler {
        public IResponse Handle(IRequest req) {
          Response res = new Response();
          res.setBody(word() + " " + req.getBody());
          return res;
        }
        String word() {
          try (var in = Handler.class.getResourceAsStream("/demo/word.txt")) {
            return in == null ? "alone" : new String(in.readAllBytes());
          } catch (java.io.IOException e) {
            return "none";
          }
        }
      }
      """;

  /** As OpenFaaS's template brings one: JUnit 4, no package. */
  private static final String OLD_TEST =
      """
      import static org.junit.Assert.assertNotNull;
      import org.junit.Test;
      public class HandlerTest {
        @Test public void handlerIsNotNull() {
          assertNotNull("expected a handler", new com.openfaas.function.Handler());
        }
      }
      """;

  /** One for all, so that Maven's own plugin is fetched once. */
  @TempDir private static Path folder;

  private static Workshop workshop;

  @BeforeAll
  static void open() throws IOException {
    workshop = new Workshop(folder);
  }

  @Test
  void library_isALayerOfItsOwn_andAChangedHandlerAsksNoRepository() throws Exception {
    Tools.require("mvn");
    try (var repository = new FakeMavenRepository()) {
      String pom = repository.pom("");
      workshop.build("java", "lib", HANDLER, ECHO, "pom.xml", pom);
      int asked = repository.requests.get();
      assertThat(asked).isPositive();

      BuiltImage changed =
          workshop.build("java", "lib", HANDLER, ECHO.replace(" + \" \"", " + \"!\""));

      assertThat(repository.requests.get()).isEqualTo(asked);
      assertThat(workshop.progress).contains("Template: unchanged", "Libraries: unchanged");
      assertThat(changed.reusedLayers()).isEqualTo(2);
      try (var function = workshop.start("lib", Map.of())) {
        assertThat(function.post("hi").text()).isEqualTo("from a library!hi");
      }
      workshop.build("java", "lib", HANDLER, ECHO, "pom.xml", pom + "<!-- changed -->");
      assertThat(repository.requests.get()).as("kept with the function").isEqualTo(asked);
    }
  }

  @Test
  void testsWithoutAPom_areRunByJUnit_ofBothGenerations() throws Exception {
    Tools.require("mvn");
    Path handler =
        workshop.handler(
            "tested",
            HANDLER,
            ECHO,
            "src/test/java/HandlerTest.java",
            OLD_TEST,
            "src/test/resources/demo/word.txt",
            "from the tests",
            "src/test/java/com/openfaas/function/WordTest.java",
            """
            package com.openfaas.function;
            import static org.junit.jupiter.api.Assertions.*;
            import org.junit.jupiter.api.Test;
            class WordTest {
              @Test void word() throws Exception {
                assertEquals("from the tests", new Handler().word());
                assertTrue(java.nio.file.Files.exists(java.nio.file.Path.of("src/test/java")));
              }
            }
            """);
    workshop.build("java11", handler, "tested");
    assertThat(workshop.progress)
        .anyMatch(line -> line.contains("HandlerTest > handlerIsNotNull :: SUCCESSFUL"))
        .anyMatch(line -> line.contains("WordTest > word() :: SUCCESSFUL"));
    assertThat(workshop.store.resolve("tested").rootFolder())
        .isDirectoryNotContaining("glob:**{lib,test,classes}*");

    workshop.build("java11", handler, "tested");
    assertThat(workshop.progress).contains("Test libraries: unchanged", "Tests: unchanged");

    workshop.handler(
        "tested",
        HANDLER,
        ECHO.replace("return in == null", "if (1 < 2) return \"?\"; return in == null"));
    assertThatThrownBy(() -> workshop.build("java11", handler, "tested"))
        .isInstanceOf(FaasException.class)
        .hasMessage(
            "the handler's tests failed (WordTest > word()): see the output, or leave the tests out"
                + " by the build argument TEST_ENABLED=false");
    assertThat(workshop.progress)
        .contains("Test libraries: unchanged")
        .anyMatch(line -> line.contains("expected: <from the tests> but was: <?>"));

    workshop.build(Workshop.withArgument("java11", handler, "tested", "TEST_ENABLED", "false"));
    assertThat(workshop.progress).doesNotContain("Tests");
  }

  @Test
  void testsWithAPom_haveItsTestLibrariesAndItsJUnit() throws Exception {
    Tools.require("mvn");
    try (var repository = new FakeMavenRepository()) {
      String pom =
          repository.pom(
              """
              <dependency><groupId>org.junit.jupiter</groupId><artifactId>junit-jupiter</artifactId>
              <version>5.14.4</version><scope>test</scope></dependency>
              """);
      String test =
          """
          package com.openfaas.function;
          import static org.junit.jupiter.api.Assertions.*;
          import org.junit.jupiter.params.ParameterizedTest;
          import org.junit.jupiter.params.provider.ValueSource;
          class WordTest {
            @ParameterizedTest @ValueSource(strings = "from a library")
            void word(String expected) { assertEquals(expected, new Handler().word()); }
          }
          """;
      String at = "src/test/java/com/openfaas/function/WordTest.java";
      workshop.build("java-http", "pom", HANDLER, ECHO_OF_THE_JDK, "pom.xml", pom, at, test);
      assertThat(workshop.progress)
          .anyMatch(line -> line.contains("from a library"))
          .anyMatch(line -> line.contains("1 tests successful"));
      assertThat(workshop.store.resolve("pom").rootFolder().resolve("lib"))
          .isDirectoryContaining("glob:**tiny-1.0.jar")
          .isDirectoryNotContaining("glob:**junit*");

      String broken = test.replace("assertEquals", "assertNothing");
      assertThatThrownBy(() -> workshop.build("java-http", "pom", at, broken))
          .isInstanceOf(FaasException.class)
          .hasMessageContaining(
              "the handler's tests don't compile: com/openfaas/function/WordTest.java:")
          .hasMessageContaining("error:");
    }
  }

  private static final String ECHO_OF_THE_JDK =
      """
      package com.openfaas.function;
      import com.sun.net.httpserver.*;
      public class Handler implements HttpHandler {
        public void handle(HttpExchange exchange) throws java.io.IOException {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write(word().getBytes());
        }
        String word() throws RuntimeException {
          try (var in = Handler.class.getResourceAsStream("/demo/word.txt")) {
            return new String(in.readAllBytes());
          } catch (java.io.IOException e) {
            throw new RuntimeException(e);
          }
        }
      }
      """;

  @Test
  void folderOfTestsWithoutATest_isRefused() throws Exception {
    Tools.require("mvn");

    assertThatThrownBy(
            () ->
                workshop.build(
                    "java", "none", HANDLER, ECHO, "src/test/java/Helper.java", "class Helper {}"))
        .isInstanceOf(FaasException.class)
        .hasMessageStartingWith("src/test/java has no test of JUnit");
  }
}
