package dev.barista.cli.command;

import dev.barista.api.FaasException;
import dev.barista.api.FunctionName;
import dev.barista.api.Resources;
import dev.barista.cli.CliException;
import dev.barista.cli.Terminal;
import dev.barista.cli.options.Option;
import dev.barista.cli.options.OptionSet;
import dev.barista.cli.stack.StackFunction;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A function described on the command line instead of in a stack file. */
final class FunctionOptions {

  private final Option.Text name;
  private final Option.Text image;
  private final Option.Text language;
  private final Option.Text handler;
  private final Option.Text process;

  FunctionOptions(OptionSet options) {
    this.name = options.text("NAME", "Name of the function.", "--name");
    this.image = options.text("IMAGE", "Image, such as hello:latest.", "--image");
    this.language = options.text("TEMPLATE", "Template to build with.", "--lang");
    this.handler = options.text("FOLDER", "Folder of the function's code.", "--handler");
    this.process = options.text("COMMAND", "Command of the function.", "--fprocess");
  }

  /** Whether one is described, so that no stack file is looked for. */
  boolean given() {
    return name.given() || image.given() || language.given() || handler.given();
  }

  /** {@code --fprocess} works on the functions of a stack file too. */
  Optional<String> process() {
    return process.value();
  }

  /** The function described. */
  StackFunction function(Terminal terminal) {
    String named =
        name.value()
            .orElseThrow(
                () -> CliException.usage("--name is missing (expected: the name of the function)"));
    if (!image.given() && !language.given()) {
      throw CliException.usage("--image is missing (expected: such as " + named + ":latest)");
    }
    try {
      FunctionName.parse(new FunctionName(named, FunctionName.DEFAULT_NAMESPACE).name());
    } catch (FaasException e) {
      throw CliException.usage(GatewayCommand.badName(named));
    }
    Path folder = terminal.folder();
    return function(
        named,
        folder,
        language.value(),
        handler.value().map(path -> folder.resolve(path).normalize()),
        image.value().orElse(named + ":latest"));
  }

  /** Stands for an image alone. */
  StackFunction ofImage(String image, Path folder) {
    return function("image", folder, Optional.empty(), Optional.empty(), image);
  }

  private StackFunction function(
      String named, Path folder, Optional<String> template, Optional<Path> code, String imageName) {
    return new StackFunction(
        named,
        folder,
        Optional.empty(),
        template,
        code,
        imageName,
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
