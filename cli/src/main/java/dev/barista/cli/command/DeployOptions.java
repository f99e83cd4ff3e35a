package dev.barista.cli.command;

import dev.barista.api.FaasException;
import dev.barista.api.Resources;
import dev.barista.cli.CliException;
import dev.barista.cli.stack.StackFunction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a deployment changes of what the stack file says. */
final class DeployOptions {

  @Option(
      names = {"-e", "--env"},
      paramLabel = "NAME=VALUE",
      description = "Environment variable; may be repeated.")
  private List<String> environment = new ArrayList<>();

  @Option(
      names = {"-l", "--label"},
      paramLabel = "KEY=VALUE",
      description = "Label; may be repeated.")
  private List<String> labels = new ArrayList<>();

  @Option(
      names = "--annotation",
      paramLabel = "KEY=VALUE",
      description = "Annotation; may be repeated.")
  private List<String> annotations = new ArrayList<>();

  @Option(
      names = "--constraint",
      paramLabel = "KEY=VALUE",
      description = "Where it may run; may be repeated.")
  private List<String> constraints = new ArrayList<>();

  @Option(
      names = "--secret",
      paramLabel = "NAME",
      description = "Secret that it may read; may be repeated.")
  private List<String> secrets = new ArrayList<>();

  @Option(names = "--memory-limit", paramLabel = "SIZE", description = "Such as 128Mi.")
  private @Nullable String memoryLimit;

  @Option(names = "--cpu-limit", paramLabel = "CORES", description = "Such as 100m.")
  private @Nullable String cpuLimit;

  @Option(names = "--memory-request", paramLabel = "SIZE", description = "Such as 64Mi.")
  private @Nullable String memoryRequest;

  @Option(names = "--cpu-request", paramLabel = "CORES", description = "Such as 50m.")
  private @Nullable String cpuRequest;

  @Option(names = "--readonly", description = "The function may not write to its files.")
  private boolean readOnly;

  @Option(
      names = "--replace",
      description = "Remove the function first, instead of updating it without a gap.")
  private boolean replace;

  @Option(
      names = "--update",
      arity = "0..1",
      fallbackValue = "true",
      paramLabel = "true|false",
      description = "Update a function that is there already; true unless given.")
  private boolean update = true;

  /** How a deployment treats a function that is there already. */
  enum Existing {
    UPDATE,
    REPLACE,
    REFUSE
  }

  Existing existing() {
    return replace ? Existing.REPLACE : update ? Existing.UPDATE : Existing.REFUSE;
  }

  /** The function with the options on top. */
  StackFunction apply(
      StackFunction function, Optional<String> namespace, Optional<String> process) {
    return new StackFunction(
        function.name(),
        namespace.or(function::namespace),
        function.language(),
        function.handler(),
        function.image(),
        process.or(function::process),
        KeyValues.over(function.environment(), "--env", environment),
        joined(function.constraints(), constraints),
        joined(function.secrets(), secrets),
        KeyValues.over(function.labels(), "--label", labels),
        KeyValues.over(function.annotations(), "--annotation", annotations),
        resources("limit", function.limits(), memoryLimit, cpuLimit),
        resources("request", function.requests(), memoryRequest, cpuRequest),
        readOnly || function.readOnlyRootFilesystem(),
        function.skipBuild(),
        function.buildOptions(),
        function.buildArguments(),
        function.copy());
  }

  private static Resources resources(
      String kind, Resources base, @Nullable String memory, @Nullable String cpu) {
    try {
      return Resources.of(
          kind,
          memory == null ? base.memory().orElse(null) : memory,
          cpu == null ? base.cpu().orElse(null) : cpu);
    } catch (FaasException e) {
      throw CliException.usage(e.getMessage());
    }
  }

  private static List<String> joined(List<String> first, List<String> second) {
    List<String> all = new ArrayList<>(first);
    all.addAll(second);
    return all.stream().distinct().toList();
  }
}
