package dev.barista.server.serve;

import dev.barista.api.FaasException;
import dev.barista.api.FunctionName;
import dev.barista.api.FunctionSpec;
import dev.barista.api.FunctionStatus;
import dev.barista.cgroup.Cgroups;
import dev.barista.cli.build.StackBuilder;
import dev.barista.cli.build.StackBuilds;
import dev.barista.cli.build.StackBuilds.Outcome;
import dev.barista.cli.stack.StackException;
import dev.barista.cli.stack.StackFile;
import dev.barista.cli.stack.StackFunction;
import dev.barista.gateway.system.ScalingLabels;
import dev.barista.image.BuildGroups;
import dev.barista.image.ImageStore;
import dev.barista.image.InterpreterResolver;
import dev.barista.provider.spi.FunctionProvider;
import dev.barista.server.config.ServeConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
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

  private final FunctionProvider provider;
  private final ReadyWatch watch;
  private final ImageStore images;
  private final InterpreterResolver interpreters;
  private final Cgroups cgroups;
  private final ServeConfig.Functions functions;
  private final Consumer<String> announce;

  StackStart(
      FunctionProvider provider,
      ReadyWatch watch,
      ImageStore images,
      InterpreterResolver interpreters,
      Cgroups cgroups,
      ServeConfig.Functions functions,
      Consumer<String> announce) {
    this.provider = provider;
    this.watch = watch;
    this.images = images;
    this.interpreters = interpreters;
    this.cgroups = cgroups;
    this.functions = functions;
    this.announce = announce;
  }

  /**
   * @param environment for the file's variables
   * @throws ServeException when the file itself is faulty
   */
  void run(ServeConfig.With with, Map<String, String> environment) throws InterruptedException {
    StackFile stack = read(with.stackFile(), environment);
    stack.notices().forEach(announce);
    List<StackBuilds.Result> builds;
    try (var builder =
        new StackBuilder(images, interpreters, BuildGroups.among(cgroups, with.builds()))) {
      builds =
          new StackBuilds(builder, /* reuse= */ true, new Progress())
              .run(stack.functions(), Runtime.getRuntime().availableProcessors());
    }
    Set<FunctionName> started = new LinkedHashSet<>();
    for (StackBuilds.Result build : builds) {
      try {
        deploy(build.function(), build.outcome()).ifPresent(started::add);
      } catch (FaasException e) {
        leftOut(build.function(), e.getMessage());
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

  /** Returns whom to wait for; nobody when the function stands at zero or is left out. */
  private Optional<FunctionName> deploy(StackFunction function, Outcome build) {
    return switch (build) {
      case Outcome.Failed(String sentence) -> {
        leftOut(function, sentence);
        yield Optional.empty();
      }
      case Outcome.Skipped _ -> deploy(function, /* newImage= */ false);
      case Outcome.Built(var _, boolean changed) -> deploy(function, changed);
    };
  }

  private Optional<FunctionName> deploy(StackFunction function, boolean newImage) {
    FunctionSpec spec = function.toDeployment().toSpec(functions.namespace());
    new ScalingLabels(functions.maxReplicas()).check(spec);
    Optional<FunctionStatus> running = provider.status(spec.name());
    if (running.isEmpty()) {
      provider.deploy(spec);
      return Optional.of(spec.name());
    }
    if (newImage || !running.get().spec().equals(spec)) {
      provider.update(spec);
    }
    return running.get().desiredReplicas() == 0 ? Optional.empty() : Optional.of(spec.name());
  }

  private void leftOut(StackFunction function, String sentence) {
    announce.accept(function.name() + " is left out: " + sentence);
  }

  /** Tells which builds begin; what the tools say is for those who look for it. */
  private final class Progress implements StackBuilds.Listener {

    @Override
    public void started(int worker, StackFunction function) {
      if (function.buildable()) {
        announce.accept("Building " + function.name());
      }
    }

    @Override
    public void progress(StackFunction function, String line) {
      LOG.log(System.Logger.Level.DEBUG, function.name() + ": " + line);
    }

    @Override
    public void ended(int worker, StackFunction function, Outcome outcome, Duration time) {
      LOG.log(System.Logger.Level.DEBUG, function.name() + ": " + outcome + " after " + time);
    }
  }
}
