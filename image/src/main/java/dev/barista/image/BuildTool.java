package dev.barista.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.barista.api.FaasException;
import dev.barista.cgroup.ProcessGroup;
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
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs a language's tools for one build, with nothing of the platform's environment, caps on time,
 * on what they write, and on memory where control groups can be made. Their processes are gone when
 * {@link #run} returns, at the lowest walls when this is closed.
 *
 * <p>INVARIANT: the platform writes into a step's folder before its first tool runs and never
 * after, since a tool may have put a link there that leads anywhere; and it reads there without
 * following any.
 */
final class BuildTool implements AutoCloseable {

  /** Caps of one tool run. */
  record Caps(Duration time, long bytes) {
    static final Caps DEFAULT = new Caps(BuildLimits.TIME, 4L << 30);
  }

  private static final Duration LOOK = Duration.ofMillis(500);
  private static final int LONGEST_LINE = 1000;
  private static final int REMEMBERED_LINES = 15;
  private static final String HOME = ".home";
  private static final String TEMPORARY = ".tmp";

  private final BuildSandbox sandbox;
  private final BuildGroups groups;
  private final Path work;
  private final Optional<BuildUser> user;
  private final List<Path> shown;
  private final BuildListener listener;
  private final Caps caps;

  // Mutable state
  private boolean warned;
  private @Nullable ProcessGroup group;

  /**
   * @param work folder of the build, which is the platform's
   * @param user whom the tools run as
   * @param shown files and folders that every tool may read, wherever they are
   */
  BuildTool(
      BuildSandbox sandbox,
      BuildGroups groups,
      Path work,
      Optional<BuildUser> user,
      List<Path> shown,
      BuildListener listener,
      Caps caps)
      throws IOException {
    this.sandbox = sandbox;
    this.groups = groups;
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
   * @throws FaasException when it runs too long, writes too much or wants too much memory
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
    ProcessGroup group = group();
    var builder =
        new ProcessBuilder(sandbox.wrap(command, view, group.joinFiles()))
            .redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().put("HOME", home(run.step()).toString());
    builder.environment().put("TMPDIR", run.step().resolve(TEMPORARY).toString());
    builder.environment().putAll(run.environment());
    builder.directory(run.step().toFile());
    long killed = group.oomKills();
    Result result = follow(builder.start(), run);
    if (!result.succeeded() && group.oomKills() > killed) {
      throw ended(
          run.interpreter().command()
              + " used more memory than builds may have ("
              + groups.limits().memoryText()
              + "): raise --build-memory (BARISTA_BUILD_MEMORY)");
    }
    return result;
  }

  /** Made when the first tool runs: most builds of unchanged functions run none. */
  private ProcessGroup group() {
    if (group == null) {
      group = groups.create();
    }
    return group;
  }

  @Override
  public void close() {
    if (group != null) {
      group.close();
    }
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
    groups
        .gap()
        .ifPresent(reason -> listener.progress("build tools have no bound on memory: " + reason));
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
        throw ended(
            name
                + " took longer than "
                + caps.time().toString().substring(2).toLowerCase(Locale.ROOT)
                + ": raise --build-timeout (BARISTA_BUILD_TIMEOUT)");
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
      throw ended(
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

  private static FaasException ended(String sentence) {
    return BuildRefusal.refused("build ended: " + sentence);
  }
}
