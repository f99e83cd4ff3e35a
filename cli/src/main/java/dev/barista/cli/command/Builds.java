package dev.barista.cli.command;

import dev.barista.api.FaasException;
import dev.barista.cli.ExitCode;
import dev.barista.cli.Terminal;
import dev.barista.cli.build.StackBuilder;
import dev.barista.cli.stack.StackFunction;
import dev.barista.image.BuildListener;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Builds several functions by some workers, telling what each does in faas-cli's words. Workers are
 * platform threads, since a build waits for the pipes of other programs.
 */
final class Builds {

  private static final double NANOS_PER_SECOND = 1e9;

  private final StackBuilder builder;
  private final PrintStream out;
  private final PrintStream err;
  private final boolean quiet;

  // Mutable state, of one run; the queue is guarded by itself
  private final Queue<StackFunction> waiting = new ArrayDeque<>();
  private final AtomicInteger failed = new AtomicInteger();

  Builds(StackBuilder builder, Terminal terminal, boolean quiet) {
    this.builder = builder;
    this.out = terminal.out();
    this.err = terminal.err();
    this.quiet = quiet;
  }

  /**
   * @return {@link ExitCode}: a function that can't be built doesn't keep the others from being
   *     built
   */
  int run(List<StackFunction> functions, int workers) {
    long start = System.nanoTime();
    waiting.addAll(functions);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < Math.min(workers, functions.size()); i++) {
      int worker = i;
      threads.add(Thread.ofPlatform().name("build-" + worker).start(() -> work(worker)));
    }
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        throw new IllegalStateException("interrupted while building", e);
      }
    }
    out.println();
    out.println("Total build time: " + seconds(start));
    return failed.get() == 0 ? ExitCode.OK : ExitCode.FAILED;
  }

  private void work(int worker) {
    for (StackFunction next = next(); next != null; next = next()) {
      try {
        build(worker, next);
      } catch (FaasException | IOException e) {
        failed.incrementAndGet();
        err.println("[" + worker + "] < Building " + next.name() + " failed: " + e.getMessage());
      }
    }
    out.println("[" + worker + "] Worker done.");
  }

  private @Nullable StackFunction next() {
    synchronized (waiting) {
      return waiting.poll();
    }
  }

  private void build(int worker, StackFunction function) throws IOException {
    long start = System.nanoTime();
    out.println("[" + worker + "] > Building " + function.name() + ".");
    if (!function.buildable()) {
      String reason = function.skipBuild() ? "skip_build is set" : "it has no lang and handler";
      out.println("[" + worker + "] < Skipping " + function.name() + ": " + reason + ".");
      return;
    }
    out.println(
        "Building: "
            + function.image()
            + " with "
            + function.language().orElseThrow()
            + " template. Please wait..");
    BuildListener listener = quiet ? _ -> {} : line -> out.println("  " + line);
    builder.build(function, listener);
    out.println("Image: " + function.image() + " built.");
    out.println(
        "[" + worker + "] < Building " + function.name() + " done in " + seconds(start) + ".");
  }

  private static String seconds(long startNanos) {
    double seconds = (System.nanoTime() - startNanos) / NANOS_PER_SECOND;
    return String.format(Locale.ROOT, "%.2fs", seconds);
  }
}
