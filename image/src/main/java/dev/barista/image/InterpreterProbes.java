package dev.barista.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What candidates said about themselves, kept in a file so that a restart asks nobody. An entry
 * holds while the candidate, what it leads to and, for a shim, its version choice are unchanged.
 */
final class InterpreterProbes {

  private static final System.Logger LOG = System.getLogger(InterpreterProbes.class.getName());

  /** Made when the file is first read: a start without functions needs none. */
  private static final class Json {
    private static final JsonMapper MAPPER = new JsonMapper();
  }

  private final Path file;
  private final Map<String, String> environment;

  // Mutable state, guarded by this
  private final Map<String, Interpreter> known = new HashMap<>();
  private boolean loaded;

  InterpreterProbes(Path file, Map<String, String> environment) {
    this.file = file;
    this.environment = environment;
  }

  /** What is behind the path; empty when it can't be used for that command at all. */
  synchronized Optional<Interpreter> ask(String command, Path candidate) {
    if (!loaded) {
      load();
      loaded = true;
    }
    try {
      String key = command + ' ' + candidate + ' ' + stamps(candidate);
      Interpreter before = known.get(key);
      if (before != null && Files.isExecutable(before.executable())) {
        return Optional.of(before);
      }
      Optional<Interpreter> answer = InterpreterQuestion.ask(command, candidate, environment);
      answer.ifPresent(
          interpreter -> {
            known.put(key, interpreter);
            save();
          });
      return answer;
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "skipped " + candidate, e);
      return Optional.empty();
    }
  }

  private String stamps(Path candidate) throws IOException {
    Path real = candidate.toRealPath();
    StringBuilder stamps = new StringBuilder(stamp(real));
    if (candidate.toString().contains("/shims/")) {
      // pyenv's and asdf's choice of the version that the shim starts
      Path root = real.resolve("../..").normalize();
      stamps.append(stamp(root.resolve("version"))).append(environment.get("PYENV_VERSION"));
    }
    return stamps.toString();
  }

  private static String stamp(Path path) throws IOException {
    return Files.exists(path)
        ? Files.getLastModifiedTime(path).toMillis() + "/" + Files.size(path)
        : "-";
  }

  private void load() {
    if (!Files.exists(file)) {
      return;
    }
    try {
      for (Map.Entry<String, JsonNode> entry : Json.MAPPER.readTree(file).properties()) {
        known.put(entry.getKey(), interpreter(entry.getValue()));
      }
    } catch (JacksonException | IllegalArgumentException e) {
      LOG.log(System.Logger.Level.DEBUG, "unreadable cache of interpreters is made anew", e);
      known.clear();
    }
  }

  private void save() {
    ObjectNode root = Json.MAPPER.createObjectNode();
    known.forEach((key, interpreter) -> root.set(key, json(interpreter)));
    try {
      Path folder = Files.createDirectories(file.toAbsolutePath().resolveSibling("."));
      Path draft = Files.createTempFile(folder, "interpreters", null);
      Files.write(draft, Json.MAPPER.writeValueAsBytes(root));
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "can't keep what interpreters said in " + file, e);
    }
  }

  private static ObjectNode json(Interpreter interpreter) {
    ObjectNode node =
        Json.MAPPER
            .createObjectNode()
            .put("command", interpreter.command())
            .put("executable", interpreter.executable().toString())
            .put("version", interpreter.version())
            .put("abi", interpreter.abi().orElse(""));
    ArrayNode folders = node.putArray("folders");
    interpreter.folders().forEach(folder -> folders.add(folder.toString()));
    return node;
  }

  private static Interpreter interpreter(JsonNode node) {
    List<Path> folders = new ArrayList<>();
    node.path("folders").forEach(folder -> folders.add(Path.of(folder.asString())));
    return new Interpreter(
        node.path("command").asString(""),
        Path.of(node.path("executable").asString("")),
        node.path("version").asString(""),
        Optional.of(node.path("abi").asString("")).filter(abi -> !abi.isEmpty()),
        folders);
  }
}
