package dev.barista.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.barista.cli.CommandLineUser;
import dev.barista.cli.CommandLineUser.Result;
import dev.barista.cli.FakeGateway;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Templates without a network: the built-in store, and repositories of this machine. */
class TemplateCommandTest {

  @TempDir private Path folder;
  private CommandLineUser user;

  @BeforeEach
  void sitDown() {
    user = new CommandLineUser(folder);
  }

  @Test
  void storeList_worksOffline() {
    Result table = user.types("template", "store", "list");
    Result json = user.types("template", "store", "list", "-o", "json");

    assertThat(table.exitCode()).isZero();
    assertThat(table.out())
        .startsWith("NAME")
        .containsPattern("(?m)^python3-http +\\[x] +built-in +The function is handler.py");
    assertThat(json.out()).contains("\"template\" : \"python3-http\"");
  }

  @Test
  void storeDescribe_namesTheNearest() {
    assertThat(user.types("template", "store", "describe", "dockerfile").out())
        .contains("Name:        dockerfile\n");
    assertThat(user.types("template", "store", "describe", "pyton3").err())
        .contains("no template \"pyton3\" in the store; did you mean python3?");
  }

  @Test
  void storePull_writesATemplateThatIsUsed() throws IOException {
    assertThat(user.types("template", "store", "pull", "dockerfile").out())
        .isEqualTo("Wrote to template/dockerfile, which is used instead of the built-in one.\n");
    assertThat(folder.resolve("template/dockerfile/template.yml")).exists();
    assertThat(user.types("template", "store", "pull", "dockerfile").err())
        .contains("is there already; --overwrite replaces it");
    Files.writeString(folder.resolve("template/dockerfile/added"), "x");
    assertThat(user.types("template", "store", "pull", "dockerfile", "--overwrite").exitCode())
        .isZero();
    assertThat(folder.resolve("template/dockerfile/added")).doesNotExist();
  }

  @Test
  void storeOfAnAddress_isRead() throws IOException {
    try (FakeGateway server = new FakeGateway()) {
      server.answers(
          200,
          """
          [{"template":"zig","platform":"x86_64","language":"Zig","source":"someone",
            "description":"red\\u001b[31m","repo":"https://h/r","official":"false"}]
          """);

      Result result = user.types("template", "store", "list", "--url", server.url() + "/t.json");

      assertThat(result.out()).endsWith("zig   [ ]          someone  red?[31m\n");
    }
  }

  @Test
  void pullWithoutAddress_needsNothing() {
    Result result = user.types("template", "pull");

    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).startsWith("Nothing to fetch: the built-in templates are used");
  }

  @Test
  void pull_copiesTheTemplatesOfARepository() throws Exception {
    Path repository = repository();

    Result result = user.types("template", "pull", repository.toString());

    assertThat(result.err()).isEmpty();
    assertThat(result.out()).endsWith("Wrote to template: one, two\n");
    assertThat(folder.resolve("template/one/template.yml")).hasContent("language: one\n");
    assertThat(folder.resolve("template/one/meta.json"))
        .content()
        .contains("\"repository\" : \"" + repository + "\"")
        .containsPattern("\"sha\" : \"[0-9a-f]{40}\"");
    assertThat(folder.resolve("template/one/.git")).doesNotExist();
    assertThat(folder.resolve("template/one/link")).isRegularFile().hasContent("/etc/passwd");

    Files.writeString(folder.resolve("template/two/mine"), "x");
    assertThat(user.types("template", "pull", repository.toString()).out())
        .contains("Kept what was in template: one, two (--overwrite replaces it)");
    user.types("template", "pull", repository + "#main", "--overwrite");
    assertThat(folder.resolve("template/two/mine")).doesNotExist();
  }

  @Test
  void missingTemplateOfTheStackFile_isFetchedByBuild() throws Exception {
    Path repository = repository();
    Files.createDirectories(folder.resolve("fn"));
    Files.writeString(folder.resolve("fn/handler"), "x");
    Files.writeString(
        folder.resolve("stack.yml"),
        """
        provider: {name: openfaas}
        functions:
          fn: {lang: one, handler: ./fn}
        configuration:
          templates: [{name: one, source: "%s"}, {name: unused, source: "https://h.invalid/r"}]
        """
            .formatted(repository));

    Result result = user.types("build", "--shrinkwrap");

    assertThat(result.err()).isEmpty();
    assertThat(result.out()).endsWith("fn shrink-wrapped to build/fn\n");
    assertThat(folder.resolve("template/two")).doesNotExist();
    assertThat(folder.resolve("build/fn/template.yml")).exists();
    assertThat(folder.resolve("build/fn/function/handler")).hasContent("x");
    assertThat(user.types("build", "--disable-stack-pull", "--shrinkwrap").exitCode()).isZero();
  }

  /** A pipe has no end, and the copy would wait for ever. */
  @Test
  void shrinkwrap_refusesWhatIsNoFile() throws Exception {
    Path handler = Files.createDirectories(folder.resolve("fn"));
    Files.writeString(
        folder.resolve("stack.yml"),
        "provider: {name: openfaas}\nfunctions: {fn: {lang: bash, handler: ./fn}}\n");
    try (var socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      socket.bind(UnixDomainSocketAddress.of(handler.resolve("socket")));

      Result result = user.types("build", "--shrinkwrap");

      assertThat(result.exitCode()).isEqualTo(1);
      assertThat(result.err()).contains("fn/socket is neither a file nor a folder");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"--upload-pack=touch /tmp/x", "ext::sh -c id", "#x", "r#--output=x"})
  void addressThatGitWouldRun_isRefused(String address) {
    Result result = user.types("template", "pull", "--", address);

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).contains("(expected: the address of a git repository");
  }

  @ParameterizedTest
  @CsvSource({
    "template, what?",
    "'template store', expected: store list",
    "'template store pull', which template?",
    "'template fetch', \"fetch\"",
  })
  void wrongWords_areUsage(String line, String message) {
    Result result = user.types(line.split(" "));

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).contains(message);
  }

  private Path repository() throws Exception {
    assumeThat(git(folder, "--version")).as("git is installed").isZero();
    Path repository = Files.createDirectories(folder.resolve("repository"));
    for (String name : List.of("one", "two")) {
      Path template = Files.createDirectories(repository.resolve("template").resolve(name));
      Files.writeString(template.resolve("template.yml"), "language: " + name + "\n");
    }
    Files.createSymbolicLink(repository.resolve("template/one/link"), Path.of("/etc/passwd"));
    git(repository, "init", "--quiet", "--initial-branch=main");
    git(repository, "add", "-A");
    git(repository, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "--quiet", "-m", "x");
    return repository;
  }

  private static int git(Path where, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command)
        .directory(where.toFile())
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }
}
