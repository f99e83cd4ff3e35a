package dev.barista.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What {@code barista help VERB} prints, word for word: a change of it is seen in the review.
 * {@code HELP_WRITE=1 ./mvnw test -pl cli -Dtest=HelpTest} writes the files anew.
 */
class HelpTest {

  private static final Path FILES = Path.of("src/test/resources/dev/barista/cli/help");

  private static final boolean WRITE = System.getenv().containsKey("HELP_WRITE");

  @TempDir private Path folder;

  static Stream<String> verbs() {
    return ClientCommands.verbs().stream()
        .filter(verb -> verb.group() != Verb.Group.INTERNAL)
        .flatMap(verb -> Stream.concat(Stream.of(verb), verb.subverbs().stream()))
        .map(Verb::name);
  }

  @ParameterizedTest
  @MethodSource("verbs")
  void help_isAsWritten(String verb) throws IOException {
    CommandLineUser.Result result = new CommandLineUser(folder).types(("help " + verb).split(" "));
    if (WRITE) {
      Files.createDirectories(FILES);
      Files.writeString(FILES.resolve(file(verb)), result.out());
    }

    assertThat(result.exitCode()).isZero();
    assertThat(result.out().lines()).allMatch(line -> line.length() <= 100);
    assertThat(result.out()).isEqualTo(written(verb));
  }

  @Test
  void everyVerb_isDocumented() throws IOException {
    String documentation = Files.readString(Path.of("../docs/cli.md"));

    assertThat(verbs()).allMatch(verb -> documentation.contains("`" + verb));
  }

  private static String file(String verb) {
    return verb.replace(' ', '-') + ".txt";
  }

  private static String written(String verb) throws IOException {
    if (WRITE) {
      return Files.readString(FILES.resolve(file(verb)));
    }
    try (InputStream in = HelpTest.class.getResourceAsStream("help/" + file(verb))) {
      return in == null ? "" : new String(in.readAllBytes(), UTF_8);
    }
  }
}
