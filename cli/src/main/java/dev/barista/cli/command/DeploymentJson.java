package dev.barista.cli.command;

import dev.barista.api.wire.FunctionDeployment;
import dev.barista.api.wire.FunctionDeployment.ResourcesBody;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The body of a deployment as plain values; the same as data binding would write. */
final class DeploymentJson {

  private DeploymentJson() {}

  static Map<String, Object> of(FunctionDeployment deployment) {
    Map<String, Object> json = new LinkedHashMap<>();
    put(json, "service", deployment.service());
    put(json, "image", deployment.image());
    put(json, "namespace", deployment.namespace());
    put(json, "envProcess", deployment.envProcess());
    put(json, "envVars", deployment.envVars());
    put(json, "constraints", deployment.constraints());
    put(json, "secrets", deployment.secrets());
    json.put("labels", orEmpty(deployment.labels()));
    json.put("annotations", orEmpty(deployment.annotations()));
    put(json, "limits", resources(deployment.limits()));
    put(json, "requests", resources(deployment.requests()));
    if (deployment.readOnlyRootFilesystem()) {
      json.put("readOnlyRootFilesystem", true);
    }
    return json;
  }

  private static Map<String, Object> resources(@Nullable ResourcesBody body) {
    Map<String, Object> json = new LinkedHashMap<>();
    if (body != null) {
      put(json, "memory", body.memory());
      put(json, "cpu", body.cpu());
    }
    return json;
  }

  private static Map<String, String> orEmpty(@Nullable Map<String, String> map) {
    return map == null ? Map.of() : map;
  }

  /** Leaves out what is empty. */
  private static void put(Map<String, Object> json, String key, @Nullable Object value) {
    boolean empty =
        value == null
            || value.equals("")
            || (value instanceof Map<?, ?> map && map.isEmpty())
            || (value instanceof Collection<?> list && list.isEmpty());
    if (!empty) {
      json.put(key, value);
    }
  }
}
