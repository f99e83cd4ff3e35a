package dev.barista.server.config;

import static java.util.Objects.requireNonNull;

import dev.barista.autoscaler.AlertMode;
import dev.barista.autoscaler.policy.KnativeDefaults;
import dev.barista.gateway.invoke.HoldLimit;
import dev.barista.http.HttpServerConfig;
import dev.barista.image.BuildLimits;
import dev.barista.provider.process.sandbox.IsolationRequest;
import dev.barista.server.log.LogFormat;
import dev.barista.server.log.LogLevel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What {@code serve} was told, checked: one record for each component.
 *
 * @param data data folder, absolute
 * @param listener of the gateway
 * @param metricsListener of {@code /metrics}
 * @param with stack file to build and deploy at the start
 */
public record ServeConfig(
    Path data,
    HttpServerConfig listener,
    HttpServerConfig metricsListener,
    Admin admin,
    Functions functions,
    Scaling scaling,
    Images images,
    Replicas replicas,
    Optional<With> with,
    Duration drainTimeout,
    Log log) {

  public ServeConfig {
    requireNonNull(data, "data");
    requireNonNull(listener, "listener");
    requireNonNull(metricsListener, "metricsListener");
    requireNonNull(admin, "admin");
    requireNonNull(functions, "functions");
    requireNonNull(scaling, "scaling");
    requireNonNull(images, "images");
    requireNonNull(replicas, "replicas");
    requireNonNull(with, "with");
    requireNonNull(drainTimeout, "drainTimeout");
    requireNonNull(log, "log");
  }

  /**
   * Who may administer.
   *
   * @param password whether a password is needed
   * @param secrets folder of the files {@code basic-auth-user} and {@code basic-auth-password}
   * @param makePassword whether missing files are made, and not a fault
   * @param bindAddress as given
   * @param publicHosts names under which browsers reach the gateway
   */
  public record Admin(
      boolean password,
      Path secrets,
      boolean makePassword,
      String bindAddress,
      List<String> publicHosts) {
    public Admin {
      requireNonNull(secrets, "secrets");
      requireNonNull(bindAddress, "bindAddress");
      publicHosts = List.copyOf(publicHosts);
    }
  }

  /**
   * Bounds on functions and their calls.
   *
   * @param namespace of a function whose client names none
   * @param maxReplicas most replicas of one function
   * @param upstreamTimeout of one invocation
   * @param startTimeout of a replica
   * @param holdLimit of a call that waits for a replica to become ready
   * @param cacheExpiry as given; it means nothing here, which the user is told
   * @param scaleFromZero whether a call without a ready replica is held until there is one
   * @param maxHeldCalls calls of one function that wait for a replica
   * @param maxIdle unused connections to all replicas
   * @param maxIdlePerReplica unused connections to one replica
   * @param maxSystemBody longest body to {@code /system}, bytes
   */
  public record Functions(
      String namespace,
      int maxReplicas,
      Duration upstreamTimeout,
      Duration startTimeout,
      HoldLimit holdLimit,
      Optional<Duration> cacheExpiry,
      boolean scaleFromZero,
      int maxHeldCalls,
      int maxIdle,
      int maxIdlePerReplica,
      int maxSystemBody) {
    public Functions {
      requireNonNull(namespace, "namespace");
      requireNonNull(upstreamTimeout, "upstreamTimeout");
      requireNonNull(startTimeout, "startTimeout");
      requireNonNull(holdLimit, "holdLimit");
      requireNonNull(cacheExpiry, "cacheExpiry");
    }
  }

  /**
   * What holds for the scaling of all functions.
   *
   * @param alerts who evaluates the alert rule
   */
  public record Scaling(AlertMode alerts, KnativeDefaults knative) {
    public Scaling {
      requireNonNull(alerts, "alerts");
      requireNonNull(knative, "knative");
    }
  }

  /**
   * What the image store takes, and from where.
   *
   * @param maxBytes of all images
   * @param maxBlobBytes of one layer
   * @param maxUploads unfinished ones at once
   * @param uploadTimeout after which one that nobody continues is dropped
   * @param registries whose host images may run, {@code http://} before those without TLS
   * @param registryLogins file as docker login writes it
   * @param pullTimeout of one image
   */
  public record Images(
      long maxBytes,
      long maxBlobBytes,
      int maxUploads,
      Duration uploadTimeout,
      List<String> registries,
      Path registryLogins,
      Duration pullTimeout) {
    public Images {
      requireNonNull(uploadTimeout, "uploadTimeout");
      registries = List.copyOf(registries);
      requireNonNull(registryLogins, "registryLogins");
      requireNonNull(pullTimeout, "pullTimeout");
    }
  }

  /**
   * How replicas run.
   *
   * @param cgroups where their groups are made
   * @param stopTimeout between asking one to end and killing it
   * @param nodeCpuMillis what they may request together; empty = what the host has
   * @param nodeMemoryBytes what they may request together; empty = what the host has
   * @param maxProcesses processes and threads of each
   * @param maxOpenFiles descriptors of each process
   * @param maxFileBytes size of a file that a process writes
   * @param maxTmpBytes size of {@code /tmp}
   * @param standbySandboxes how many functions at zero have one that waits for their next call
   * @param logs what is kept of what they write
   */
  public record Replicas(
      IsolationRequest isolation,
      CgroupMode cgroups,
      Duration stopTimeout,
      OptionalInt nodeCpuMillis,
      OptionalLong nodeMemoryBytes,
      int maxProcesses,
      int maxOpenFiles,
      long maxFileBytes,
      long maxTmpBytes,
      int standbySandboxes,
      Logs logs) {
    public Replicas {
      requireNonNull(isolation, "isolation");
      requireNonNull(cgroups, "cgroups");
      requireNonNull(stopTimeout, "stopTimeout");
      requireNonNull(nodeCpuMillis, "nodeCpuMillis");
      requireNonNull(nodeMemoryBytes, "nodeMemoryBytes");
      requireNonNull(logs, "logs");
    }
  }

  /**
   * What is kept of what replicas write.
   *
   * @param replicaBytes of each
   * @param functionBytes of all of a function, present and gone
   * @param age of those that are gone
   * @param streams readers at the same time
   */
  public record Logs(long replicaBytes, long functionBytes, Duration age, int streams) {
    public Logs {
      requireNonNull(age, "age");
    }
  }

  /**
   * Functions of a stack file.
   *
   * @param timeout longest wait for them to become ready
   * @param builds what building them may take
   */
  public record With(Path stackFile, Duration timeout, BuildLimits builds) {
    public With {
      requireNonNull(stackFile, "stackFile");
      requireNonNull(timeout, "timeout");
      requireNonNull(builds, "builds");
    }
  }

  /** The platform's log. */
  public record Log(LogFormat format, LogLevel level) {
    public Log {
      requireNonNull(format, "format");
      requireNonNull(level, "level");
    }
  }
}
