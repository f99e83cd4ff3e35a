package dev.barista.server.serve;

import dev.barista.api.FaasException;
import dev.barista.api.FunctionName;
import dev.barista.api.FunctionSpec;
import dev.barista.api.FunctionStatus;
import dev.barista.cli.build.StackBuilder;
import dev.barista.cli.stack.StackException;
import dev.barista.cli.stack.StackFile;
import dev.barista.cli.stack.StackFunction;
import dev.barista.image.BuildListener;
import dev.barista.image.ImageBuilder;
import dev.barista.image.ImageReference;
import dev.barista.image.ImageStore;
import dev.barista.provider.spi.FunctionProvider;
import dev.barista.server.config.ServeConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * {@code --with stack.yml}: builds and deploys the functions of a stack file and waits for them. A
 * function that can't be built or deployed here, since its interpreter is missing, say, is left out
 * with one sentence; the others start. One that runs already and has not changed is left alone.
 */
final class StackStart {

  private static final System.Logger LOG = System.getLogger(StackStart.class.getName());
  private static final BuildListener LOG_PROGRESS =
      line -> LOG.log(System.Logger.Level.DEBUG, line);

  private final FunctionProvider provider;
  private final ReadyWatch watch;
  private final ImageStore images;
  private final ImageBuilder builder;
  private final String defaultNamespace;
  private final Consumer<String> announce;

  StackStart(
      FunctionProvider provider,
      ReadyWatch watch,
      ImageStore images,
      ImageBuilder builder,
      String defaultNamespace,
      Consumer<String> announce) {
    this.provider = provider;
    this.watch = watch;
    this.images = images;
    this.builder = builder;
    this.defaultNamespace = defaultNamespace;
    this.announce = announce;
  }

  /**
   * @param environment for the file's variables
   * @throws ServeException when the file itself is faulty
   */
  void run(ServeConfig.With with, Map<String, String> environment) throws InterruptedException {
    StackFile stack = read(with.stackFile(), environment);
    stack.notices().forEach(announce);
    StackBuilder stackBuilder = new StackBuilder(builder, folder(with.stackFile()));
    Set<FunctionName> started = new LinkedHashSet<>();
    for (StackFunction function : stack.functions()) {
      try {
        deploy(function, stackBuilder).ifPresent(started::add);
      } catch (FaasException e) {
        announce.accept(function.name() + " is left out: " + e.getMessage());
      } catch (IOException e) {
        announce.accept(function.name() + " is left out: it can't be built (" + e + ")");
      }
    }
    watch
        .await(started, with.timeout())
        .forEach((name, reason) -> announce.accept(name.name() + " is not ready: " + reason));
  }

  private static StackFile read(Path file, Map<String, String> environment) {
    try {
      return StackFile.read(file, environment);
    } catch (StackException e) {
      throw new ServeException("--with: " + e.getMessage(), e);
    }
  }

  private static Path folder(Path file) {
    return Optional.ofNullable(file.getParent()).orElse(Path.of("."));
  }

  /** Returns whom to wait for; nobody when the function stands at zero. */
  private Optional<FunctionName> deploy(StackFunction function, StackBuilder stackBuilder)
      throws IOException {
    FunctionSpec spec = function.toDeployment().toSpec(defaultNamespace);
    Optional<FunctionStatus> running = provider.status(spec.name());
    boolean newImage = function.buildable() && build(function, stackBuilder);
    if (running.isEmpty()) {
      provider.deploy(spec);
      return Optional.of(spec.name());
    }
    if (newImage || !running.get().spec().equals(spec)) {
      provider.update(spec);
    }
    return running.get().desiredReplicas() == 0 ? Optional.empty() : Optional.of(spec.name());
  }

  /** Returns whether it is another image than before. */
  private boolean build(StackFunction function, StackBuilder stackBuilder) throws IOException {
    Optional<String> before = digest(ImageReference.parse(function.image()));
    announce.accept("Building " + function.name());
    String after = stackBuilder.build(function, LOG_PROGRESS).digest();
    return !before.equals(Optional.of(after));
  }

  private Optional<String> digest(ImageReference reference) throws IOException {
    return images.list().stream()
        .filter(image -> image.reference().equals(reference))
        .map(image -> image.digest())
        .findFirst();
  }
}
