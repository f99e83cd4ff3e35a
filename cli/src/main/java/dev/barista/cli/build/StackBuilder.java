package dev.barista.cli.build;

import dev.barista.api.FaasException;
import dev.barista.cli.stack.StackFunction;
import dev.barista.image.BuildGroups;
import dev.barista.image.BuildLimits;
import dev.barista.image.BuildListener;
import dev.barista.image.BuildRequest;
import dev.barista.image.BuiltImage;
import dev.barista.image.ImageBuilder;
import dev.barista.image.ImageReference;
import dev.barista.image.ImageStore;
import dev.barista.image.InterpreterResolver;
import dev.barista.image.StoredImage;
import dev.barista.image.Templates;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Builds functions as {@code barista build} and {@code serve --with} do. Thread-safe: several
 * functions may be built at once. Blocking.
 */
public final class StackBuilder implements AutoCloseable {

  private final ImageStore store;
  private final ImageBuilder builder;

  /**
   * @param groups that bound builds; closed with this
   */
  public StackBuilder(ImageStore store, InterpreterResolver interpreters, BuildGroups groups) {
    this.store = store;
    this.builder = new ImageBuilder(store, interpreters, groups);
  }

  /** With the image store of a data folder, which is made if there is none. */
  public static StackBuilder of(
      Path dataFolder, Map<String, String> environment, BuildLimits limits) throws IOException {
    ImageStore store = ImageStore.open(dataFolder);
    return new StackBuilder(
        store, new InterpreterResolver(dataFolder, environment), BuildGroups.own(store, limits));
  }

  /**
   * Builds one function.
   *
   * @param function one that is {@link StackFunction#buildable}
   * @param reuse whether layers of earlier builds may be taken
   * @throws FaasException with a sentence: no such folder or template, a missing interpreter, a
   *     dependency that can't be installed
   */
  StackBuilds.Outcome.Built build(StackFunction function, boolean reuse, BuildListener listener)
      throws IOException {
    BuildRequest request =
        new BuildRequest(
            ImageReference.parse(function.image()),
            new Templates(function.folder()).find(function.language().orElseThrow()),
            function.handler().orElseThrow(),
            function.process(),
            function.buildOptions(),
            function.buildArguments(),
            function.copy());
    Optional<String> before = digest(request.reference());
    BuiltImage image =
        reuse ? builder.build(request, listener) : builder.rebuild(request, listener);
    return new StackBuilds.Outcome.Built(image, !before.equals(Optional.of(image.digest())));
  }

  private Optional<String> digest(ImageReference reference) throws IOException {
    return store.list().stream()
        .filter(image -> image.reference().equals(reference))
        .map(StoredImage::digest)
        .findFirst();
  }

  @Override
  public void close() {
    builder.close();
  }
}
