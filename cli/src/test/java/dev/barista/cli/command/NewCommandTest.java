package dev.barista.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barista.cli.CommandLineUser;
import dev.barista.cli.CommandLineUser.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NewCommandTest {

  @TempDir private Path folder;
  private CommandLineUser user;

  @BeforeEach
  void sitDown() {
    user = new CommandLineUser(folder);
  }

  @Test
  void newFunction_hasFolderAndStackFile() {
    Result result =
        user.types("new", "hello", "--lang", "python3", "--prefix", "me", "--memory-limit", "64Mi");

    assertThat(result.exitCode()).isZero();
    assertThat(result.out())
        .startsWith(
            """
            Folder: hello created.

            Function created in folder: hello
            Stack file written: hello.yml
            """);
    assertThat(folder.resolve("hello/handler.py")).isNotEmptyFile();
    assertThat(folder.resolve("hello.yml"))
        .hasContent(
            """
            version: 1.0
            provider:
              name: openfaas
              gateway: http://127.0.0.1:8080
            functions:
              hello:
                lang: python3
                handler: ./hello
                image: me/hello:latest
                limits:
                  memory: 64Mi
            """);
  }

  @Test
  void appendedFunction_leavesTheRestOfTheFileAlone() throws IOException {
    Files.writeString(
        folder.resolve("stack.yml"),
        """
        # mine
        provider: {name: openfaas}
        functions:
            # the first
            a:
                image: "${REGISTRY:-x}/a"

        configuration:
            copy: [./shared]
        """);

    Result result = user.types("new", "b", "--lang", "python3", "--append", "stack.yml");

    assertThat(result.out()).contains("Stack file updated: stack.yml");
    assertThat(folder.resolve("stack.yml"))
        .hasContent(
            """
            # mine
            provider: {name: openfaas}
            functions:
                # the first
                a:
                    image: "${REGISTRY:-x}/a"
                b:
                    lang: python3
                    handler: ./b
                    image: b:latest

            configuration:
                copy: [./shared]
            """);
    assertThat(user.types("new", "b", "--lang", "python3", "-a", "stack.yml").err())
        .isEqualTo("stack.yml has a function b already\n");
  }

  @Test
  void existingThings_areNotOverwritten() throws IOException {
    Files.createDirectory(folder.resolve("a"));
    Files.writeString(folder.resolve("b.yml"), "mine");

    assertThat(user.types("new", "a", "--lang", "python3").err())
        .isEqualTo("Folder: a already exists\n");
    assertThat(user.types("new", "b", "--lang", "python3").err())
        .isEqualTo("b.yml already exists; add the function to it with --append b.yml\n");
    assertThat(folder.resolve("a.yml")).doesNotExist();
    assertThat(folder.resolve("b")).doesNotExist();
    assertThat(folder.resolve("b.yml")).hasContent("mine");
  }

  @Test
  void templates_areListed() {
    assertThat(user.types("new", "--list").out()).contains("- python3\n").contains("- java\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "new|2|the name is missing",
        "new A --lang python3|2|function name: \"A\"",
        "new ../a --lang python3|2|function name: \"../a\"",
        "new a|2|--lang is missing (expected: one of ",
        "new a --lang cobol|1|a template: ",
        "new a --lang python3 --cpu-limit x|2|limits.cpu: \"x\"",
        "new a --lang python3 --append none.yml|1|none.yml: no such file",
      })
  void wrongInput_makesNothing(String line, int code, String sentence) throws IOException {
    Result result = user.types(line.split(" "));

    assertThat(result.exitCode()).isEqualTo(code);
    assertThat(result.err()).contains(sentence);
    try (var files = Files.list(folder)) {
      assertThat(files).isEmpty();
    }
  }
}
