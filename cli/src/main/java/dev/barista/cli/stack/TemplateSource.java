package dev.barista.cli.stack;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.Optional;

/**
 * An entry of {@code configuration.templates}.
 *
 * @param folder of the stack file: the template belongs into its {@code template/NAME}
 * @param name of the template
 * @param source address of a git repository that has it, with {@code #BRANCH} perhaps
 */
public record TemplateSource(Path folder, String name, Optional<String> source) {

  public TemplateSource {
    requireNonNull(folder, "folder");
    requireNonNull(name, "name");
    requireNonNull(source, "source");
  }
}
