package dev.barista.image;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One run of a build tool.
 *
 * @param interpreter what runs the arguments; its folders are shown to it
 * @param step folder of the step, from {@link BuildTool#newStep}
 * @param environment all that it gets, but for {@code HOME} and {@code TMPDIR}
 * @param readable further files and folders that it may read
 * @param writable folders that it keeps between builds
 * @param told whether each line of output goes to the listener
 */
record ToolRun(
    Interpreter interpreter,
    List<String> arguments,
    Path step,
    Map<String, String> environment,
    List<Path> readable,
    List<Path> writable,
    boolean told) {

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
        interpreter, arguments, step, environment, List.of(), List.of(), /* told= */ false);
  }

  ToolRun withTold() {
    return new ToolRun(
        interpreter, arguments, step, environment, readable, writable, /* told= */ true);
  }

  ToolRun withReadable(List<Path> more) {
    List<Path> all = new ArrayList<>(readable);
    all.addAll(more);
    return new ToolRun(interpreter, arguments, step, environment, all, writable, told);
  }

  ToolRun withWritable(List<Path> more) {
    return new ToolRun(interpreter, arguments, step, environment, readable, more, told);
  }
}
