package dev.barista.cli.stack;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A stack file, checked.
 *
 * @param file where it was read from
 * @param gateway {@code provider.gateway}, as written
 * @param functions in the file's order
 * @param notices sentences for the user about what was read differently than written
 */
public record StackFile(
    Path file, Optional<String> gateway, List<StackFunction> functions, List<String> notices) {

  private static final long MAX_BYTES = 1 << 20;

  public StackFile {
    requireNonNull(file, "file");
    requireNonNull(gateway, "gateway");
    functions = List.copyOf(functions);
    notices = List.copyOf(notices);
  }

  /**
   * Reads and checks a file and the environment files it names. Relative paths in it start at its
   * own folder.
   *
   * @param environment values for <code>${NAME}</code>
   * @throws StackException with all faults, each with file, line and what is expected
   */
  public static StackFile read(Path file, Map<String, String> environment) {
    Faults faults = new Faults(file.toString());
    String text = new Substitution(environment, faults).apply(content(file));
    faults.throwIfAny();
    return StackReader.read(file, text, faults);
  }

  /** {@link #read(Path, Map)} with <code>${NAME}</code> left as it stands. */
  public static StackFile readVerbatim(Path file) {
    return StackReader.read(file, content(file), new Faults(file.toString()));
  }

  /** The same file with the functions whose name passes. */
  public StackFile select(Predicate<String> names) {
    return new StackFile(
        file,
        gateway,
        functions.stream().filter(function -> names.test(function.name())).toList(),
        notices);
  }

  static String content(Path file) {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new StackException(file + ": longer than 1 MiB (expected: a stack file)");
      }
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new StackException(file + ": no such file");
    } catch (CharacterCodingException e) {
      throw new StackException(file + ": not UTF-8 text");
    } catch (IOException e) {
      throw new StackException(file + ": can't be read (" + e.getMessage() + ")");
    }
  }
}
