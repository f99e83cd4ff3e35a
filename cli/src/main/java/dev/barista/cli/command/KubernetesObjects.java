package dev.barista.cli.command;

import dev.barista.api.FunctionName;
import dev.barista.api.Resources;
import dev.barista.cli.stack.StackFunction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Functions as objects of Kubernetes, as plain values. */
final class KubernetesObjects {

  private static final String SECRETS_FOLDER = "/var/openfaas/secrets";

  /** Bounds of scaling in OpenFaaS's labels → in Knative's annotations. */
  private static final Map<String, String> SCALE =
      Map.of(
          "com.openfaas.scale.min", "autoscaling.knative.dev/min-scale",
          "com.openfaas.scale.max", "autoscaling.knative.dev/max-scale");

  private KubernetesObjects() {}

  /** OpenFaaS's own kind, {@code Function} of {@code openfaas.com/v1}. */
  static Map<String, Object> function(StackFunction function) {
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("name", function.name());
    spec.put("image", function.image());
    function.process().ifPresent(process -> spec.put("handler", process));
    put(spec, "labels", function.labels());
    put(spec, "annotations", function.annotations());
    put(spec, "environment", function.environment());
    put(spec, "constraints", function.constraints());
    put(spec, "secrets", function.secrets());
    put(spec, "limits", resources(function.limits()));
    put(spec, "requests", resources(function.requests()));
    if (function.readOnlyRootFilesystem()) {
      spec.put("readOnlyRootFilesystem", true);
    }
    return object("openfaas.com/v1", "Function", function, spec);
  }

  /** A {@code Service} of {@code serving.knative.dev/v1}. */
  static Map<String, Object> service(StackFunction function) {
    Map<String, String> annotations = new LinkedHashMap<>(function.annotations());
    function
        .labels()
        .forEach(
            (key, value) -> {
              String scale = SCALE.get(key);
              if (scale != null) {
                annotations.put(scale, value);
              }
            });
    Map<String, Object> metadata = new LinkedHashMap<>();
    put(metadata, "labels", function.labels());
    put(metadata, "annotations", annotations);
    Map<String, Object> template = new LinkedHashMap<>();
    put(template, "metadata", metadata);
    template.put("spec", podSpec(function));
    return object("serving.knative.dev/v1", "Service", function, Map.of("template", template));
  }

  private static Map<String, Object> podSpec(StackFunction function) {
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("containers", List.of(container(function)));
    put(spec, "nodeSelector", nodeSelector(function.constraints()));
    List<Object> volumes = new ArrayList<>();
    if (!function.secrets().isEmpty()) {
      List<Map<String, Object>> sources = new ArrayList<>();
      function.secrets().forEach(name -> sources.add(Map.of("secret", Map.of("name", name))));
      volumes.add(ordered("name", "secrets", "projected", Map.of("sources", sources)));
    }
    if (function.readOnlyRootFilesystem()) {
      volumes.add(ordered("name", "temp", "emptyDir", Map.of()));
    }
    put(spec, "volumes", volumes);
    return spec;
  }

  private static Map<String, Object> container(StackFunction function) {
    Map<String, Object> container = new LinkedHashMap<>();
    container.put("image", function.image());
    List<Object> environment = new ArrayList<>();
    function.process().ifPresent(p -> environment.add(ordered("name", "fprocess", "value", p)));
    function
        .environment()
        .forEach((name, value) -> environment.add(ordered("name", name, "value", value)));
    put(container, "env", environment);
    Map<String, Object> resources = new LinkedHashMap<>();
    put(resources, "limits", resources(function.limits()));
    put(resources, "requests", resources(function.requests()));
    put(container, "resources", resources);
    List<Object> mounts = new ArrayList<>();
    if (!function.secrets().isEmpty()) {
      Map<String, Object> mount = ordered("name", "secrets", "mountPath", SECRETS_FOLDER);
      mount.put("readOnly", true);
      mounts.add(mount);
    }
    if (function.readOnlyRootFilesystem()) {
      container.put("securityContext", Map.of("readOnlyRootFilesystem", true));
      mounts.add(ordered("name", "temp", "mountPath", "/tmp"));
    }
    put(container, "volumeMounts", mounts);
    return container;
  }

  /** {@code key=value}, as OpenFaaS reads constraints on Kubernetes; other forms it drops. */
  private static Map<String, String> nodeSelector(List<String> constraints) {
    Map<String, String> selector = new LinkedHashMap<>();
    for (String constraint : constraints) {
      int equals = constraint.indexOf('=');
      if (equals > 0 && equals == constraint.lastIndexOf('=')) {
        selector.put(constraint.substring(0, equals), constraint.substring(equals + 1));
      }
    }
    return selector;
  }

  private static Map<String, String> resources(Resources resources) {
    Map<String, String> map = new LinkedHashMap<>();
    resources.memory().ifPresent(memory -> map.put("memory", memory));
    resources.cpu().ifPresent(cpu -> map.put("cpu", cpu));
    return map;
  }

  private static Map<String, Object> object(
      String version, String kind, StackFunction function, Map<String, Object> spec) {
    Map<String, Object> object = ordered("apiVersion", version, "kind", kind);
    object.put(
        "metadata",
        ordered(
            "name",
            function.name(),
            "namespace",
            function.namespace().orElse(FunctionName.DEFAULT_NAMESPACE)));
    object.put("spec", spec);
    return object;
  }

  private static Map<String, Object> ordered(
      String key, Object value, String otherKey, Object otherValue) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put(key, value);
    map.put(otherKey, otherValue);
    return map;
  }

  /** Leaves out what is empty. */
  private static void put(Map<String, Object> target, String key, Map<String, ?> value) {
    if (!value.isEmpty()) {
      target.put(key, value);
    }
  }

  private static void put(Map<String, Object> target, String key, List<?> value) {
    if (!value.isEmpty()) {
      target.put(key, value);
    }
  }
}
