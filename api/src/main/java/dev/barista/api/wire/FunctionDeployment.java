package dev.barista.api.wire;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.barista.api.FaasException;
import dev.barista.api.FunctionName;
import dev.barista.api.FunctionSpec;
import dev.barista.api.Resources;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Body of {@code POST} and {@code PUT /system/functions}, as OpenFaaS defines it. {@code network}
 * and {@code registryAuth} are deprecated there and ignored here.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties({"network", "registryAuth"})
public record FunctionDeployment(
    @Nullable String service,
    @Nullable String image,
    @Nullable String namespace,
    @Nullable String envProcess,
    @Nullable Map<String, String> envVars,
    @Nullable List<String> constraints,
    @Nullable List<String> secrets,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Map<String, String> labels,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Map<String, String> annotations,
    @Nullable ResourcesBody limits,
    @Nullable ResourcesBody requests,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean readOnlyRootFilesystem) {

  private static final Pattern ENVIRONMENT_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]*");
  private static final Pattern LABEL_KEY =
      Pattern.compile("([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?");
  private static final int MAX_IMAGE_LENGTH = 512;
  private static final int MAX_LABEL_KEY_LENGTH = 253 + 1 + 63;

  /** Wire form of {@link Resources}. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record ResourcesBody(@Nullable String memory, @Nullable String cpu) {}

  /**
   * Checks every field and fills in the namespace.
   *
   * @throws FaasException {@code BAD_REQUEST} with the first field that is wrong, what was given
   *     and what is expected
   */
  public FunctionSpec toSpec(String defaultNamespace) {
    if (service == null || service.isEmpty()) {
      throw FaasException.badField("service", service, "the function's name");
    }
    if (image == null || image.isBlank() || image.length() > MAX_IMAGE_LENGTH) {
      throw FaasException.badField("image", image, "an image reference such as hello:latest");
    }
    String effectiveNamespace =
        namespace == null || namespace.isEmpty() ? defaultNamespace : namespace;
    return new FunctionSpec(
        new FunctionName(service, effectiveNamespace),
        image,
        Optional.ofNullable(envProcess).filter(text -> !text.isBlank()),
        checked("envVars", envVars, ENVIRONMENT_NAME, "a name of letters, digits and '_'"),
        checked("constraints", constraints),
        checked("secrets", secrets),
        checked("labels", labels, LABEL_KEY, "a label key such as com.openfaas.scale.min"),
        checked("annotations", annotations, LABEL_KEY, "an annotation key such as topic"),
        resources("limits", limits),
        resources("requests", requests),
        readOnlyRootFilesystem);
  }

  private static Resources resources(String field, @Nullable ResourcesBody body) {
    return body == null ? Resources.NONE : Resources.of(field, body.memory(), body.cpu());
  }

  /** JSON may have null among the elements. */
  private static List<String> checked(String field, @Nullable List<String> list) {
    if (list == null) {
      return List.of();
    }
    for (int i = 0; i < list.size(); i++) {
      if (list.get(i) == null) {
        throw FaasException.badField(field + "." + i, null, "a text");
      }
    }
    return list;
  }

  private static Map<String, String> checked(
      String field, @Nullable Map<String, String> map, Pattern keyPattern, String expected) {
    if (map == null) {
      return Map.of();
    }
    map.forEach(
        (key, value) -> {
          if (key.length() > MAX_LABEL_KEY_LENGTH || !keyPattern.matcher(key).matches()) {
            throw FaasException.badField(field, key, expected);
          }
          if (value == null || value.indexOf('\0') >= 0) {
            throw FaasException.badField(field + "." + key, value, "a text without NUL");
          }
        });
    return map;
  }
}
