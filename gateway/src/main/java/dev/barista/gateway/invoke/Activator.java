package dev.barista.gateway.invoke;

import dev.barista.api.ErrorCode;
import dev.barista.api.FaasException;
import dev.barista.api.FunctionSpec;
import dev.barista.provider.spi.FunctionProvider;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

/**
 * Wakes functions that are at zero: asks the provider for their first replicas. A provider may
 * block, so whatever it is asked runs on a virtual thread.
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
  private final Supplier<ToIntFunction<FunctionSpec>> firstReplicas;

  /**
   * @param firstReplicas says how many a function at zero gets
   */
  Activator(FunctionProvider provider, Supplier<ToIntFunction<FunctionSpec>> firstReplicas) {
    this.provider = provider;
    this.firstReplicas = firstReplicas;
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
      provider.wake(spec.name(), Math.max(1, firstReplicas.get().applyAsInt(spec)));
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
