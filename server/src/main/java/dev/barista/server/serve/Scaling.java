package dev.barista.server.serve;

import dev.barista.api.FaasException;
import dev.barista.api.FunctionSpec;
import dev.barista.autoscaler.FunctionLoads;
import dev.barista.autoscaler.ScalingConfig;
import dev.barista.autoscaler.ScalingLoop;
import dev.barista.autoscaler.ScalingPorts;
import dev.barista.autoscaler.policy.ScalingPolicy;
import dev.barista.provider.spi.FunctionProvider;
import dev.barista.provider.spi.ProviderEvent;
import dev.barista.server.config.ServeConfig;
import java.time.InstantSource;

/** The autoscaler on the provider and the data plane, with the thread that it runs on. */
final class Scaling {

  private static final System.Logger LOG = System.getLogger(Scaling.class.getName());

  private final ServeConfig config;
  private final ScalingLoop loop;
  private final ReplicaCpu cpu;
  private final Thread thread;

  private Scaling(ServeConfig config, ScalingLoop loop, ReplicaCpu cpu) {
    this.config = config;
    this.loop = loop;
    this.cpu = cpu;
    this.thread =
        Thread.ofPlatform()
            .daemon()
            .name("autoscaler")
            .uncaughtExceptionHandler(Scaling::died)
            .unstarted(loop::run);
  }

  /** Nothing is looked at before {@link #run}. */
  static Scaling of(ServeConfig config, FunctionProvider provider, FunctionLoads loads) {
    ReplicaCpu cpu = new ReplicaCpu(provider);
    // There are no asynchronous calls yet, so none waits.
    ScalingPorts ports = new ScalingPorts(loads, provider::scale, cpu, _ -> 0);
    return new Scaling(
        config,
        new ScalingLoop(
            new ScalingConfig(
                config.scaling().alerts(),
                config.scaling().knative(),
                config.functions().maxReplicas()),
            ports,
            InstantSource.system(),
            task ->
                Thread.ofVirtual()
                    .name("scale")
                    .uncaughtExceptionHandler(Scaling::died)
                    .start(task)),
        cpu);
  }

  /** Replicas that a call wakes a function with; one where its labels are not understood. */
  int firstReplicas(FunctionSpec spec) {
    try {
      return ScalingPolicy.of(spec, config.scaling().knative(), config.functions().maxReplicas())
          .firstReplicas();
    } catch (FaasException e) {
      return 1; // the loop has told it
    }
  }

  private static void died(Thread thread, Throwable cause) {
    LOG.log(System.Logger.Level.ERROR, thread.getName() + " died", cause);
  }

  ScalingLoop loop() {
    return loop;
  }

  void run() {
    thread.start();
  }

  /** Takes what the provider tells; the data plane has been told before. */
  void onEvent(ProviderEvent event) {
    switch (event) {
      case ProviderEvent.FunctionChanged changed ->
          loop.changed(changed.spec(), changed.desiredReplicas());
      case ProviderEvent.FunctionDeleted deleted -> {
        loop.deleted(deleted.function());
        cpu.forget(deleted.function());
      }
      default -> {
        // Replicas that come and go are counted by the data plane.
      }
    }
  }

  /** Ends the thread; a change that is on its way goes on. */
  void stop() throws InterruptedException {
    thread.interrupt();
    thread.join();
  }
}
