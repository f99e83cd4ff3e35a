package dev.barista.cli.command;

import dev.barista.cli.CliException;
import dev.barista.cli.gateway.GatewayUrl;
import dev.barista.cli.stack.StackException;
import dev.barista.cli.stack.StackFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes a stack file, or adds a function to one. Works on its text rather than on its values, so
 * that comments, order and substitutions stay; the result is read back before it replaces the file.
 */
final class StackFileWriter {

  private final Path file;
  private final String shown;
  private final boolean append;

  private StackFileWriter(Path file, String shown, boolean append) {
    this.file = file;
    this.shown = shown;
    this.append = append;
  }

  static StackFileWriter create(Path folder, String name) {
    Path file = folder.resolve(name);
    if (Files.exists(file)) {
      throw CliException.failed(
          name + " already exists; add the function to it with --append " + name);
    }
    return new StackFileWriter(file, name, /* append= */ false);
  }

  static StackFileWriter append(Path folder, String name) {
    return new StackFileWriter(folder.resolve(name), name, /* append= */ true);
  }

  /**
   * The file's text with the function in it.
   *
   * @param entry lines below the function's name
   */
  String textWith(String function, String entry) throws IOException {
    if (!append) {
      return "version: 1.0\nprovider:\n  name: openfaas\n  gateway: "
          + GatewayUrl.DEFAULT
          + "\nfunctions:\n"
          + indented(function, entry, "  ");
    }
    StackFile before = StackFile.readVerbatim(file);
    if (before.functions().stream().anyMatch(known -> known.name().equals(function))) {
      throw CliException.failed(shown + " has a function " + function + " already");
    }
    return insert(Files.readString(file), function, entry);
  }

  /** Puts the entry behind the last line that belongs to {@code functions:}. */
  private String insert(String text, String function, String entry) {
    List<String> lines = new ArrayList<>(text.lines().toList());
    int functions = lines.indexOf("functions:");
    int first = functions + 1;
    while (first < lines.size() && isBlankOrComment(lines.get(first))) {
      first++;
    }
    if (functions < 0 || first == lines.size() || !lines.get(first).startsWith(" ")) {
      throw CliException.failed(
          shown + ": \"functions:\" is not written as a block, so add " + function + " by hand");
    }
    String indent = " ".repeat(leadingSpaces(lines.get(first)));
    int end = first;
    int last = first;
    while (end < lines.size()
        && (lines.get(end).startsWith(" ") || isBlankOrComment(lines.get(end)))) {
      last = lines.get(end).startsWith(" ") ? end : last;
      end++;
    }
    lines.add(last + 1, indented(function, entry, indent).stripTrailing());
    return String.join("\n", lines) + "\n";
  }

  private static String indented(String function, String entry, String indent) {
    StringBuilder text = new StringBuilder();
    text.append(indent).append(function).append(":\n");
    entry.lines().forEach(line -> text.append(indent.repeat(2)).append(line).append('\n'));
    return text.toString();
  }

  private static boolean isBlankOrComment(String line) {
    return line.isBlank() || line.stripLeading().startsWith("#");
  }

  private static int leadingSpaces(String line) {
    return line.length() - line.stripLeading().length();
  }

  /** Replaces the file in one step, if the text is a good stack file. */
  void write(String text) throws IOException {
    Path fresh = file.resolveSibling("." + file.getFileName() + ".new");
    try {
      Files.writeString(fresh, text);
      StackFile.readVerbatim(fresh);
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (StackException e) {
      throw CliException.failed(shown + ": can't be extended automatically: " + e.getMessage());
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  @Override
  public String toString() {
    return shown;
  }
}
