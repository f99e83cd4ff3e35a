package dev.barista.cli.stack;

import static java.util.Collections.unmodifiableMap;
import static java.util.Objects.requireNonNull;

import dev.barista.api.Resources;
import dev.barista.api.wire.FunctionDeployment;
import dev.barista.api.wire.FunctionDeployment.ResourcesBody;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One function of a stack file: how it is built and how it is deployed.
 *
 * @param folder of its file, absolute: a template in its {@code template/} wins over a built-in one
 * @param language name of its template; absent for an image that is already there
 * @param handler folder with the user's code, absolute
 * @param image reference that it is built to and deployed from
 * @param process command of the function, when the file gives one
 * @param copy files and folders of the project that are copied into the build, absolute
 */
public record StackFunction(
    String name,
    Path folder,
    Optional<String> namespace,
    Optional<String> language,
    Optional<Path> handler,
    String image,
    Optional<String> process,
    Map<String, String> environment,
    List<String> constraints,
    List<String> secrets,
    Map<String, String> labels,
    Map<String, String> annotations,
    Resources limits,
    Resources requests,
    boolean readOnlyRootFilesystem,
    boolean skipBuild,
    List<String> buildOptions,
    Map<String, String> buildArguments,
    List<Path> copy) {

  public StackFunction {
    requireNonNull(name, "name");
    requireNonNull(folder, "folder");
    requireNonNull(namespace, "namespace");
    requireNonNull(language, "language");
    requireNonNull(handler, "handler");
    requireNonNull(image, "image");
    requireNonNull(process, "process");
    environment = ordered(environment);
    constraints = List.copyOf(constraints);
    secrets = List.copyOf(secrets);
    labels = ordered(labels);
    annotations = ordered(annotations);
    requireNonNull(limits, "limits");
    requireNonNull(requests, "requests");
    buildOptions = List.copyOf(buildOptions);
    buildArguments = ordered(buildArguments);
    copy = List.copyOf(copy);
  }

  /** Whether there is something to build: a template and code. */
  public boolean buildable() {
    return language.isPresent() && handler.isPresent() && !skipBuild;
  }

  /** The same function, built to and deployed from another image. */
  public StackFunction withImage(String other) {
    return new StackFunction(
        name,
        folder,
        namespace,
        language,
        handler,
        other,
        process,
        environment,
        constraints,
        secrets,
        labels,
        annotations,
        limits,
        requests,
        readOnlyRootFilesystem,
        skipBuild,
        buildOptions,
        buildArguments,
        copy);
  }

  /** Body of the request that deploys it. */
  public FunctionDeployment toDeployment() {
    return new FunctionDeployment(
        name,
        image,
        namespace.orElse(null),
        process.orElse(null),
        environment,
        constraints,
        secrets,
        labels,
        annotations,
        body(limits),
        body(requests),
        readOnlyRootFilesystem);
  }

  private static @Nullable ResourcesBody body(Resources resources) {
    return resources.none()
        ? null
        : new ResourcesBody(resources.memory().orElse(null), resources.cpu().orElse(null));
  }

  private static Map<String, String> ordered(Map<String, String> map) {
    return unmodifiableMap(new LinkedHashMap<>(map));
  }
}
