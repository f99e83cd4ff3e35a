package dev.barista.image;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One run of a build tool.
 *
 * @param interpreter what runs the arguments; its folders are shown to it
 * @param step folder of the step, from {@link BuildTool#newStep}
 * @param environment all that it gets, but for {@code HOME} and {@code TMPDIR}
 * @param readable further files and folders that it may read
 * @param writable folders that it keeps between builds
 * @param told whether each line of output goes to the listener
 * @param noted lines of output that are remembered, however many come after
 */
record ToolRun(
    Interpreter interpreter,
    List<String> arguments,
    Path step,
    Map<String, String> environment,
    List<Path> readable,
    List<Path> writable,
    boolean told,
    Optional<Pattern> noted) {

  ToolRun {
    arguments = List.copyOf(arguments);
    environment = Map.copyOf(environment);
    readable = List.copyOf(readable);
    writable = List.copyOf(writable);
  }

  /** Silent, with nothing further to see. */
  static ToolRun of(
      Interpreter interpreter, List<String> arguments, Path step, Map<String, String> environment) {
    return new ToolRun(
        interpreter,
        arguments,
        step,
        environment,
        List.of(),
        List.of(),
        /* told= */ false,
        Optional.empty());
  }

  ToolRun withTold() {
    return new ToolRun(
        interpreter, arguments, step, environment, readable, writable, /* told= */ true, noted);
  }

  ToolRun withReadable(List<Path> more) {
    List<Path> all = new ArrayList<>(readable);
    all.addAll(more);
    return new ToolRun(interpreter, arguments, step, environment, all, writable, told, noted);
  }

  ToolRun withWritable(List<Path> more) {
    return new ToolRun(interpreter, arguments, step, environment, readable, more, told, noted);
  }

  ToolRun withNoted(Pattern lines) {
    return new ToolRun(
        interpreter, arguments, step, environment, readable, writable, told, Optional.of(lines));
  }

  boolean notes(String line) {
    return noted.isPresent() && noted.get().matcher(line).matches();
  }
}
