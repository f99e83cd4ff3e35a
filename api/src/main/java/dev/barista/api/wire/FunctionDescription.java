package dev.barista.api.wire;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.barista.api.Enforcement;
import dev.barista.api.FunctionSpec;
import dev.barista.api.FunctionStatus;
import dev.barista.api.ReplicaStatus;
import dev.barista.api.Resources;
import dev.barista.api.wire.FunctionDeployment.ResourcesBody;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Element of {@code GET /system/functions} and body of {@code GET /system/function/NAME}:
 * OpenFaaS's function status. {@code replicaStatus} and {@code enforcement} are Barista's own and
 * come with the single function only, as {@code usage} does, where it is asked for.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record FunctionDescription(
    String name,
    String image,
    String namespace,
    @Nullable String envProcess,
    @Nullable Map<String, String> envVars,
    @Nullable List<String> constraints,
    @Nullable List<String> secrets,
    @JsonInclude(JsonInclude.Include.ALWAYS) Map<String, String> labels,
    @JsonInclude(JsonInclude.Include.ALWAYS) Map<String, String> annotations,
    @Nullable ResourcesBody limits,
    @Nullable ResourcesBody requests,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean readOnlyRootFilesystem,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) double invocationCount,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) int replicas,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) int availableReplicas,
    Instant createdAt,
    @Nullable Usage usage,
    @Nullable List<ReplicaStatus> replicaStatus,
    @Nullable List<Enforcement> enforcement) {

  /**
   * What all replicas of a function use together.
   *
   * @param cpu thousandths of one processor
   */
  public record Usage(double cpu, double totalMemoryBytes) {}

  /** Label that every listed function carries, set by OpenFaaS's Kubernetes provider. */
  public static final String FUNCTION_LABEL = "faas_function";

  /** The short form, for a list. */
  public static FunctionDescription listed(FunctionStatus status, double invocationCount) {
    return of(status, invocationCount, null, null, null);
  }

  /**
   * The long form, with each replica.
   *
   * @param usage null if not asked for or not known
   */
  public static FunctionDescription full(
      FunctionStatus status, double invocationCount, @Nullable Usage usage) {
    return of(status, invocationCount, usage, status.replicas(), status.enforcement());
  }

  private static FunctionDescription of(
      FunctionStatus status,
      double invocationCount,
      @Nullable Usage usage,
      @Nullable List<ReplicaStatus> replicaStatus,
      @Nullable List<Enforcement> enforcement) {
    FunctionSpec spec = status.spec();
    Map<String, String> labels = new TreeMap<>(spec.labels());
    labels.put(FUNCTION_LABEL, spec.name().name());
    return new FunctionDescription(
        spec.name().name(),
        spec.image(),
        spec.name().namespace(),
        spec.envProcess().orElse(null),
        spec.environment(),
        spec.constraints(),
        spec.secrets(),
        labels,
        spec.annotations(),
        body(spec.limits()),
        body(spec.requests()),
        spec.readOnlyRootFilesystem(),
        invocationCount,
        status.desiredReplicas(),
        status.readyReplicas(),
        status.createdAt(),
        usage,
        replicaStatus,
        enforcement);
  }

  private static @Nullable ResourcesBody body(Resources resources) {
    return resources.none()
        ? null
        : new ResourcesBody(resources.memory().orElse(null), resources.cpu().orElse(null));
  }
}
