package dev.barista.api;

import static java.util.Collections.unmodifiableMap;
import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a user wants to run: immutable, validated.
 *
 * @param envProcess command of the function, overrides the image's {@code fprocess}
 * @param environment variables of the function's process
 * @param constraints placement, {@code key=value}
 * @param secrets names of secrets it may read
 */
public record FunctionSpec(
    FunctionName name,
    String image,
    Optional<String> envProcess,
    Map<String, String> environment,
    List<String> constraints,
    List<String> secrets,
    Map<String, String> labels,
    Map<String, String> annotations,
    Resources limits,
    Resources requests,
    boolean readOnlyRootFilesystem) {

  public FunctionSpec {
    requireNonNull(name, "name");
    requireNonNull(image, "image");
    requireNonNull(envProcess, "envProcess");
    environment = sorted(environment);
    constraints = List.copyOf(constraints);
    secrets = List.copyOf(secrets);
    labels = sorted(labels);
    annotations = sorted(annotations);
    requireNonNull(limits, "limits");
    requireNonNull(requests, "requests");
  }

  /** A function of an image with nothing else set. */
  public static FunctionSpec of(FunctionName name, String image) {
    return new FunctionSpec(
        name,
        image,
        Optional.empty(),
        Map.of(),
        List.of(),
        List.of(),
        Map.of(),
        Map.of(),
        Resources.NONE,
        Resources.NONE,
        /* readOnlyRootFilesystem= */ false);
  }

  private static Map<String, String> sorted(Map<String, String> map) {
    return unmodifiableMap(new TreeMap<>(map));
  }
}
