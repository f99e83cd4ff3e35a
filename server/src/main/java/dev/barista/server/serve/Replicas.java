package dev.barista.server.serve;

import dev.barista.cli.Version;
import dev.barista.provider.process.Confinement;
import dev.barista.provider.process.NodeCapacity;
import dev.barista.provider.process.Patience;
import dev.barista.provider.process.ProcessProviderConfig;
import dev.barista.provider.process.WatchdogLauncher;
import dev.barista.provider.process.log.LogLimits;
import dev.barista.provider.process.sandbox.ProcessLimits;
import dev.barista.server.config.CgroupMode;
import dev.barista.server.config.ServeConfig;
import dev.barista.server.launch.Distribution;
import dev.barista.watchdog.WatchdogLaunch;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The process provider's settings, from those of {@code serve}. */
final class Replicas {

  private Replicas() {}

  static ProcessProviderConfig config(ServeConfig config, Supplier<String> gatewayUrl)
      throws IOException {
    ServeConfig.Replicas replicas = config.replicas();
    NodeCapacity host = NodeCapacity.ofHost();
    return new ProcessProviderConfig(
        config.data(),
        new Confinement(
            replicas.isolation(),
            replicas.cgroups() != CgroupMode.NONE,
            new ProcessLimits(
                replicas.maxOpenFiles(), replicas.maxFileBytes(), replicas.maxTmpBytes()),
            replicas.maxProcesses(),
            Math.max(Confinement.DEFAULT_PROCESSES_TOGETHER, replicas.maxProcesses())),
        new NodeCapacity(
            replicas.nodeCpuMillis().isPresent()
                ? replicas.nodeCpuMillis().getAsInt()
                : host.cpuMillis(),
            replicas.nodeMemoryBytes().orElse(host.memoryBytes())),
        new LogLimits(
            replicas.logs().replicaBytes(), replicas.logs().functionBytes(), replicas.logs().age()),
        new Patience(
            config.functions().startTimeout(),
            config.functions().upstreamTimeout(),
            replicas.stopTimeout()),
        watchdog(),
        gatewayUrl,
        replicas.standbySandboxes(),
        Version.text(),
        BuildInfo.version().sha());
  }

  /** Out of the distribution; from folders of classes, as in tests, with the whole class path. */
  private static WatchdogLauncher watchdog() throws IOException {
    Optional<Distribution> distribution = Distribution.current();
    return new WatchdogLauncher(
        Distribution.javaExecutable(),
        Path.of(System.getProperty("java.home")),
        distribution.isPresent() ? distribution.get().watchdogClassPath() : ownClassPath(),
        watchdogFlags(),
        distribution.flatMap(Distribution::watchdogCache));
  }

  private static List<Path> ownClassPath() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(Path::of)
        .map(Path::toAbsolutePath)
        .toList();
  }

  /** The provider puts the class path itself, so only what stands before it is taken. */
  private static List<String> watchdogFlags() {
    List<String> arguments = WatchdogLaunch.arguments("", Optional.empty());
    return arguments.subList(0, arguments.indexOf("-cp"));
  }
}
