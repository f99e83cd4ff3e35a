package dev.barista.cli.build;

import dev.barista.api.FaasException;
import dev.barista.cli.stack.StackFunction;
import dev.barista.image.BuildListener;
import dev.barista.image.BuildRequest;
import dev.barista.image.BuiltImage;
import dev.barista.image.ImageBuilder;
import dev.barista.image.ImageReference;
import dev.barista.image.ImageStore;
import dev.barista.image.InterpreterResolver;
import dev.barista.image.Templates;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * Builds functions as {@code barista build} and {@code serve --with} do. Thread-safe: several
 * functions may be built at once. Blocking.
 */
public final class StackBuilder {

  private final ImageBuilder builder;
  private final Templates templates;

  /**
   * @param projectFolder folder of the stack file: its {@code template/} wins over the built-in
   *     ones
   */
  public StackBuilder(ImageBuilder builder, Path projectFolder) {
    this.builder = builder;
    this.templates = new Templates(projectFolder);
  }

  /** With the image store of a data folder, which is made if there is none. */
  public static StackBuilder of(
      Path dataFolder, Map<String, String> environment, Path projectFolder) throws IOException {
    ImageStore store = ImageStore.open(dataFolder);
    InterpreterResolver interpreters = new InterpreterResolver(dataFolder, environment);
    return new StackBuilder(new ImageBuilder(store, interpreters), projectFolder);
  }

  /**
   * Builds one function.
   *
   * @param function one that is {@link StackFunction#buildable}
   * @throws FaasException with a sentence: no such folder or template, a missing interpreter, a
   *     dependency that can't be installed
   */
  public BuiltImage build(StackFunction function, BuildListener listener) throws IOException {
    BuildRequest request =
        new BuildRequest(
            ImageReference.parse(function.image()),
            templates.find(function.language().orElseThrow()),
            function.handler().orElseThrow(),
            function.process(),
            function.buildOptions(),
            function.buildArguments(),
            function.copy());
    return builder.build(request, listener);
  }
}
