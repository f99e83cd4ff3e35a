package dev.barista.server.serve;

import dev.barista.api.FileFault;
import dev.barista.cli.Version;
import dev.barista.concurrency.NanoClock;
import dev.barista.gateway.errors.ErrorAnswers;
import dev.barista.gateway.invoke.InvocationHandler;
import dev.barista.gateway.invoke.InvokeConfig;
import dev.barista.gateway.invoke.ReplicaPools;
import dev.barista.gateway.metrics.GatewayMetrics;
import dev.barista.gateway.metrics.ScalingMetrics;
import dev.barista.gateway.routes.GatewayErrors;
import dev.barista.gateway.routes.GatewayRoutes;
import dev.barista.gateway.routes.StaticFiles;
import dev.barista.gateway.system.JsonBodies;
import dev.barista.gateway.system.LogsApi;
import dev.barista.gateway.system.ScalingApi;
import dev.barista.gateway.system.SecretsApi;
import dev.barista.gateway.system.SystemApi;
import dev.barista.gateway.system.SystemConfig;
import dev.barista.http.EventLoops;
import dev.barista.http.Gatekeeper;
import dev.barista.http.HttpServer;
import dev.barista.http.RequestObserver;
import dev.barista.image.ImageStore;
import dev.barista.image.InterpreterResolver;
import dev.barista.image.Repositories;
import dev.barista.image.RepositoryLimits;
import dev.barista.provider.process.Images;
import dev.barista.provider.process.ProcessProvider;
import dev.barista.registry.RegistryApi;
import dev.barista.registry.RegistryErrors;
import dev.barista.server.config.ServeConfig;
import dev.barista.state.DataFolderLock;
import dev.barista.state.StateDatabase;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import tools.jackson.databind.json.JsonMapper;

/**
 * The wiring: what is made of what, in which order it starts and, by {@link ShutdownStack}, in
 * which order it ends. What takes long and needs nothing of the rest (the database's native
 * library, the event loops) starts on threads of its own. For one thread, once.
 */
final class Platform {

  private final ServeConfig config;
  private final Map<String, String> environment;
  private final ShutdownStack started;

  /**
   * @param started ends what {@link #start} starts
   */
  Platform(ServeConfig config, Map<String, String> environment, ShutdownStack started) {
    this.config = config;
    this.environment = environment;
    this.started = started;
  }

  /**
   * Serves when it returns.
   *
   * @param announce takes lines for the user
   * @throws ServeException and others that tell the user in one sentence why it can't
   */
  void start(Consumer<String> announce) throws InterruptedException {
    started.add("the lock of the data folder", DataFolderLock.acquire(config.data()));
    Ahead<StateDatabase> stateAhead = Ahead.start("state", () -> StateDatabase.open(config.data()));
    Ahead<EventLoops> loopsAhead = Ahead.start("loops", () -> EventLoops.start(0, "http"));

    Supplier<JsonMapper> json = JsonBodies.sharedMapper();
    ErrorAnswers errorAnswers = new ErrorAnswers(json);
    GatewayErrors errors = new GatewayErrors(errorAnswers, Listeners.SETTING_NAMES);
    AdminGate admin = AdminGate.of(config, errorAnswers);
    Gatekeeper gatekeeper = RegistryErrors.gatekeeper(admin.gatekeeper());
    StartGate gate = new StartGate(gatekeeper, errorAnswers);
    GatewayMetrics metrics = new GatewayMetrics();
    Listeners.Address address = new Listeners.Address(config.listener());

    ImageStore store = images();
    InterpreterResolver interpreters = new InterpreterResolver(config.data(), environment);
    StateDatabase state = started.add("the state", stateAhead.join());
    EventLoops loops = started.add("the event loops", loopsAhead.join());
    PulledImages images =
        new PulledImages(
            Images.of(store, interpreters),
            store,
            config.images(),
            AdminGate.ownRegistry(config, address::port));
    ProcessProvider provider = started.add("the provider", provider(state, images, address));
    Repositories repositories = repositories(store, provider);

    InvokeConfig invoke = invokeConfig();
    ReplicaPools pools = new ReplicaPools(provider, loops, metrics, invoke);
    Scaling scaling = Scaling.of(config, provider, pools);
    pools.loadListener(scaling.loop());
    metrics.append(new ScalingMetrics(scaling.loop()::gauges));
    pools.firstReplicas(scaling::firstReplicas);
    JsonBodies bodies = new JsonBodies(json, config.functions().maxSystemBody());
    SystemApi system =
        new SystemApi(
            provider,
            metrics::invocationCount,
            bodies,
            new SystemConfig(
                config.functions().namespace(),
                config.functions().maxReplicas(),
                BuildInfo.version()));
    LogsApi logs =
        new LogsApi(
            provider, bodies, config.functions().namespace(), config.replicas().logs().streams());
    HttpServer metricsServer =
        Listening.start(
            config.metricsListener(),
            "--metrics-port",
            loops,
            GatewayRoutes.metrics(metrics::scrape),
            errors,
            RequestObserver.NONE);
    started.add("the metrics listener", metricsServer);
    HttpServer server =
        Listening.start(
            config.listener(),
            "--port",
            loops,
            GatewayRoutes.gateway(
                gate,
                system,
                logs,
                new SecretsApi(provider, bodies, config.functions().namespace()),
                new ScalingApi(scaling.loop(), bodies, config.functions().namespace()),
                new InvocationHandler(
                    pools, errorAnswers, invoke, InstantSource.system(), NanoClock.SYSTEM),
                new StaticFiles(Platform.class.getClassLoader(), "dev/barista/portal"),
                new RegistryApi(repositories),
                new ImagePrune(repositories)),
            RegistryErrors.errorMapper(errors),
            metrics.requests());
    address.bound(server.port());
    started.add("the listener", () -> Listeners.drain(server, config.drainTimeout()));

    started.add("the streams of logs", logs);

    ReadyWatch ready = new ReadyWatch();
    provider.start(EventFan.of(pools, scaling::onEvent, ready));
    scaling.run();
    started.add("the autoscaler", scaling::stop);
    gate.open();
    started.add(
        "gateway.json",
        GatewayFile.write(
            config.data(), address.url(), Optional.of(config.admin().secrets()), environment));

    images.open(repositories);
    started.add("the cleaning of images", ImageCleaner.start(repositories));

    announce.accept("Isolation: " + provider.isolation());
    provider.warnings().forEach(warning -> announce.accept("Warning: " + warning));
    config
        .functions()
        .cacheExpiry()
        .ifPresent(
            _ ->
                announce.accept(
                    "Warning: scale-from-zero-cache-expiry (cache_expiry) has no effect: replicas"
                        + " are told when they are ready, so nothing is cached"));
    announce.accept("Metrics on " + address.url(metricsServer.port()) + "/metrics");
    admin.hint().ifPresent(announce);
    if (config.with().isPresent()) {
      new StackStart(
              provider,
              ready,
              store,
              interpreters,
              provider.cgroups(),
              config.functions(),
              announce)
          .run(config.with().get(), environment);
    }
    announce.accept("Barista ready on " + address.url() + " in " + JvmUptime.millis() + " ms");
  }

  private ImageStore images() {
    try {
      return ImageStore.open(config.data());
    } catch (IOException e) {
      throw new ServeException(
          "the image store in "
              + config.data()
              + " can't be used ("
              + FileFault.reason(config.data(), e)
              + "): mend the folder",
          e);
    }
  }

  private Repositories repositories(ImageStore store, ProcessProvider provider) {
    ServeConfig.Images images = config.images();
    try {
      return store.repositories(
          new RepositoryLimits(
              images.maxBlobBytes(),
              images.maxUploads(),
              images.uploadTimeout(),
              images.maxBytes()),
          provider::imagesInUse);
    } catch (IOException e) {
      throw new ServeException(
          "unfinished uploads in "
              + store.folder()
              + " can't be read ("
              + FileFault.reason(store.folder(), e)
              + "): mend the folder",
          e);
    }
  }

  private ProcessProvider provider(StateDatabase state, Images images, Listeners.Address address) {
    try {
      return ProcessProvider.open(
          Replicas.config(config, address::local), state.functions(), state.secrets(), images);
    } catch (IOException e) {
      throw new ServeException(
          "replicas can't run in "
              + config.data()
              + " ("
              + FileFault.reason(config.data(), e)
              + "): mend the folder, or choose"
              + " another with --data",
          e);
    }
  }

  private InvokeConfig invokeConfig() {
    ServeConfig.Functions functions = config.functions();
    return new InvokeConfig(
        functions.namespace(),
        functions.upstreamTimeout(),
        functions.holdLimit(),
        functions.scaleFromZero(),
        functions.maxHeldCalls(),
        functions.maxIdle(),
        functions.maxIdlePerReplica(),
        Version.text());
  }
}
