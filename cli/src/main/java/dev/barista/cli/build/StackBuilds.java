package dev.barista.cli.build;

import static java.util.Objects.requireNonNull;

import dev.barista.api.FaasException;
import dev.barista.cli.stack.StackFunction;
import dev.barista.image.BuiltImage;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Builds functions by some workers, as {@code barista build}, {@code up} and {@code serve --with}
 * do. A function that can't be built doesn't keep the others from being built. Workers are platform
 * threads, since a build waits for the pipes of other programs. For one run.
 */
public final class StackBuilds {

  /** What became of one function. */
  public sealed interface Outcome {

    /**
     * @param changed whether it is another image than the one of that name before
     */
    record Built(BuiltImage image, boolean changed) implements Outcome {}

    /**
     * There was nothing to build.
     *
     * @param reason such as {@code skip_build is set}
     */
    record Skipped(String reason) implements Outcome {}

    /**
     * @param sentence for the user
     */
    record Failed(String sentence) implements Outcome {}
  }

  /** What became of which function. */
  public record Result(StackFunction function, Outcome outcome) {}

  /** Hears what happens, on the workers' threads. */
  public interface Listener {

    void started(int worker, StackFunction function);

    /** A step, or a line of a tool. */
    void progress(StackFunction function, String line);

    void ended(int worker, StackFunction function, Outcome outcome, Duration time);
  }

  private final StackBuilder builder;
  private final boolean reuse;
  private final Listener listener;

  // Mutable state; both are guarded by waiting
  private final Queue<StackFunction> waiting = new ArrayDeque<>();
  private final Map<String, Outcome> outcomes = new HashMap<>();
  private volatile @Nullable Throwable bug;

  /**
   * @param reuse whether layers of earlier builds may be taken
   */
  public StackBuilds(StackBuilder builder, boolean reuse, Listener listener) {
    this.builder = builder;
    this.reuse = reuse;
    this.listener = listener;
  }

  /** Blocks until all are done; the results in the order of the functions. */
  public List<Result> run(List<StackFunction> functions, int workers) throws InterruptedException {
    waiting.addAll(functions);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < Math.min(workers, functions.size()); i++) {
      int worker = i;
      threads.add(Thread.ofPlatform().daemon().name("build-" + worker).start(() -> work(worker)));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    Throwable unexpected = bug;
    if (unexpected != null) {
      throw new IllegalStateException("a build ended as nobody expected", unexpected);
    }
    synchronized (waiting) {
      return functions.stream()
          .map(function -> new Result(function, requireNonNull(outcomes.get(function.name()))))
          .toList();
    }
  }

  private void work(int worker) {
    try {
      buildAll(worker);
    } catch (RuntimeException | Error e) {
      bug = e;
    }
  }

  private void buildAll(int worker) {
    for (StackFunction next = next(); next != null; next = next()) {
      long start = System.nanoTime();
      listener.started(worker, next);
      Outcome outcome = build(next);
      listener.ended(worker, next, outcome, Duration.ofNanos(System.nanoTime() - start));
      synchronized (waiting) {
        outcomes.put(next.name(), outcome);
      }
    }
  }

  private @Nullable StackFunction next() {
    synchronized (waiting) {
      return waiting.poll();
    }
  }

  private Outcome build(StackFunction function) {
    if (!function.buildable()) {
      return new Outcome.Skipped(
          function.skipBuild() ? "skip_build is set" : "it has no lang and handler");
    }
    try {
      return builder.build(function, reuse, line -> listener.progress(function, line));
    } catch (FaasException e) {
      return new Outcome.Failed(e.getMessage());
    } catch (IOException e) {
      return new Outcome.Failed("it can't be built (" + e + ")");
    }
  }
}
