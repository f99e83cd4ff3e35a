package dev.barista.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.barista.api.ErrorCode;
import dev.barista.api.FaasException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs a language's tool in the build's working folder, with nothing of the platform's environment,
 * a cap on time and on what it writes. Its processes are gone when {@link #run} returns.
 */
final class BuildTool {

  /** Caps of one tool run. */
  record Caps(Duration time, long bytes) {
    static final Caps DEFAULT = new Caps(Duration.ofMinutes(10), 4L << 30);
  }

  private static final Duration LOOK = Duration.ofMillis(500);
  private static final int LONGEST_LINE = 1000;
  private static final int REMEMBERED_LINES = 15;

  private final BuildSandbox sandbox;
  private final Path work;
  private final List<Path> shown;
  private final BuildListener listener;
  private final Caps caps;

  /**
   * @param shown files and folders that every tool may read, wherever they are
   */
  BuildTool(BuildSandbox sandbox, Path work, List<Path> shown, BuildListener listener, Caps caps) {
    this.sandbox = sandbox;
    this.work = work;
    this.shown = List.copyOf(shown);
    this.listener = listener;
    this.caps = caps;
  }

  /** How a run ended. */
  record Result(int status, List<String> lastLines) {
    boolean succeeded() {
      return status == 0;
    }
  }

  /**
   * Runs to the end.
   *
   * @param interpreter what runs the command, whose folders are shown to it
   * @param told whether each line of output goes to the listener
   * @throws FaasException when it runs too long or writes too much
   */
  Result run(
      Interpreter interpreter,
      List<String> arguments,
      Map<String, String> environment,
      boolean told)
      throws IOException {
    if (told && !sandbox.isWalled()) {
      listener.progress(
          interpreter.command()
              + " runs without a sandbox, since bubblewrap isn't installed or may not run here");
    }
    List<String> command = new ArrayList<>(List.of(interpreter.executable().toString()));
    command.addAll(arguments);
    List<Path> visible = new ArrayList<>(interpreter.folders());
    visible.addAll(shown);
    var builder =
        new ProcessBuilder(sandbox.wrap(command, visible, work)).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().putAll(environment);
    builder.directory(work.toFile());
    Process process = builder.start();
    process.getOutputStream().close();
    Deque<String> lastLines = new ArrayDeque<>();
    // A platform thread: many virtual threads in reads of pipes would stop all the others.
    Thread reader =
        Thread.ofPlatform()
            .daemon()
            .name("build-output")
            .start(() -> listen(process, told, lastLines));
    try {
      int status = await(process, interpreter.command());
      reader.join(LOOK.toMillis() * 4);
      synchronized (lastLines) {
        return new Result(status, new ArrayList<>(lastLines));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while a build tool ran", e);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private int await(Process process, String name) throws IOException, InterruptedException {
    long start = System.nanoTime();
    while (!process.waitFor(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
      if (System.nanoTime() - start > caps.time().toNanos()) {
        throw refused(name + " took longer than " + caps.time().toMinutes() + " minutes");
      }
      checkSize(name);
    }
    checkSize(name);
    return process.exitValue();
  }

  private void checkSize(String name) throws IOException {
    if (Folders.size(work) > caps.bytes()) {
      throw refused(name + " wrote more than " + (caps.bytes() >> 20) + " MiB");
    }
  }

  private void listen(Process process, boolean told, Deque<String> lastLines) {
    try (var in = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      for (String line = readLine(in); !line.isEmpty(); line = readLine(in)) {
        String text = line.stripTrailing();
        synchronized (lastLines) {
          lastLines.addLast(text);
          if (lastLines.size() > REMEMBERED_LINES) {
            lastLines.removeFirst();
          }
        }
        if (told && !text.isEmpty()) {
          listener.progress("  " + text);
        }
      }
    } catch (IOException e) {
      // The tool was ended; what it said until then has been told.
      return;
    }
  }

  /** A line with its end, cut if it is endless; empty at the end of output. */
  private static String readLine(BufferedReader in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c >= 0; c = in.read()) {
      if (line.length() < LONGEST_LINE || c == '\n') {
        line.append((char) c);
      }
      if (c == '\n') {
        break;
      }
    }
    return line.toString();
  }

  private static FaasException refused(String sentence) {
    return new FaasException(ErrorCode.BAD_REQUEST, "image", "build ended: " + sentence);
  }
}
