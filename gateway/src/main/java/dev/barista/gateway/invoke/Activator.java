package dev.barista.gateway.invoke;

import dev.barista.api.ErrorCode;
import dev.barista.api.FaasException;
import dev.barista.api.FunctionSpec;
import dev.barista.api.ScaleBounds;
import dev.barista.provider.spi.FunctionProvider;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;

/**
 * Wakes functions that are at zero: asks the provider for the least number of replicas. A provider
 * may block, so whatever it is asked runs on a virtual thread.
 */
final class Activator implements ScaleUp {

  private static final System.Logger LOG = System.getLogger(Activator.class.getName());
  private static final ThreadFactory THREADS =
      Thread.ofVirtual()
          .name("provider-call-", 0)
          .uncaughtExceptionHandler(
              (thread, cause) ->
                  LOG.log(System.Logger.Level.ERROR, thread.getName() + " died", cause))
          .factory();

  private final FunctionProvider provider;

  Activator(FunctionProvider provider) {
    this.provider = provider;
  }

  /** Runs code of the provider, which may block, on a virtual thread of its own. */
  Executor runner() {
    return task -> THREADS.newThread(task).start();
  }

  @Override
  public void start(FunctionSpec spec, Consumer<Optional<FaasException>> ended) {
    THREADS.newThread(() -> ended.accept(scale(spec))).start();
  }

  private Optional<FaasException> scale(FunctionSpec spec) {
    try {
      provider.scale(spec.name(), ScaleBounds.of(spec).min());
      return Optional.empty();
    } catch (FaasException e) {
      return Optional.of(e);
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "cannot scale up " + spec.name(), e);
      return Optional.of(
          new FaasException(
              ErrorCode.INTERNAL,
              "provider",
              "the provider failed to scale up " + spec.name(),
              null,
              e));
    }
  }
}
