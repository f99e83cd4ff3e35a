package dev.barista.provider.process.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One file of a replica's log: {@code REPLICA.NUMBER.log}. The highest number is written, the
 * others are complete.
 */
record LogFile(Path folder, String replica, int number) implements Comparable<LogFile> {

  private static final Pattern NAME = Pattern.compile("(.+)\\.(\\d{6,9})\\.log");

  private static final Comparator<LogFile> ORDER =
      Comparator.comparing(LogFile::replica).thenComparingInt(LogFile::number);

  Path path() {
    return folder.resolve("%s.%06d.log".formatted(replica, number));
  }

  LogFile next() {
    return new LogFile(folder, replica, number + 1);
  }

  /** All in a folder, in order; none if there is no folder. */
  static List<LogFile> list(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.flatMap(file -> parse(folder, file).stream()).sorted().toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  static List<LogFile> list(Path folder, String replica) {
    return list(folder).stream().filter(file -> file.replica().equals(replica)).toList();
  }

  private static Optional<LogFile> parse(Path folder, Path path) {
    Matcher name = NAME.matcher(folder.relativize(path).toString());
    return name.matches()
        ? Optional.of(new LogFile(folder, name.group(1), Integer.parseInt(name.group(2))))
        : Optional.empty();
  }

  @Override
  public int compareTo(LogFile other) {
    return ORDER.compare(this, other);
  }
}
