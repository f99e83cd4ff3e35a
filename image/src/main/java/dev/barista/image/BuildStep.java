package dev.barista.image;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One step of a template's {@code build} list: it makes a layer.
 *
 * @param name for the user; its layer is shown to later steps as {@code BARISTA_NAME}
 * @param when it is left out unless one of these files is there; empty: always done
 * @param containing and unless one of them contains this
 * @param unless and if a build argument has this value
 * @param files that it sees and depends on; empty: all
 * @param tools programs of the host that it calls by name
 * @param run shell script; empty: the files as they are
 * @param layer whether its result is part of the image
 * @param bound whether its result fits this version of the runtime only
 * @param seeded whether its cache begins with what building the template's own skeleton left there
 */
public record BuildStep(
    String name,
    List<String> when,
    Optional<Pattern> containing,
    Map<String, String> unless,
    List<String> files,
    List<String> tools,
    Optional<String> run,
    boolean layer,
    boolean bound,
    boolean seeded) {

  public BuildStep {
    when = List.copyOf(when);
    unless = Map.copyOf(unless);
    files = List.copyOf(files);
    tools = List.copyOf(tools);
  }

  /** As {@code BARISTA_TEST_PACKAGES}. */
  static String variable(String name) {
    return "BARISTA_" + name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
  }
}
