package dev.barista.server.scale;

import dev.barista.api.FaasException;
import dev.barista.api.FunctionName;
import dev.barista.api.FunctionSpec;
import dev.barista.api.Resources;
import dev.barista.autoscaler.policy.KnativeDefaults;
import dev.barista.autoscaler.policy.ScalingPolicy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A policy as words {@code KEY=VALUE}. A key is a label {@code com.openfaas.scale.…}, an
 * annotation, or the short form of one of Knative's: {@code target} for {@code
 * autoscaling.knative.dev/target}.
 */
final class PolicyText {

  private static final String KNATIVE = "autoscaling.knative.dev/";
  private static final String LABELS = "com.openfaas.";

  private PolicyText() {}

  /**
   * @param settings each one or more {@code KEY=VALUE}, with commas in between
   * @throws FaasException {@code BAD_REQUEST} for what a deploy would refuse
   */
  static ScalingPolicy parse(List<String> settings, int maxReplicas) {
    Map<String, String> labels = new TreeMap<>();
    Map<String, String> annotations = new TreeMap<>();
    for (String setting : String.join(",", settings).split(",", -1)) {
      int equals = setting.indexOf('=');
      if (equals < 1) {
        throw FaasException.badField(
            "--policy", setting, "KEY=VALUE, such as target=1 or com.openfaas.scale.max=10");
      }
      String key = setting.substring(0, equals).strip();
      String value = setting.substring(equals + 1).strip();
      if (key.startsWith(LABELS)) {
        labels.put(key, value);
      } else {
        annotations.put(key.contains("/") ? key : KNATIVE + key, value);
      }
    }
    FunctionSpec spec =
        new FunctionSpec(
            FunctionName.parse("trace", "openfaas-fn"),
            "none",
            Optional.empty(),
            Map.of(),
            List.of(),
            List.of(),
            labels,
            annotations,
            Resources.NONE,
            Resources.NONE,
            /* readOnlyRootFilesystem= */ false);
    return ScalingPolicy.of(spec, KnativeDefaults.STANDARD, maxReplicas);
  }
}
