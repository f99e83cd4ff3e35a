package dev.barista.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.barista.api.FaasException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TemplatesTest {

  @TempDir Path folder;

  @Test
  void builtInTemplates_haveASkeletonACommandAndAWelcome() throws Exception {
    var templates = new Templates(folder);

    assertThat(templates.names())
        .containsExactly(
            "bash",
            "csharp",
            "dockerfile",
            "go",
            "go-http",
            "java",
            "java-http",
            "node",
            "node-express",
            "node-http",
            "php",
            "python3",
            "python3-flask",
            "python3-http",
            "ruby",
            "rust");
    for (String name : templates.names()) {
      Template template = templates.find(name);
      assertThat(template.skeleton()).as(name).isNotEmpty();
      assertThat(template.settings().welcomeMessage()).as(name).isNotBlank();
      assertThat(template.settings().environment()).as(name).containsKey("mode");
    }
    assertThat(templates.find("python3").skeleton().keySet())
        .containsExactly("__init__.py", "handler.py", "requirements.txt");
    assertThat(templates.find("java").skeleton().keySet())
        .containsExactly("src/main/java/com/openfaas/function/Handler.java");
  }

  @Test
  void templateOfTheProject_hasAnyName() throws Exception {
    new Workshop(folder)
        .handler("template/MyOwn", "template.yml", "fprocess: ./run\n", "function/x", "y");
    var templates = new Templates(folder.resolve("project"));

    assertThat(templates.find("MyOwn").settings().fprocess()).contains("./run");
    assertThat(templates.find("Python3").name()).isEqualTo("python3");
    assertThat(templates.find("DOCKERFILE").name()).isEqualTo("dockerfile");
    assertThatThrownBy(() -> templates.find("myown")).isInstanceOf(FaasException.class);
  }

  @Test
  void tooManyLevels_areNoYaml() throws Exception {
    new Workshop(folder)
        .handler("template/deep", "template.yml", "[".repeat(100_000), "function/x", "y");

    assertThatThrownBy(() -> new Templates(folder.resolve("project")).find("deep"))
        .isInstanceOf(FaasException.class)
        .hasMessage("template.yml of template deep isn't YAML");
  }

  /** OpenFaaS's templates of these languages have it, so their stack files name it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "python3",
        "python3-http",
        "python3-flask",
        "node",
        "node-http",
        "node-express",
        "ruby"
      })
  void buildOptionForCompilers_isKnown(String template) throws Exception {
    assertThat(new Templates(folder).find(template).settings().buildOptions().get("dev"))
        .contains("make", "gcc");
  }

  @Test
  void templateOfTheProject_comesBeforeTheBuiltIn() throws Exception {
    var workshop = new Workshop(folder);
    workshop.handler(
        "template/python3",
        "template.yml",
        """
        language: python3
        fprocess: python3 index.py
        handler_folder: ./fn
        welcome_message: |
          Mine.
        build_options:
          - name: dev
            packages: [make, gcc]
        """,
        "Dockerfile",
        "FROM python:3\nRUN x\nENV mode=\"http\"\nENV upstream_url=http://127.0.0.1:5000\n",
        "index.py",
        "print('hi')",
        "fn/handler.py",
        "x");

    Template template = new Templates(workshop.project).find("python3");

    assertThat(template.settings().fprocess()).contains("python3 index.py");
    assertThat(template.settings().handlerFolder()).isEqualTo("fn");
    assertThat(template.settings().welcomeMessage()).isEqualTo("Mine.");
    assertThat(template.settings().buildOptions()).containsEntry("dev", List.of("make", "gcc"));
    assertThat(template.settings().environment())
        .containsEntry("mode", "http")
        .containsEntry("upstream_url", "http://127.0.0.1:5000");
    assertThat(template.settings().listensOnSocket()).isFalse();
    assertThat(template.skeleton().keySet()).containsExactly("handler.py");
  }

  @Test
  void names_thatAreNone_areRefusedWithTheOnesThereAre() {
    var templates = new Templates(folder);

    for (String name : List.of("cobol", "../x", "", "a/b")) {
      assertThatThrownBy(() -> templates.find(name))
          .as(name)
          .isInstanceOf(FaasException.class)
          .hasMessageStartingWith("lang: \"" + name + "\"");
    }
    assertThatThrownBy(() -> templates.find("cobol")).hasMessageContaining("python3-http");
  }

  @Test
  void dockerfile_hasItsOldNameToo() throws Exception {
    assertThat(new Templates(folder).find("Dockerfile").name()).isEqualTo("dockerfile");
  }

  @ParameterizedTest
  @CsvSource({
    "python, python3",
    "python27, python3",
    "python3-debian, python3",
    "python3-http-debian, python3-http",
    "python3-flask-debian, python3-flask",
    "node12, node-http",
    "node14, node-http",
    "node16, node-http",
    "node17, node-http",
    "node18, node-http",
    "node20, node-http",
    "node22, node-http",
    "golang-http, go-http",
    "golang-middleware, go-http",
    "java8, java",
    "java11, java",
    "java17, java",
    "java11-vert-x, java-http",
    "php7, php",
    "php8, php",
    "ruby-http, ruby",
    "bash-streaming, bash",
    "csharp-httprequest, csharp",
    "rust-http, rust"
  })
  void oldName_meansATemplate_andSaysWhatRuns(String name, String template) throws Exception {
    Template found = new Templates(folder).find(name);

    assertThat(found.name()).isEqualTo(template);
    assertThat(found.notice().orElseThrow())
        .startsWith("lang " + name + " means the template " + template)
        .contains("it runs on this host's ");
    assertThat(new Templates(folder).find(template).notice()).isEmpty();
  }

  @Test
  void handlerFolderOutsideTheTemplate_isRefused() throws Exception {
    var workshop = new Workshop(folder);
    workshop.handler("template/bad", "template.yml", "handler_folder: ../out\n");

    assertThatThrownBy(() -> new Templates(workshop.project).find("bad"))
        .hasMessageStartingWith("handler_folder of template bad: \"../out\"");
  }
}
