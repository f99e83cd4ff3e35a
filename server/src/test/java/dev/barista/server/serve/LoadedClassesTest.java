package dev.barista.server.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * One program doesn't mean one fat start: what {@code serve} and {@code list} load is looked at
 * class by class.
 */
@Timeout(240)
class LoadedClassesTest {

  /** Belongs to other providers, queues and sources of functions. */
  private static final Pattern FOREIGN =
      Pattern.compile("(?i).*(kubernetes|fabric8|docker(java)?\\.|\\bnats\\b|jgit).*");

  /** What the command line must not pay for. */
  private static final Pattern SERVER =
      Pattern.compile(
          "dev\\.barista\\.(server\\.(serve|config)|gateway|http|state|provider|spawn|watchdog)\\..*"
              + "|io\\.netty\\..*|org\\.sqlite\\..*|java\\.net\\.http\\..*|jdk\\.internal\\.net\\.http\\..*");

  /** Dear, and not needed before somebody asks for what they do. */
  private static final Pattern HEAVY =
      Pattern.compile(
          "java\\.net\\.http\\..*|tools\\.jackson\\.databind\\.ObjectMapper|org\\.snakeyaml\\..*");

  @TempDir Path folder;

  @Test
  void serveAndList_loadOnlyWhatTheyNeed() throws Exception {
    Path data = folder.resolve("data");
    Path serveLog = folder.resolve("serve.log");
    Path listLog = folder.resolve("list.log");

    try (ServeProcess first = ServeProcess.start(data, List.of())) {
      assertThat(first.terminate())
          .isZero(); // what is made once, in a new folder, is not looked at
    }
    try (ServeProcess serve = ServeProcess.start(data, log(serveLog))) {
      List<String> loaded = classes(serveLog);
      ServeProcess.Ended list =
          ServeProcess.Ended.of(log(listLog), "list", "--gateway", serve.url());

      assertThat(list.output()).startsWith("Function ");
      assertThat(loaded).contains(Platform.class.getName());
      assertThat(loaded).filteredOn(FOREIGN.asMatchPredicate()).isEmpty();
      assertThat(loaded).filteredOn(HEAVY.asMatchPredicate()).isEmpty();
    }
    assertThat(classes(listLog)).contains("dev.barista.server.BaristaMain");
    assertThat(classes(listLog)).filteredOn(FOREIGN.asMatchPredicate()).isEmpty();
    assertThat(classes(listLog)).filteredOn(SERVER.asMatchPredicate()).isEmpty();
  }

  private static List<String> log(Path file) {
    return List.of("-Xlog:class+load:file=" + file + ":none");
  }

  private static List<String> classes(Path log) throws IOException {
    Pattern line = Pattern.compile("(\\S+) source: .*");
    try (Stream<String> lines = Files.lines(log)) {
      return lines
          .map(line::matcher)
          .filter(Matcher::matches)
          .map(found -> found.group(1))
          .toList();
    }
  }
}
