package dev.barista.acceptance;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Processes of this host, read from {@code /proc}. */
final class Processes {

  private Processes() {}

  /** Command lines that contain {@code text}, with their process ids. */
  static List<String> mentioning(String text) throws IOException {
    List<String> found = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path entry : entries) {
        String command = commandLine(entry);
        if (command.contains(text)) {
          found.add(entry.getFileName() + " " + command);
        }
      }
    }
    return found;
  }

  private static String commandLine(Path entry) {
    try {
      return Files.readString(entry.resolve("cmdline")).replace('\0', ' ');
    } catch (IOException _) {
      return ""; // it ended between the two looks
    }
  }
}
