package dev.barista.cli.stack;

import dev.barista.api.Printable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * One mapping of a YAML file, read key by key. What has the wrong shape becomes a fault with its
 * line and counts as absent, so that reading goes on. Works on nodes rather than on constructed
 * objects: nodes know their lines, and {@code 1.0} stays {@code 1.0}. Merge keys ({@code <<}) are
 * followed. Not thread-safe.
 */
final class YamlMap {

  /** Words that YAML 1.1 has, and Go's reader of YAML where a truth value is wanted. */
  private static final Set<String> YES = Set.of("true", "yes", "on", "y");

  private static final Set<String> NO = Set.of("false", "no", "off", "n");

  /** What else than {@code null} is null. */
  private static final Set<String> NOTHING = Set.of("~", "Null", "NULL");

  private final String path;
  private final int line;
  private final Faults faults;
  private final YamlSize size;
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  /**
   * @param line of the key
   */
  private record Entry(int line, Node value) {}

  private YamlMap(String path, MappingNode node, Faults faults, YamlSize size) {
    this.path = path;
    this.line = lineOf(node);
    this.faults = faults;
    this.size = size;
    merge(node);
  }

  /** The file's top mapping; empty for an empty file or, as a fault, for something else. */
  static Optional<YamlMap> parse(String text, Faults faults) {
    try {
      LoadSettings settings =
          LoadSettings.builder()
              .setUseMarks(true)
              .setMaxAliasesForCollections(YamlSize.MOST_ALIASES)
              .build();
      Optional<Node> root = new Compose(settings).composeString(text);
      if (root.isEmpty()) {
        return Optional.empty();
      }
      if (root.get() instanceof MappingNode mapping) {
        return Optional.of(new YamlMap("", mapping, faults, new YamlSize(faults)));
      }
      faults.unexpected(lineOf(root.get()), "the file", kind(root.get()), "keys and values");
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().map(Mark::getLine).orElse(0) + 1;
      faults.add(line, "this is not YAML: " + e.getProblem());
    } catch (YamlEngineException e) {
      faults.add(1, "this is not YAML (" + e.getMessage() + ")");
    } catch (StackOverflowError _) {
      // The parser, which is recursive, sets no bound of its own; a stranger may have written this.
      faults.add(1, "too many levels within each other (expected: a stack file has six)");
    }
    return Optional.empty();
  }

  int line() {
    return line;
  }

  /** Line of a key, or of the mapping when it isn't there. */
  int line(String key) {
    Entry entry = entries.get(key);
    return entry == null ? line : entry.line();
  }

  /** {@code functions.hello.image}: how a message names a key. */
  String path(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  boolean has(String key) {
    return entries.containsKey(key);
  }

  /** Leaves out keys that begin so, which hold what aliases elsewhere refer to. */
  void leaveOut(String prefix) {
    entries.keySet().removeIf(key -> key.startsWith(prefix));
  }

  /** Every key but those known becomes a fault that names the nearest known one. */
  void refuseUnknown(List<String> known) {
    entries.forEach(
        (key, entry) -> {
          if (!known.contains(key)) {
            String hint =
                Nearest.to(key, known)
                    .map(near -> "did you mean " + near + "?")
                    .orElse("known are: " + String.join(", ", known));
            faults.add(entry.line(), path(key) + ": unknown key (" + hint + ")");
          }
        });
  }

  /** A plain value as it is written; empty when absent or null. */
  Optional<String> text(String key) {
    return value(key).flatMap(node -> scalar(path(key), node));
  }

  /** {@code true} or {@code false}, or YAML 1.1's words for them; false when absent. */
  boolean flag(String key) {
    String text = text(key).orElse("false");
    String word = text.toLowerCase(Locale.ROOT);
    if (!YES.contains(word) && !NO.contains(word)) {
      faults.unexpected(line(key), path(key), Printable.quoted(text), "true or false");
    }
    return YES.contains(word);
  }

  Optional<YamlMap> map(String key) {
    Optional<Node> node = value(key);
    if (node.isPresent() && node.get() instanceof MappingNode mapping) {
      return Optional.of(new YamlMap(path(key), mapping, faults, size));
    }
    node.ifPresent(
        wrong -> faults.unexpected(line(key), path(key), kind(wrong), "keys and values below it"));
    return Optional.empty();
  }

  /** A mapping of plain values, in the file's order; null values are empty texts. */
  Map<String, String> texts(String key) {
    Map<String, String> result = new LinkedHashMap<>();
    map(key).ifPresent(map -> map.forEachText(result::put));
    return result;
  }

  /** A list of plain values. */
  List<String> list(String key) {
    List<String> result = new ArrayList<>();
    for (Node element : elements(key)) {
      scalar(path(key), element).ifPresent(result::add);
    }
    return result;
  }

  /** A list of mappings. */
  List<YamlMap> maps(String key) {
    List<YamlMap> result = new ArrayList<>();
    for (Node element : elements(key)) {
      if (element instanceof MappingNode mapping) {
        result.add(new YamlMap(path(key), mapping, faults, size));
      } else {
        faults.unexpected(lineOf(element), path(key), kind(element), "keys and values");
      }
    }
    return result;
  }

  /** Every key with its mapping, in the file's order. */
  void forEachMap(BiConsumer<String, YamlMap> consumer) {
    for (String key : entries.keySet()) {
      map(key).ifPresent(map -> consumer.accept(key, map));
    }
  }

  private void forEachText(BiConsumer<String, String> consumer) {
    entries.forEach(
        (key, entry) -> {
          Optional<String> text =
              isNothing(entry.value()) ? Optional.of("") : scalar(path(key), entry.value());
          text.ifPresent(value -> consumer.accept(key, value));
        });
  }

  private List<Node> elements(String key) {
    Optional<Node> node = value(key);
    if (node.isPresent() && node.get() instanceof SequenceNode sequence) {
      size.add(line(key), sequence.getValue().size());
      return sequence.getValue();
    }
    node.ifPresent(wrong -> faults.unexpected(line(key), path(key), kind(wrong), "a list"));
    return List.of();
  }

  private Optional<Node> value(String key) {
    Entry entry = entries.get(key);
    return entry == null || isNothing(entry.value())
        ? Optional.empty()
        : Optional.of(entry.value());
  }

  /** Null in any of YAML's spellings; the parser, which follows JSON, knows one of them. */
  private static boolean isNothing(Node node) {
    return node.getTag().equals(Tag.NULL)
        || (node instanceof ScalarNode scalar
            && scalar.isPlain()
            && NOTHING.contains(scalar.getValue()));
  }

  private Optional<String> scalar(String field, Node node) {
    if (node instanceof ScalarNode scalar) {
      return Optional.of(scalar.getValue());
    }
    faults.unexpected(lineOf(node), field, kind(node), "one value");
    return Optional.empty();
  }

  /**
   * Own keys win over merged ones, and those over what they merge, as in YAML 1.1. Without
   * recursion: a chain of aliases may be deeper than the stack.
   */
  private void merge(MappingNode top) {
    Deque<Node> sources = new ArrayDeque<>();
    addKeys(top, sources);
    while (!sources.isEmpty()) {
      Node source = sources.pop();
      switch (source) {
        case SequenceNode sequence when !sequence.isRecursive() -> {
          size.add(lineOf(sequence), sequence.getValue().size());
          sequence.getValue().reversed().forEach(sources::push);
        }
        case MappingNode mapping when !mapping.isRecursive() -> addKeys(mapping, sources);
        default -> faults.unexpected(lineOf(source), path("<<"), kind(source), "keys and values");
      }
    }
  }

  /**
   * @param sources gets what the mapping merges, the first on top
   */
  private void addKeys(MappingNode node, Deque<Node> sources) {
    size.add(lineOf(node), 1 + node.getValue().size());
    Map<String, Entry> own = new LinkedHashMap<>();
    List<Node> merged = new ArrayList<>();
    for (NodeTuple tuple : node.getValue()) {
      if (!(tuple.getKeyNode() instanceof ScalarNode keyNode)) {
        faults.unexpected(lineOf(node), path(""), "a list or map as a key", "a name");
        continue;
      }
      String key = keyNode.getValue();
      if (key.equals("<<")) {
        merged.add(tuple.getValueNode());
        continue;
      }
      Entry earlier = own.put(key, new Entry(lineOf(keyNode), tuple.getValueNode()));
      if (earlier != null) {
        faults.add(lineOf(keyNode), path(key) + ": given twice, first on line " + earlier.line());
      }
    }
    own.forEach(entries::putIfAbsent);
    merged.reversed().forEach(sources::push);
  }

  private static int lineOf(Node node) {
    return node.getStartMark().map(Mark::getLine).orElse(0) + 1;
  }

  private static String kind(Node node) {
    return switch (node) {
      case ScalarNode scalar -> Printable.quoted(scalar.getValue());
      case SequenceNode _ -> "a list";
      default -> "keys and values";
    };
  }
}
