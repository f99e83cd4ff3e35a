package dev.barista.provider.process;

import static java.util.Objects.requireNonNull;

import dev.barista.api.ErrorCode;
import dev.barista.api.FaasException;
import dev.barista.api.FunctionSpec;
import dev.barista.api.ScaleBounds;
import dev.barista.cgroup.GroupLimits;
import dev.barista.image.HostImage;
import dev.barista.image.Interpreter;
import dev.barista.image.InterpreterResolver;
import dev.barista.provider.process.RunPlan.Kind;
import dev.barista.provider.process.sandbox.EnvironmentScript;
import dev.barista.provider.process.sandbox.IsolationLevel;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Makes the {@link RunPlan} of a function's version, and refuses what can't run here. Thread-safe;
 * blocks on the disk.
 */
final class RunPlans {

  private static final String SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin";

  /** Where a sandbox, and any container, has the image's files. */
  private static final String IMAGE_HOME = "/home/app/";

  private static final String CLASSIC = "classic";
  private static final String STATIC = "static";

  /** Set by the platform for each replica; a function can't choose them. */
  private static final Set<String> RESERVED =
      Set.of(
          "OPENFAAS_NAME",
          "OPENFAAS_NAMESPACE",
          "BARISTA_GATEWAY_URL",
          "BARISTA_SOCKET",
          CallsFiles.VARIABLE,
          Escapees.VARIABLE,
          SecretFiles.VARIABLE,
          "PORT",
          "TMPDIR");

  private final Images images;
  private final WatchdogLauncher watchdog;
  private final IsolationLevel isolation;
  private final boolean ownUsers;
  private final int processesPerReplica;
  private final Supplier<String> gatewayUrl;

  /**
   * @param ownUsers whether functions run as users of their own, who can't read the platform's
   *     user's files
   */
  RunPlans(
      Images images,
      WatchdogLauncher watchdog,
      IsolationLevel isolation,
      boolean ownUsers,
      int processesPerReplica,
      Supplier<String> gatewayUrl) {
    this.images = requireNonNull(images, "images");
    this.watchdog = requireNonNull(watchdog, "watchdog");
    this.isolation = requireNonNull(isolation, "isolation");
    this.ownUsers = ownUsers;
    this.processesPerReplica = processesPerReplica;
    this.gatewayUrl = requireNonNull(gatewayUrl, "gatewayUrl");
  }

  /**
   * @throws FaasException {@code IMAGE_INVALID}, {@code BAD_REQUEST}
   */
  RunPlan plan(FunctionSpec spec) {
    ScaleBounds.of(spec);
    HostImage image = images.resolve(spec.image());
    Map<String, String> environment = environment(spec, image);
    EnvironmentScript.requireValid(environment);
    Kind kind = kind(image, environment);
    WatchdogSettings settings = WatchdogSettings.valid(kind, environment);
    List<String> words =
        isStatic(environment)
            ? List.of()
            : List.of(process(image, environment).strip().split(" +"));
    Program program =
        words.isEmpty()
            ? new Program("", List.of(), SYSTEM_PATH)
            : program(image, words.getFirst());
    environment.merge("PATH", program.path(), (own, _) -> own);
    Set<Path> readable = new LinkedHashSet<>(program.readable());
    List<String> command = new ArrayList<>();
    switch (kind) {
      case Kind.OwnSocket _, Kind.OwnPort _ -> {
        command.add(program.executable());
        command.addAll(words.subList(1, words.size()));
      }
      case Kind.Watchdog(boolean classic) -> {
        command.addAll(watchdog.command(classic));
        readable.addAll(watchdog.readable());
      }
    }
    return new RunPlan(
        spec,
        image,
        kind,
        command,
        List.copyOf(readable),
        environment,
        settings.policy(),
        new GroupLimits(
            spec.limits().memoryBytes(), spec.limits().cpuMillis(), processesPerReplica),
        Admission.Request.of(spec));
  }

  private Map<String, String> environment(FunctionSpec spec, HostImage image) {
    Map<String, String> environment = new HashMap<>(image.environment());
    environment.putAll(spec.environment());
    spec.envProcess()
        .filter(process -> !process.isBlank())
        .ifPresent(process -> environment.put("fprocess", process));
    environment.keySet().removeAll(RESERVED);
    environment.put("OPENFAAS_NAME", spec.name().name());
    environment.put("OPENFAAS_NAMESPACE", spec.name().namespace());
    environment.put("BARISTA_GATEWAY_URL", gatewayUrl.get());
    return environment;
  }

  private static String process(HostImage image, Map<String, String> environment) {
    String modern = isClassic(environment) ? "" : environment.getOrDefault("function_process", "");
    String process = modern.isBlank() ? environment.getOrDefault("fprocess", "") : modern;
    if (process.isBlank()) {
      throw new FaasException(
          ErrorCode.BAD_REQUEST,
          "provider",
          "envProcess: nothing (expected: the function's command, since image "
              + image.reference()
              + " names none)",
          "fprocess",
          null);
    }
    if (process.startsWith(" ")) {
      throw FaasException.badField("envProcess", process, "a program before the first space");
    }
    return process;
  }

  private static Kind kind(HostImage image, Map<String, String> environment) {
    return switch (mode(environment)) {
      case "http" -> image.listensOnSocket() ? new Kind.OwnSocket() : ownPort(environment);
      case CLASSIC -> new Kind.Watchdog(/* classic= */ true);
      case "streaming", "serializing", STATIC -> new Kind.Watchdog(/* classic= */ false);
      case String other ->
          throw FaasException.badField(
              "envVars.mode", other, "http, classic, streaming, serializing or static");
    };
  }

  private static String mode(Map<String, String> environment) {
    return environment.getOrDefault("mode", CLASSIC);
  }

  private static boolean isClassic(Map<String, String> environment) {
    return mode(environment).equals(CLASSIC);
  }

  private static boolean isStatic(Map<String, String> environment) {
    return mode(environment).equals(STATIC);
  }

  private static Kind ownPort(Map<String, String> environment) {
    String name =
        environment.containsKey("http_upstream_url") ? "http_upstream_url" : "upstream_url";
    String url = environment.get(name);
    if (url == null) {
      return new Kind.OwnPort(OptionalInt.empty());
    }
    try {
      int port = URI.create(url).getPort();
      if (port > 0 && port < 65_536) {
        return new Kind.OwnPort(OptionalInt.of(port));
      }
    } catch (IllegalArgumentException e) {
      // told below
    }
    throw FaasException.badField(
        "envVars." + name, url, "a URL with a port, http://127.0.0.1:3000");
  }

  /**
   * The program behind the first word of a command.
   *
   * @param executable an absolute path of the host, or a path in the function's files
   * @param readable what a sandbox must show for it
   * @param path for PATH, so that the program finds itself and its companions by name
   */
  private record Program(String executable, List<Path> readable, String path) {}

  private Program program(HostImage image, String given) {
    String word = given.startsWith(IMAGE_HOME) ? given.substring(IMAGE_HOME.length()) : given;
    if (!given.equals(word) || (word.contains("/") && !word.startsWith("/"))) {
      Path file = image.rootFolder().resolve(word).normalize();
      if (!file.startsWith(image.rootFolder()) || !Files.isRegularFile(file)) {
        throw new FaasException(
            ErrorCode.IMAGE_INVALID,
            "provider",
            "image " + image.reference() + " has no file '" + word + "', which fprocess names",
            "fprocess",
            null);
      }
      return runtimeOf(image)
          .map(i -> new Program("./" + word, i.folders(), pathOf(i)))
          .orElse(new Program("./" + word, List.of(), SYSTEM_PATH));
    }
    Interpreter interpreter = images.interpreter(image, word, usable());
    Set<Path> readable = new LinkedHashSet<>(interpreter.folders());
    readable.add(interpreter.executable());
    return new Program(
        interpreter.executable().toString(), List.copyOf(readable), pathOf(interpreter));
  }

  /** A script of the image's own may name its interpreter in its first line. */
  private Optional<Interpreter> runtimeOf(HostImage image) {
    return image.runtime().map(runtime -> images.interpreter(image, runtime, usable()));
  }

  private static String pathOf(Interpreter interpreter) {
    Path folder = requireNonNull(interpreter.executable().getParent(), "an absolute path");
    return List.of(SYSTEM_PATH.split(":")).contains(folder.toString())
        ? SYSTEM_PATH
        : folder + ":" + SYSTEM_PATH;
  }

  /** In a sandbox the platform, as root, shows it; elsewhere the function's user must reach it. */
  private Predicate<Interpreter> usable() {
    return switch (isolation) {
      case SANDBOX, NONE -> _ -> true;
      case USER -> interpreter -> !ownUsers || InterpreterResolver.isReadableByOthers(interpreter);
    };
  }
}
