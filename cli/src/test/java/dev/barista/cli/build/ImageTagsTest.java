package dev.barista.cli.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.barista.cli.CliException;
import dev.barista.cli.stack.StackFile;
import dev.barista.cli.stack.StackFunction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageTagsTest {

  @TempDir private Path folder;
  private final Map<String, String> environment =
      Map.of(
          "PATH", System.getenv().getOrDefault("PATH", ""),
          "GIT_AUTHOR_NAME", "a",
          "GIT_AUTHOR_EMAIL", "a@b",
          "GIT_COMMITTER_NAME", "a",
          "GIT_COMMITTER_EMAIL", "a@b");

  @BeforeEach
  void write() throws IOException {
    Files.createDirectory(folder.resolve("fn"));
    Files.writeString(folder.resolve("fn/handler"), "x");
  }

  @ParameterizedTest
  @CsvSource({
    "sha, me/fn:1-HASH",
    "branch, me/fn:1-feature-x-HASH",
    "describe, me/fn:1-v1.0",
    "latest, me/fn:1",
  })
  void scheme_isAddedToTheTag(String scheme, String expected) throws IOException {
    repository();
    Git git = new Git(folder, environment);
    String hash = git.run(30, "rev-parse", "--short", "HEAD");

    assertThat(new ImageTags(scheme, environment).apply(function("me/fn:1")).image())
        .isEqualTo(expected.replace("HASH", hash));
  }

  @Test
  void digest_followsTheHandler() throws IOException {
    ImageTags tags = new ImageTags("digest", environment);
    String first = tags.apply(function("localhost:5000/fn")).image();
    String again = tags.apply(function("localhost:5000/fn")).image();
    Files.writeString(folder.resolve("fn/handler"), "y");
    String changed = tags.apply(function("localhost:5000/fn")).image();

    assertThat(first).matches("localhost:5000/fn:latest-[0-9a-f]{12}").isEqualTo(again);
    assertThat(changed).isNotEqualTo(first);
  }

  @Test
  void noRepository_isASentence() throws IOException {
    StackFunction function = function("fn");

    assertThatThrownBy(() -> new ImageTags("sha", environment).apply(function))
        .hasMessageContaining("--tag sha: git: fatal: not a git repository");
  }

  private void repository() throws IOException {
    Git git = new Git(folder, environment);
    try {
      git.run(30, "init", "--quiet", "--initial-branch=feature/x");
    } catch (CliException e) {
      assumeThat(e.getMessage()).as("git is installed").doesNotContain("can't be run");
      throw e;
    }
    git.run(30, "add", "-A");
    git.run(30, "commit", "--quiet", "-m", "x");
    git.run(30, "tag", "v1.0");
  }

  private StackFunction function(String image) throws IOException {
    Path file = folder.resolve("stack.yml");
    Files.writeString(
        file,
        "provider: {name: openfaas}\nfunctions:\n  fn: {lang: dockerfile, handler: ./fn, image: \""
            + image
            + "\"}\n");
    return StackFile.read(file, Map.of()).functions().getFirst();
  }
}
