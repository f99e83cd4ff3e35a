import com.google.googlejavaformat.java.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Formats every Java file of the project, or checks that they are formatted. Runs on JDK 25, since
 * google-java-format reads sources with the compiler of the JDK it runs on, and Maven itself may
 * run on an older one. In {@code check} mode it lists the files that differ; {@code ./mvnw -N
 * -Pformat validate} mends them.
 */
public final class Format {

  private Format() {}

  public static void main(String[] args) throws IOException {
    boolean check = args[0].equals("check");
    List<String> command = new ArrayList<>();
    command.addAll(check ? List.of("--dry-run", "--set-exit-if-changed") : List.of("--replace"));
    try (Stream<Path> files = Files.walk(Path.of(args[1]))) {
      files.filter(Format::isSource).map(Path::toString).sorted().forEach(command::add);
    }
    Main.main(command.toArray(new String[0])); // exits, with 1 when a checked file differs
  }

  private static boolean isSource(Path path) {
    String text = path.toString();
    return text.endsWith(".java") && !text.contains("/target/") && !text.contains("/resources/");
  }
}
