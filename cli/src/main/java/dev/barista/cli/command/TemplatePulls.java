package dev.barista.cli.command;

import dev.barista.cli.CliException;
import dev.barista.cli.Terminal;
import dev.barista.cli.build.GitTemplates;
import dev.barista.cli.stack.StackFunction;
import dev.barista.cli.stack.TemplateSource;
import dev.barista.image.Templates;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Fetches templates and says so. */
final class TemplatePulls {

  private final Terminal terminal;
  private final PrintStream out;

  TemplatePulls(Terminal terminal) {
    this.terminal = terminal;
    this.out = terminal.out();
  }

  /**
   * What {@code configuration.templates} names, the functions need and isn't in {@code template/}
   * yet. A template of Barista's own is not fetched without need: builds go on without a network.
   */
  void pullMissing(Selection selection) throws IOException {
    for (TemplateSource template : selection.templates()) {
      boolean needed =
          selection.functions().stream()
              .filter(StackFunction::buildable)
              .anyMatch(f -> f.language().orElse("").equalsIgnoreCase(template.name()));
      Path folder = template.folder().resolve("template").resolve(template.name());
      if (!needed || Files.isDirectory(folder)) {
        continue;
      }
      if (template.source().isPresent()) {
        pull(template.folder(), template.source().get(), List.of(template.name()), false);
      } else if (!new Templates(template.folder()).names().contains(template.name())) {
        throw CliException.failed(
            "configuration.templates: "
                + template.name()
                + " has no source, and there is no"
                + " template of that name here");
      }
    }
  }

  /**
   * @param names templates to take; all when empty
   */
  void pull(Path project, String address, List<String> names, boolean overwrite)
      throws IOException {
    out.println("Fetch templates from repository: " + address);
    GitTemplates.Pulled pulled =
        new GitTemplates(project, terminal.environment()).pull(address, names, overwrite);
    String target = terminal.shown(project.resolve("template"));
    if (!pulled.written().isEmpty()) {
      out.println("Wrote to " + target + ": " + String.join(", ", pulled.written()));
    }
    if (!pulled.kept().isEmpty()) {
      out.println(
          "Kept what was in "
              + target
              + ": "
              + String.join(", ", pulled.kept())
              + " (--overwrite replaces it)");
    }
  }
}
