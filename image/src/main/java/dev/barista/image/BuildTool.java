package dev.barista.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.barista.api.ErrorCode;
import dev.barista.api.FaasException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Runs a language's tools for one build, with nothing of the platform's environment, a cap on time
 * and on what they write. Their processes are gone when {@link #run} returns.
 *
 * <p>INVARIANT: the platform writes into a step's folder before its first tool runs and never
 * after, since a tool may have put a link there that leads anywhere; and it reads there without
 * following any.
 */
final class BuildTool {

  /** Caps of one tool run. */
  record Caps(Duration time, long bytes) {
    static final Caps DEFAULT = new Caps(Duration.ofMinutes(10), 4L << 30);
  }

  private static final Duration LOOK = Duration.ofMillis(500);
  private static final int LONGEST_LINE = 1000;
  private static final int REMEMBERED_LINES = 15;
  private static final String HOME = ".home";
  private static final String TEMPORARY = ".tmp";

  private final BuildSandbox sandbox;
  private final Path work;
  private final Optional<BuildUser> user;
  private final List<Path> shown;
  private final BuildListener listener;
  private final Caps caps;

  // Mutable state
  private boolean warned;

  /**
   * @param work folder of the build, which is the platform's
   * @param user whom the tools run as
   * @param shown files and folders that every tool may read, wherever they are
   */
  BuildTool(
      BuildSandbox sandbox,
      Path work,
      Optional<BuildUser> user,
      List<Path> shown,
      BuildListener listener,
      Caps caps)
      throws IOException {
    this.sandbox = sandbox;
    this.work = work;
    this.user = user;
    this.shown = List.copyOf(shown);
    this.listener = listener;
    this.caps = caps;
    // The tools' user passes through to its steps, whose names it gets told.
    Files.setPosixFilePermissions(work, PosixFilePermissions.fromString("rwx--x--x"));
  }

  /**
   * How a run ended.
   *
   * @param notedLines the first ones of those that the run wanted to have noted
   */
  record Result(int status, List<String> lastLines, List<String> notedLines) {
    boolean succeeded() {
      return status == 0;
    }
  }

  /** A new, empty folder for the tools of one step. */
  Path newStep() throws IOException {
    Path step = Files.createTempDirectory(work, "step");
    // Root without capabilities goes there before it becomes the tools' user.
    Files.setPosixFilePermissions(step, PosixFilePermissions.fromString("rwx--x--x"));
    Files.createDirectory(step.resolve(HOME));
    Files.createDirectory(step.resolve(TEMPORARY));
    return step;
  }

  /** The tools' home folder in a step. */
  static Path home(Path step) {
    return step.resolve(HOME);
  }

  /**
   * Runs to the end.
   *
   * @throws FaasException when it runs too long or writes too much
   */
  Result run(ToolRun run) throws IOException {
    warn(run);
    handOver(run);
    List<String> command = new ArrayList<>();
    command.add(run.interpreter().executable().toString());
    command.addAll(run.arguments());
    List<Path> visible = new ArrayList<>(run.interpreter().folders());
    visible.addAll(shown);
    visible.addAll(run.readable());
    var view = new BuildView(run.step(), visible, run.writable(), user);
    var builder = new ProcessBuilder(sandbox.wrap(command, view)).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().put("HOME", home(run.step()).toString());
    builder.environment().put("TMPDIR", run.step().resolve(TEMPORARY).toString());
    builder.environment().putAll(run.environment());
    builder.directory(run.step().toFile());
    return follow(builder.start(), run);
  }

  private Result follow(Process process, ToolRun run) throws IOException {
    process.getOutputStream().close();
    Deque<String> lastLines = new ArrayDeque<>();
    List<String> noted = new ArrayList<>();
    // A platform thread: many virtual threads in reads of pipes would stop all the others.
    Thread reader =
        Thread.ofPlatform()
            .daemon()
            .name("build-output")
            .start(() -> listen(process, run, lastLines, noted));
    try {
      int status = await(process, run);
      reader.join(LOOK.toMillis() * 4);
      synchronized (lastLines) {
        return new Result(status, new ArrayList<>(lastLines), List.copyOf(noted));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while a build tool ran", e);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      endAll();
    }
  }

  private void endAll() throws IOException {
    try {
      if (user.isPresent()) {
        sandbox.endAll(user.get());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void warn(ToolRun run) {
    if (!run.told() || warned) {
      return;
    }
    warned = true;
    switch (sandbox.walls()) {
      case SANDBOX -> {}
      case USER ->
          listener.progress(
              "build tools run without a sandbox as user "
                  + user.map(BuildUser::id).orElseThrow()
                  + ", since bubblewrap isn't installed or may not run here");
      case NONE ->
          listener.progress(
              "build tools run without a sandbox and may do what you may do, since bubblewrap isn't"
                  + " installed or may not run here");
    }
  }

  private void handOver(ToolRun run) throws IOException {
    if (user.isPresent()) {
      user.get().own(run.step());
      for (Path path : run.readable()) {
        if (path.startsWith(work)) {
          user.get().own(path);
        }
      }
      for (Path folder : run.writable()) {
        user.get().own(folder);
      }
    }
  }

  private int await(Process process, ToolRun run) throws IOException, InterruptedException {
    String name = run.interpreter().command();
    long start = System.nanoTime();
    while (!process.waitFor(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
      if (System.nanoTime() - start > caps.time().toNanos()) {
        throw refused(name + " took longer than " + caps.time().toMinutes() + " minutes");
      }
      checkSize(run);
    }
    checkSize(run);
    return process.exitValue();
  }

  private void checkSize(ToolRun run) throws IOException {
    long size = Folders.diskUse(work);
    for (Path folder : run.writable()) {
      size += Folders.diskUse(folder);
    }
    if (size > caps.bytes()) {
      throw refused(
          run.interpreter().command() + " wrote more than " + (caps.bytes() >> 20) + " MiB");
    }
  }

  /** Both collections are guarded by the first. */
  private void listen(Process process, ToolRun run, Deque<String> lastLines, List<String> noted) {
    try (var in = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      for (String line = readLine(in); !line.isEmpty(); line = readLine(in)) {
        String text = line.stripTrailing();
        synchronized (lastLines) {
          lastLines.addLast(text);
          if (lastLines.size() > REMEMBERED_LINES) {
            lastLines.removeFirst();
          }
          if (noted.size() < REMEMBERED_LINES && run.notes(text)) {
            noted.add(text);
          }
        }
        if (run.told() && !text.isEmpty()) {
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
