package dev.barista.cli.command;

import dev.barista.api.FaasException;
import dev.barista.api.Resources;
import dev.barista.cli.CliException;
import dev.barista.cli.options.Option;
import dev.barista.cli.options.OptionSet;
import dev.barista.cli.stack.StackFunction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a deployment changes of what the stack file says. */
final class DeployOptions {

  private final Option.Texts environment;
  private final Option.Texts labels;
  private final Option.Texts annotations;
  private final Option.Texts constraints;
  private final Option.Texts secrets;
  private final Option.Flag update;
  private final Option.Text memoryLimit;
  private final Option.Text cpuLimit;
  private final Option.Text memoryRequest;
  private final Option.Text cpuRequest;
  private final Option.Flag readOnly;
  private final Option.Flag replace;

  DeployOptions(OptionSet options) {
    this.environment =
        options.texts("NAME=VALUE", "Environment variable; may be repeated.", "-e", "--env");
    this.labels = options.texts("KEY=VALUE", "Label; may be repeated.", "-l", "--label");
    this.annotations = options.texts("KEY=VALUE", "Annotation; may be repeated.", "--annotation");
    this.constraints =
        options.texts("KEY=VALUE", "Where it may run; may be repeated.", "--constraint");
    this.secrets = options.texts("NAME", "Secret that it may read; may be repeated.", "--secret");
    this.update =
        options.flagUnlessFalse(
            "Update a function that is there already; true unless given.", "--update");
    this.memoryLimit = options.text("SIZE", "Such as 128Mi.", "--memory-limit");
    this.cpuLimit = options.text("CORES", "Such as 100m.", "--cpu-limit");
    this.memoryRequest = options.text("SIZE", "Such as 64Mi.", "--memory-request");
    this.cpuRequest = options.text("CORES", "Such as 50m.", "--cpu-request");
    this.readOnly = options.flag("The function may not write to its files.", "--readonly");
    this.replace =
        options.flag(
            "Remove the function first, instead of updating it without a gap.", "--replace");
  }

  /** How a deployment treats a function that is there already. */
  enum Existing {
    UPDATE,
    REPLACE,
    REFUSE
  }

  Existing existing() {
    return replace.on() ? Existing.REPLACE : update.on() ? Existing.UPDATE : Existing.REFUSE;
  }

  /** The function with the options on top. */
  StackFunction apply(
      StackFunction function, Optional<String> namespace, Optional<String> process) {
    return new StackFunction(
        function.name(),
        function.folder(),
        namespace.or(function::namespace),
        function.language(),
        function.handler(),
        function.image(),
        process.or(function::process),
        KeyValues.over(function.environment(), "--env", environment.values()),
        joined(function.constraints(), constraints.values()),
        joined(function.secrets(), secrets.values()),
        KeyValues.over(function.labels(), "--label", labels.values()),
        KeyValues.over(function.annotations(), "--annotation", annotations.values()),
        resources("limit", function.limits(), memoryLimit, cpuLimit),
        resources("request", function.requests(), memoryRequest, cpuRequest),
        readOnly.on() || function.readOnlyRootFilesystem(),
        function.skipBuild(),
        function.buildOptions(),
        function.buildArguments(),
        function.copy());
  }

  private static Resources resources(
      String kind, Resources base, Option.Text memory, Option.Text cpu) {
    try {
      return Resources.of(
          kind,
          memory.value().or(base::memory).orElse(null),
          cpu.value().or(base::cpu).orElse(null));
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
