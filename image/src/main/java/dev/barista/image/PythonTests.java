package dev.barista.image;

import static dev.barista.image.BuildRefusal.refused;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Runs the tests in a Python handler's folder at build: by the build argument {@code TEST_COMMAND},
 * by pytest where it is there, else by the standard library's unittest. {@code TEST_ENABLED=false}
 * leaves them out.
 */
final class PythonTests {

  private static final Pattern TEST = Pattern.compile("(.*/)?(test_[^/]*|[^/]*_test)\\.py");
  private static final String COMMAND = "TEST_COMMAND";

  /** Status 5 of pytest, and of unittest since 3.12, says that no test was found. */
  private static final String SCRIPT =
      """
      cd source
      export PYTHONPATH="$PWD:$PACKAGES" PYTHONDONTWRITEBYTECODE=1
      if [ -n "${TEST_COMMAND:-}" ]; then
        cd "./$FOLDER"
        eval "$TEST_COMMAND"
        exit
      fi
      if "$PYTHON" -c 'import pytest' 2>/dev/null; then "$PYTHON" -m pytest -q "./$FOLDER" || status=$?
      else "$PYTHON" -m unittest discover -t . -s "./$FOLDER" -p '*test*.py' || status=$?; fi
      [ "${status:-0}" != 5 ] || exit 0
      exit "${status:-0}"
      """;

  private final BuildRequest request;
  private final BuildFiles files;
  private final Interpreter interpreter;
  private final BuildTool tool;
  private final Map<String, String> environment;

  PythonTests(
      BuildRequest request, BuildFiles files, Interpreter interpreter, BuildContext context) {
    this.request = request;
    this.files = files;
    this.interpreter = interpreter;
    this.tool = context.tool();
    this.environment = context.environment().with(request.buildArgs());
  }

  boolean areWanted() {
    boolean enabled = !"false".equals(request.buildArgs().get("TEST_ENABLED"));
    boolean given = !request.buildArgs().getOrDefault(COMMAND, "").isEmpty();
    return enabled
        && (given || files.handler().keySet().stream().anyMatch(TEST.asMatchPredicate()));
  }

  /**
   * @param key of the test run without its files
   * @param packages name of the part that has the packages
   */
  RuntimeBuild.Part part(LayerKey key, String packages) throws IOException {
    NavigableMap<String, LayerEntry> all = new TreeMap<>(files.template());
    all.putAll(files.handler());
    String digest = key.addFiles(all).add(new TreeMap<>(environment)).finish();
    return new RuntimeBuild.Part(
        "Tests", digest, /* inImage= */ false, earlier -> run(all, earlier.folder(packages)));
  }

  private NavigableMap<String, LayerEntry> run(
      NavigableMap<String, LayerEntry> all, Optional<Path> packages) throws IOException {
    Path step = tool.newStep();
    LayerFolder.write(all, Files.createDirectory(step.resolve("source")));
    Map<String, String> variables = new TreeMap<>(environment);
    variables.put("PYTHON", interpreter.executable().toString());
    variables.put("PACKAGES", packages.map(folder -> folder + "/python").orElse("/nonexistent"));
    variables.put("FOLDER", request.template().settings().handlerFolder());
    List<Path> readable = new ArrayList<>(interpreter.folders());
    packages.ifPresent(readable::add);
    BuildTool.Result result =
        tool.run(
            ToolRun.of(Interpreter.SHELL, List.of("-ec", SCRIPT), step, variables)
                .withReadable(readable)
                .withTold());
    if (!result.succeeded()) {
      throw refused(
          "the handler's tests failed with exit status "
              + result.status()
              + ": see the output, or leave them out by the build argument TEST_ENABLED=false");
    }
    return new TreeMap<>();
  }
}
