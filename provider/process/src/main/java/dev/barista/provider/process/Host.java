package dev.barista.provider.process;

import dev.barista.api.ErrorCode;
import dev.barista.api.FaasException;
import dev.barista.cgroup.CgroupFinder;
import dev.barista.cgroup.Cgroups;
import dev.barista.cgroup.GroupLimits;
import dev.barista.provider.process.log.LogFolder;
import dev.barista.provider.process.sandbox.Jail;
import dev.barista.provider.process.sandbox.JailFinder;
import dev.barista.provider.process.sandbox.ReplicaFolders;
import dev.barista.provider.process.sandbox.Tools;
import dev.barista.spawn.ErrnoException;
import dev.barista.spawn.FolderWatch;
import dev.barista.spawn.OutputPump;
import dev.barista.spawn.Spawner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * What this host gives to replicas, found out once: isolation, cgroups, folders. Owns the threads
 * that start processes and carry their output.
 *
 * @param folderWatch tells of new files, where the kernel gives this user one
 * @param ownUsers whether a replica runs as the user of its function
 * @param runFolder holds a folder for each run
 * @param secretFolder holds a folder for each run that has secrets
 * @param escapees ends what leaves a replica's session, where nothing else does
 */
record Host(
    Spawner spawner,
    OutputPump pump,
    Optional<FolderWatch> folderWatch,
    Jail jail,
    String isolationNote,
    boolean ownUsers,
    Cgroups cgroups,
    Path runFolder,
    Path secretFolder,
    LogFolder logs,
    Users users,
    Optional<Escapees> escapees)
    implements AutoCloseable {

  /** A socket's path has 107 bytes; a run needs about 20 of them. */
  private static final int LONGEST_RUN_FOLDER = 80;

  /**
   * Ends and removes what an earlier run left. Blocks, so not for a virtual thread.
   *
   * @throws FaasException {@code NOT_SUPPORTED} if the isolation asked for doesn't work here
   */
  static Host open(ProcessProviderConfig config) throws IOException {
    Path data = config.dataFolder().toRealPath();
    int id = data.toString().hashCode();
    String name = "barista-" + Integer.toHexString(id);
    boolean root = isRoot(data);
    Path runs = runFolder(data, name);
    Cgroups cgroups = cgroups(config, data, name);
    removeLeftRuns(runs);
    Users users = new Users(id);
    Spawner spawner = Spawner.start("replica-spawner");
    OutputPump pump = OutputPump.start("replica-output", OutputPump.Budget.DEFAULT);
    try {
      JailFinder finder =
          new JailFinder(
              Tools.find(),
              root,
              spawner,
              runs,
              data.resolve("sandbox"),
              () -> letOthersPass(data));
      return switch (finder.find(config.confinement().isolation(), users.spare())) {
        case JailFinder.Found.Works(Jail jail, String note) ->
            new Host(
                spawner,
                pump,
                folderWatch(pump),
                jail,
                note,
                switch (jail.level()) {
                  case SANDBOX, USER -> root;
                  case NONE -> false;
                },
                cgroups,
                runs,
                SecretFiles.open(name, runs),
                new LogFolder(
                    ownFolder(data.resolve("logs")), config.logs(), InstantSource.system()),
                users,
                escapees(data, new Escapees(name), jail, cgroups, users));
        case JailFinder.Found.Refused(String reason) ->
            throw new FaasException(
                ErrorCode.NOT_SUPPORTED, "provider", reason, "--isolation", null);
      };
    } catch (FaasException e) {
      spawner.close();
      pump.close();
      cgroups.close();
      throw e;
    }
  }

  /** Without one, new sockets are looked for again and again. */
  private static Optional<FolderWatch> folderWatch(OutputPump pump) {
    try {
      return Optional.of(pump.watchFolders());
    } catch (ErrnoException e) {
      System.getLogger(Host.class.getName())
          .log(System.Logger.Level.DEBUG, () -> "starts are noticed a little later: " + e);
      return Optional.empty();
    }
  }

  private static Cgroups cgroups(ProcessProviderConfig config, Path data, String name) {
    CgroupFinder finder = new CgroupFinder(data.resolve("cgroups"));
    return config.confinement().cgroups()
        ? finder.open(
            name,
            new GroupLimits(
                OptionalLong.of(config.capacity().memoryBytes()),
                OptionalLong.empty(),
                config.confinement().processesTogether()))
        : finder.none(name, "cgroups are turned off: limits are not enforced");
  }

  /**
   * Ends what an earlier start left where nothing held it together.
   *
   * @return what is to do the same for this start, if nothing else does
   */
  private static Optional<Escapees> escapees(
      Path data, Escapees escapees, Jail jail, Cgroups cgroups, Users users) throws IOException {
    Path memo = data.resolve("escapees");
    if (Files.exists(memo)) {
      escapees.endAll();
      escapees.endUsers(users::isOfFunction);
    }
    boolean held =
        switch (jail.level()) {
          case SANDBOX -> true;
          case USER, NONE -> !cgroups.enforced().isEmpty();
        };
    if (held) {
      Files.deleteIfExists(memo);
      return Optional.empty();
    }
    Files.writeString(memo, "replicas of this folder may have left processes behind\n");
    return Optional.of(escapees);
  }

  private static boolean isRoot(Path folder) throws IOException {
    Path probe = Files.createTempFile(folder, "owner", null);
    try {
      return Files.getAttribute(probe, "unix:uid").equals(0);
    } finally {
      Files.delete(probe);
    }
  }

  /** In the data folder, or in the system's where that path is too long for a socket. */
  private static Path runFolder(Path data, String name) throws IOException {
    Path folder = data.resolve("run");
    if (folder.toString().length() > LONGEST_RUN_FOLDER) {
      folder = Path.of(System.getProperty("java.io.tmpdir"), name);
    }
    Files.createDirectories(folder);
    if (!Files.getOwner(folder).equals(Files.getOwner(data))) {
      throw new IOException(folder + " belongs to another user (expected: to this one)");
    }
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
    return folder;
  }

  /** At level user others pass through the data folder, and what replicas write is not theirs. */
  private static Path ownFolder(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    return folder;
  }

  private static void removeLeftRuns(Path runs) throws IOException {
    try (Stream<Path> left = Files.list(runs)) {
      left.forEach(ReplicaFolders::removeTree);
    }
  }

  /**
   * At level user, functions reach their files below the data folder, as users of their own; they
   * may pass through it, not list it.
   */
  private static void letOthersPass(Path data) throws IOException {
    Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx--x--x"));
  }

  /** Ends what is left in the cgroups and the threads. */
  @Override
  public void close() {
    logs.close();
    cgroups.close();
    pump.close();
    spawner.close();
    ReplicaFolders.removeTree(secretFolder);
  }
}
