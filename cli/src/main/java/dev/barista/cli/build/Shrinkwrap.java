package dev.barista.cli.build;

import dev.barista.cli.CliException;
import dev.barista.cli.stack.StackFunction;
import dev.barista.image.Folders;
import dev.barista.image.Template;
import dev.barista.image.TemplateFile;
import dev.barista.image.Templates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Writes what a build would be made of to {@code build/NAME} beside the stack file, in OpenFaaS's
 * layout: the template, the handler laid over its handler folder, and what is copied in. For builds
 * by other tools.
 */
public final class Shrinkwrap {

  /** Of the project, not of the function: faas-cli leaves them out too. */
  private static final Set<String> LEFT_OUT = Set.of("build", "template");

  private Shrinkwrap() {}

  /**
   * Replaces what is there.
   *
   * @return the folder
   */
  public static Path write(StackFunction function) throws IOException {
    Template template = new Templates(function.folder()).find(function.language().orElseThrow());
    Path target = function.folder().resolve("build").resolve(function.name());
    Folders.delete(target);
    for (Map.Entry<String, TemplateFile> file : template.files().entrySet()) {
      write(target.resolve(file.getKey()), file.getValue());
    }
    Path handler = function.handler().orElseThrow();
    if (!Files.isDirectory(handler)) {
      throw CliException.failed(function.name() + ": there is no folder " + handler);
    }
    Path overlaid = target.resolve(template.settings().handlerFolder());
    copyChildren(handler, overlaid);
    for (Path extra : function.copy()) {
      Folders.copy(extra, overlaid.resolve(String.valueOf(extra.getFileName())));
    }
    return target;
  }

  private static void copyChildren(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> children = Files.list(from)) {
      for (Path child : children.sorted().toList()) {
        String name = String.valueOf(child.getFileName());
        if (!LEFT_OUT.contains(name) || !Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
          Folders.copy(child, to.resolve(name));
        }
      }
    }
  }

  private static void write(Path path, TemplateFile file) throws IOException {
    Folders.makeParent(path);
    Files.write(path, file.content());
    if (file.executable()) {
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }
}
