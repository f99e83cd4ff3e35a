package dev.barista.cli.stack;

import static java.util.Objects.requireNonNull;

import dev.barista.api.Printable;
import dev.barista.cli.http.HttpClient;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A stack file, checked; or several together.
 *
 * @param name as messages name it
 * @param gateway {@code provider.gateway}, as written
 * @param functions in the file's order
 * @param templates what {@code configuration.templates} names
 * @param notices sentences for the user about what was read differently than written
 */
public record StackFile(
    String name,
    Optional<String> gateway,
    List<StackFunction> functions,
    List<TemplateSource> templates,
    List<String> notices) {

  public StackFile {
    requireNonNull(name, "name");
    requireNonNull(gateway, "gateway");
    functions = List.copyOf(functions);
    templates = List.copyOf(templates);
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
    return read(new StackSource.OnDisk(file), environment);
  }

  /** {@link #read(Path, Map)} with <code>${NAME}</code> left as it stands. */
  public static StackFile readVerbatim(Path file) {
    return readVerbatim(new StackSource.OnDisk(file));
  }

  /**
   * {@link #read(Path, Map)} of the net. The file can't choose a gateway, nor name handlers outside
   * {@code folder}: a stranger may have written it.
   *
   * @param folder where relative paths in it start
   */
  public static StackFile fetch(
      URI uri, Path folder, HttpClient client, Map<String, String> environment) {
    return read(new StackSource.Remote(uri, folder, client), environment);
  }

  /** {@link #fetch} with <code>${NAME}</code> left as it stands. */
  public static StackFile fetchVerbatim(URI uri, Path folder, HttpClient client) {
    return readVerbatim(new StackSource.Remote(uri, folder, client));
  }

  private static StackFile read(StackSource source, Map<String, String> environment) {
    Faults faults = new Faults(source.shown());
    String unset =
        source.foreign() && environment.isEmpty()
            ? " is replaced by nothing: a file of the net gets your environment with --envsubst"
                + " only"
            : " is not set in the environment, so it is replaced by nothing";
    String text = new Substitution(environment, unset, faults).apply(source.text());
    faults.throwIfAny();
    return StackReader.read(source, text, faults);
  }

  private static StackFile readVerbatim(StackSource source) {
    return StackReader.read(source, source.text(), new Faults(source.shown()));
  }

  /**
   * Several files as one.
   *
   * @throws StackException when two define the same function, or name different gateways
   */
  public static StackFile join(List<StackFile> files) {
    if (files.size() == 1) {
      return files.getFirst();
    }
    List<StackFunction> functions = new ArrayList<>();
    List<TemplateSource> templates = new ArrayList<>();
    List<String> notices = new ArrayList<>();
    Map<String, String> homes = new HashMap<>();
    for (StackFile file : files) {
      for (StackFunction function : file.functions) {
        String earlier = homes.putIfAbsent(function.name(), file.name);
        if (earlier != null) {
          throw new StackException(
              file.name + ": functions." + function.name() + ": is in " + earlier + " too");
        }
      }
      functions.addAll(file.functions);
      templates.addAll(file.templates);
      notices.addAll(file.notices);
    }
    String names = String.join(", ", files.stream().map(StackFile::name).toList());
    return new StackFile(names, oneGateway(files), functions, templates, notices);
  }

  private static Optional<String> oneGateway(List<StackFile> files) {
    List<String> gateways =
        files.stream().flatMap(file -> file.gateway.stream()).distinct().toList();
    if (gateways.size() > 1) {
      throw new StackException(
          "the files name different gateways: "
              + Printable.line(String.join(", ", gateways))
              + " (expected: one; or deploy them one after the other)");
    }
    return gateways.stream().findFirst();
  }

  /** The same file with the functions whose name passes. */
  public StackFile select(Predicate<String> names) {
    return new StackFile(
        name,
        gateway,
        functions.stream().filter(function -> names.test(function.name())).toList(),
        templates,
        notices);
  }
}
