package dev.barista.provider.process;

import static java.util.Comparator.comparing;
import static java.util.Objects.requireNonNull;

import dev.barista.api.ErrorCode;
import dev.barista.api.FaasException;
import dev.barista.api.FunctionName;
import dev.barista.api.FunctionSpec;
import dev.barista.api.FunctionStatus;
import dev.barista.api.ScaleBounds;
import dev.barista.api.SecretName;
import dev.barista.cgroup.Cgroups;
import dev.barista.provider.spi.FunctionProvider;
import dev.barista.provider.spi.FunctionStore;
import dev.barista.provider.spi.FunctionStore.StoredFunction;
import dev.barista.provider.spi.LogQuery;
import dev.barista.provider.spi.LogStream;
import dev.barista.provider.spi.ProviderInfo;
import dev.barista.provider.spi.ProviderListener;
import dev.barista.provider.spi.ProviderSecrets;
import dev.barista.provider.spi.ReplicaUsage;
import dev.barista.provider.spi.SecretStore;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Runs functions as sandboxed processes of this host. The wanted state is in the {@link
 * FunctionStore}; each function has a {@link FunctionController} that moves the real state towards
 * it.
 */
public final class ProcessProvider implements FunctionProvider {

  private static final System.Logger LOG = System.getLogger(ProcessProvider.class.getName());

  private static final Duration LOG_TIDYING = Duration.ofMinutes(10);

  private final ProcessProviderConfig config;
  private final FunctionStore store;
  private final ProviderSecrets secrets;
  private final Host host;
  private final RunPlans plans;
  private final ProviderContext context;
  private final Map<FunctionName, FunctionController> controllers = new ConcurrentHashMap<>();

  // Mutable state
  private volatile boolean closed;

  private ProcessProvider(
      ProcessProviderConfig config,
      FunctionStore store,
      SecretStore secrets,
      Images images,
      Host host) {
    this.config = config;
    this.store = store;
    this.secrets = new ProviderSecrets(secrets, () -> statuses().map(FunctionStatus::spec));
    this.host = host;
    this.plans =
        new RunPlans(
            images,
            config.watchdog(),
            host.jail().level(),
            host.ownUsers(),
            config.confinement().processesPerReplica(),
            config.gatewayUrl());
    this.context =
        new ProviderContext(
            config,
            host,
            plans,
            secrets,
            () -> controllers.values().forEach(FunctionController::reconcileSoon),
            this::forgetIfFinished);
  }

  /**
   * Finds out what this host can do, and ends what an earlier run left. Blocks, so not for a
   * virtual thread.
   *
   * @throws FaasException {@code NOT_SUPPORTED} if the isolation asked for doesn't work here, with
   *     a sentence what to do
   */
  public static ProcessProvider open(
      ProcessProviderConfig config, FunctionStore store, SecretStore secrets, Images images)
      throws IOException {
    requireNonNull(store, "store");
    requireNonNull(secrets, "secrets");
    requireNonNull(images, "images");
    return new ProcessProvider(config, store, secrets, images, Host.open(config));
  }

  /** Lines for the start of the platform: isolation and limits, and what of them doesn't work. */
  public List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    switch (host.jail().level()) {
      case SANDBOX -> {
        // nothing to warn of
      }
      case USER ->
          warnings.add(
              isolated("function code can read its siblings' files, and what any user can read"));
      case NONE -> warnings.add(isolated("function code is as trusted as the platform"));
    }
    if (host.cgroups().enforced().size() < Cgroups.Bound.values().length) {
      warnings.add(host.cgroups().description());
    }
    return warnings;
  }

  private String isolated(String consequence) {
    return "isolation is '%s' (%s): %s"
        .formatted(host.jail().level().wireName(), host.isolationNote(), consequence);
  }

  /** Where groups of processes are made: of replicas, and of what else the platform runs. */
  public Cgroups cgroups() {
    return host.cgroups();
  }

  /** The level in force, as {@code --isolation} names it. */
  public String isolation() {
    return host.jail().level().wireName();
  }

  /** Digests of the images that functions use: they must stay in the store. */
  public Set<String> imagesInUse() {
    return controllers.values().stream()
        .flatMap(controller -> controller.images().stream())
        .collect(Collectors.toSet());
  }

  @Override
  public ProviderInfo info() {
    return new ProviderInfo("barista-process", "process", config.release(), config.sha());
  }

  @Override
  public void start(ProviderListener listener) {
    context.listener(listener);
    for (StoredFunction stored : store.load()) {
      withController(
          stored.spec().name(),
          controller -> controller.setVersion(stored, planOrTell(stored.spec())));
    }
    context.every(LOG_TIDYING, () -> host.logs().tidy(controllers::containsKey));
  }

  /** An image that is gone doesn't keep the platform from starting: the controller tries again. */
  private Optional<RunPlan> planOrTell(FunctionSpec spec) {
    try {
      return Optional.of(plans.plan(spec));
    } catch (FaasException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          () -> "function " + spec.name() + " can't run: " + e.getMessage());
      return Optional.empty();
    }
  }

  @Override
  public void deploy(FunctionSpec spec) {
    requireOpen();
    withController(
        spec.name(),
        controller -> {
          if (controller.stored().isPresent()) {
            throw new FaasException(
                ErrorCode.FUNCTION_EXISTS,
                "provider",
                "function " + spec.name() + " exists already: update it, or delete it first");
          }
          RunPlan plan = plans.plan(spec);
          int replicas = ScaleBounds.of(spec).min();
          StoredFunction function = new StoredFunction(spec, replicas, context.clock().instant());
          host.logs().remove(spec.name()); // of another function that had this name
          saveVersion(controller, function, plan);
        });
  }

  @Override
  public void update(FunctionSpec spec) {
    requireOpen();
    withController(
        spec.name(),
        controller -> {
          StoredFunction old = stored(controller, spec.name());
          RunPlan plan = plans.plan(spec);
          int min = ScaleBounds.of(spec).min();
          int replicas = ScaleBounds.givesMin(spec) ? min : old.desiredReplicas();
          StoredFunction function = new StoredFunction(spec, replicas, old.createdAt());
          saveVersion(controller, function, plan);
        });
  }

  private void saveVersion(FunctionController controller, StoredFunction function, RunPlan plan) {
    secrets.whileThere(
        function.spec(),
        () -> {
          store.save(function);
          controller.setVersion(function, Optional.of(plan));
        });
  }

  @Override
  public void delete(FunctionName name) {
    requireOpen();
    withController(
        name,
        controller -> {
          stored(controller, name);
          store.delete(name);
          controller.delete();
        });
  }

  @Override
  public void scale(FunctionName name, int replicas) {
    requireOpen();
    if (replicas < 0) {
      throw FaasException.badField("replicas", replicas, "0 or more");
    }
    withController(name, controller -> scale(controller, stored(controller, name), replicas));
  }

  @Override
  public void wake(FunctionName name, int replicas) {
    requireOpen();
    withController(
        name,
        controller -> {
          StoredFunction function = stored(controller, name);
          if (function.desiredReplicas() == 0) {
            scale(controller, function, replicas);
          }
        });
  }

  private void scale(FunctionController controller, StoredFunction old, int replicas) {
    StoredFunction function = new StoredFunction(old.spec(), replicas, old.createdAt());
    if (replicas > old.desiredReplicas()) {
      controller.growWhile(function, () -> store.save(function));
    } else {
      store.save(function);
      controller.setDesired(function);
    }
  }

  private static StoredFunction stored(FunctionController controller, FunctionName name) {
    return controller.stored().orElseThrow(() -> FaasException.functionNotFound(name));
  }

  /** Runs a change in the one controller of that name. */
  private void withController(FunctionName name, Consumer<FunctionController> change) {
    boolean[] done = {false};
    while (!done[0]) {
      FunctionController controller =
          controllers.computeIfAbsent(name, _ -> new FunctionController(name, context));
      controller.change(
          () -> {
            if (controllers.get(name) != controller) {
              return; // it finished while this change waited: the next one takes over
            }
            done[0] = true;
            try {
              requireOpen(); // a controller made after close() looked for them is never closed
              change.accept(controller);
            } finally {
              context.ended(controller);
            }
          });
    }
  }

  private void forgetIfFinished(FunctionController controller) {
    if (controller.isFinished()) {
      host.logs().remove(controller.name());
      controllers.remove(controller.name(), controller);
      host.users().release(controller.name());
    }
  }

  @Override
  public Optional<FunctionStatus> status(FunctionName name) {
    return Optional.ofNullable(controllers.get(name)).flatMap(FunctionController::status);
  }

  @Override
  public List<FunctionStatus> list(String namespace) {
    return statuses()
        .filter(status -> status.spec().name().namespace().equals(namespace))
        .sorted(comparing(status -> status.spec().name()))
        .toList();
  }

  private Stream<FunctionStatus> statuses() {
    return controllers.values().stream().flatMap(controller -> controller.status().stream());
  }

  @Override
  public List<ReplicaUsage> usage(FunctionName name) {
    return Optional.ofNullable(controllers.get(name)).stream()
        .flatMap(controller -> controller.running().stream())
        .map(ReplicaHandle::usage)
        .filter(usage -> usage.cpuNanos().isPresent() || usage.memoryBytes().isPresent())
        .toList();
  }

  @Override
  public List<String> secrets(String namespace) {
    return secrets.names(namespace);
  }

  @Override
  public void createSecret(SecretName name, byte[] value) {
    requireOpen();
    secrets.create(name, value);
  }

  @Override
  public void updateSecret(SecretName name, byte[] value) {
    requireOpen();
    secrets.update(name, value);
  }

  @Override
  public void deleteSecret(SecretName name) {
    requireOpen();
    secrets.delete(name);
  }

  @Override
  public LogStream logs(LogQuery query) {
    if (status(query.function()).isEmpty()) {
      throw FaasException.functionNotFound(query.function());
    }
    return host.logs().read(query);
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    controllers.values().forEach(FunctionController::close);
    context.close();
    host.close();
  }

  private void requireOpen() {
    if (closed) {
      throw new FaasException(ErrorCode.DRAINING, "provider", "the platform is shutting down");
    }
  }
}
