package dev.barista.image;

import static java.util.Objects.requireNonNull;

import dev.barista.cgroup.CgroupException;
import dev.barista.cgroup.CgroupFinder;
import dev.barista.cgroup.Cgroups;
import dev.barista.cgroup.Cgroups.Bound;
import dev.barista.cgroup.GroupLimits;
import dev.barista.cgroup.ProcessGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Caps on memory and processes of builds, kept by control groups where this process may make some.
 * Groups are looked for when the first build begins. Safe for several threads.
 */
public final class BuildGroups implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(BuildGroups.class.getName());

  /** Processes and threads of one build. */
  private static final int MOST_PROCESSES = 2048;

  /** Of all builds of this process. */
  private static final int MOST_TOGETHER = 16 * MOST_PROCESSES;

  private final BuildLimits limits;
  private final Supplier<Cgroups> opening;
  private final Closing closing;

  // Mutable state, guarded by this
  private @Nullable Cgroups cgroups;
  private int made;

  private BuildGroups(BuildLimits limits, Supplier<Cgroups> opening, Closing closing) {
    this.limits = requireNonNull(limits, "limits");
    this.opening = opening;
    this.closing = closing;
  }

  /** Groups of this process's own, gone when this is closed. */
  public static BuildGroups own(ImageStore store, BuildLimits limits) {
    Path notes = store.folder().resolve("groups");
    Path note = notes.resolve(Long.toString(ProcessHandle.current().pid()));
    return new BuildGroups(
        limits,
        () -> open(notes, note, limits),
        cgroups -> {
          cgroups.close();
          forget(note);
        });
  }

  /** Groups among those of a running platform, which closes them. */
  public static BuildGroups among(Cgroups cgroups, BuildLimits limits) {
    return new BuildGroups(limits, () -> cgroups, _ -> {});
  }

  BuildLimits limits() {
    return limits;
  }

  /**
   * Looks for groups. To be called before this process starts any other: where cgroup v2 is
   * delegated, it can leave its own group only while it is alone in it.
   */
  synchronized void open() {
    cgroups();
  }

  /** What becomes of the groups' parent. */
  @FunctionalInterface
  private interface Closing {
    void close(Cgroups cgroups);
  }

  /** For one build; to be closed by it. Holds nobody where no group can be made. */
  synchronized ProcessGroup create() {
    // No function's name begins with a dot, so no replica's group has this name.
    String name = ".build-" + ProcessHandle.current().pid() + "-" + ++made;
    var bounds =
        new GroupLimits(
            OptionalLong.of(limits.memoryBytes()), OptionalLong.empty(), MOST_PROCESSES);
    try {
      return cgroups().create(name, bounds);
    } catch (CgroupException e) {
      cgroups = Cgroups.none("no control group can be made (" + e + ")");
      return cgroups.create(name, bounds);
    }
  }

  /** Why memory isn't capped; empty if it is. */
  synchronized Optional<String> gap() {
    return cgroups().enforced().contains(Bound.MEMORY)
        ? Optional.empty()
        : Optional.of(cgroups().description());
  }

  private Cgroups cgroups() {
    if (cgroups == null) {
      cgroups = opening.get();
    }
    return cgroups;
  }

  private static Cgroups open(Path notes, Path note, BuildLimits limits) {
    try {
      sweep(Files.createDirectories(notes));
      return new CgroupFinder(note)
          .open(
              "barista-builds-" + Folders.name(note),
              new GroupLimits(
                  OptionalLong.of(limits.memoryBytes()), OptionalLong.empty(), MOST_TOGETHER));
    } catch (IOException | CgroupException e) {
      return Cgroups.none("no control group can be made (" + e + ")");
    }
  }

  /**
   * Each process notes in a file of its number where its groups are; one that was killed left it.
   */
  private static void sweep(Path notes) throws IOException {
    try (Stream<Path> files = Files.list(notes)) {
      for (Path file : files.toList()) {
        if (isLeft(Folders.name(file))) {
          CgroupFinder.endNoted(file);
          forget(file);
        }
      }
    }
  }

  /** Whether it is the number of a process that is gone, and no foreign file. */
  private static boolean isLeft(String name) {
    return name.matches("[0-9]{1,10}") && ProcessHandle.of(Long.parseLong(name)).isEmpty();
  }

  private static void forget(Path note) {
    try {
      Files.deleteIfExists(note);
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "can't delete " + note, e);
    }
  }

  @Override
  public synchronized void close() {
    if (cgroups != null) {
      closing.close(cgroups);
      cgroups = Cgroups.none("closed");
    }
  }
}
