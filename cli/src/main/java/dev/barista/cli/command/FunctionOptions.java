package dev.barista.cli.command;

import dev.barista.api.FaasException;
import dev.barista.api.FunctionName;
import dev.barista.api.Resources;
import dev.barista.cli.CliException;
import dev.barista.cli.Terminal;
import dev.barista.cli.stack.StackFunction;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A function described on the command line instead of in a stack file. */
final class FunctionOptions {

  @Option(names = "--name", paramLabel = "NAME", description = "Name of the function.")
  private @Nullable String name;

  @Option(names = "--image", paramLabel = "IMAGE", description = "Image, such as hello:latest.")
  private @Nullable String image;

  @Option(names = "--lang", paramLabel = "TEMPLATE", description = "Template to build with.")
  private @Nullable String language;

  @Option(
      names = "--handler",
      paramLabel = "FOLDER",
      description = "Folder of the function's code.")
  private @Nullable String handler;

  @Option(names = "--fprocess", paramLabel = "COMMAND", description = "Command of the function.")
  private @Nullable String process;

  /** Whether one is described, so that no stack file is looked for. */
  boolean given() {
    return name != null || image != null || language != null || handler != null;
  }

  /** {@code --fprocess} works on the functions of a stack file too. */
  Optional<String> process() {
    return Optional.ofNullable(process);
  }

  /** The function described. */
  StackFunction function(Terminal terminal) {
    if (name == null) {
      throw CliException.usage("--name is missing (expected: the name of the function)");
    }
    if (image == null && language == null) {
      throw CliException.usage("--image is missing (expected: such as " + name + ":latest)");
    }
    try {
      FunctionName.parse(new FunctionName(name, FunctionName.DEFAULT_NAMESPACE).name());
    } catch (FaasException e) {
      throw CliException.usage(GatewayCommand.badName(name));
    }
    Path folder = terminal.folder();
    return new StackFunction(
        name,
        Optional.empty(),
        Optional.ofNullable(language),
        Optional.ofNullable(handler).map(path -> folder.resolve(path).normalize()),
        image == null ? name + ":latest" : image,
        process(),
        Map.of(),
        List.of(),
        List.of(),
        Map.of(),
        Map.of(),
        Resources.NONE,
        Resources.NONE,
        /* readOnlyRootFilesystem= */ false,
        /* skipBuild= */ false,
        List.of(),
        Map.of(),
        List.of());
  }
}
