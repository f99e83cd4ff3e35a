package dev.barista.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One running {@code ./barista serve} and a user beside it: HTTP client, command line, signals. The
 * data folder outlives the process, so that a test can start it again.
 */
final class Barista implements AutoCloseable {

  private static final Path HOME =
      Path.of(System.getProperty("barista.home", ".")).toAbsolutePath();
  private static final Pattern READY = Pattern.compile("Barista ready on (http://\\S+) in \\d+ ms");
  private static final long START_SECONDS = 180;

  private final Process process;
  private final Path data;
  private final URI url;
  private final URI metricsUrl;
  private final List<String> output;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private Barista(Process process, Path data, URI url, URI metricsUrl, List<String> output) {
    this.process = process;
    this.data = data;
    this.url = url;
    this.metricsUrl = metricsUrl;
    this.output = output;
  }

  /** Starts on free ports with {@code data} as its data folder and waits for the ready line. */
  static Barista start(Path data, String... options) {
    return start(data, Map.of(), options);
  }

  static Barista start(Path data, Map<String, String> environment, String... options) {
    int metricsPort = Ports.free();
    List<String> command = new ArrayList<>(List.of(HOME.resolve("barista").toString(), "serve"));
    command.addAll(List.of("--port", "0", "--metrics-port", Integer.toString(metricsPort)));
    command.addAll(List.of("--data", data.toString()));
    command.addAll(List.of(options));
    List<String> output = Collections.synchronizedList(new ArrayList<>());
    CompletableFuture<String> ready = new CompletableFuture<>();
    Process process = spawn(command, environment);
    Thread.ofPlatform().daemon().name("serve-output").start(() -> follow(process, output, ready));
    try {
      String url = ready.get(START_SECONDS, TimeUnit.SECONDS);
      return new Barista(
          process, data, URI.create(url), URI.create("http://127.0.0.1:" + metricsPort), output);
    } catch (Exception e) {
      process.destroyForcibly();
      throw new AssertionError("not ready; output:\n" + String.join("\n", output), e);
    }
  }

  private static Process spawn(List<String> command, Map<String, String> environment) {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeIf(Barista::isOurs);
    builder.environment().putAll(environment);
    try {
      return builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isOurs(String variable) {
    return variable.startsWith("BARISTA_") || variable.startsWith("OPENFAAS_");
  }

  private static void follow(
      Process process, List<String> output, CompletableFuture<String> ready) {
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        output.add(line);
        Matcher matcher = READY.matcher(line);
        if (matcher.find()) {
          ready.complete(matcher.group(1));
        }
      }
    } catch (IOException e) {
      output.add("(reading stopped: " + e.getMessage() + ")");
    }
    ready.completeExceptionally(new IllegalStateException("serve ended"));
  }

  URI url() {
    return url;
  }

  int metricsPort() {
    return metricsUrl.getPort();
  }

  Path data() {
    return data;
  }

  long pid() {
    return process.pid();
  }

  /** Everything that serve printed so far. */
  List<String> output() {
    synchronized (output) {
      return List.copyOf(output);
    }
  }

  String password() {
    try {
      return Files.readString(data.resolve("secrets/basic-auth-password")).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A request with the administrator's credentials. */
  HttpRequest.Builder admin(String path) {
    String token = Base64.getEncoder().encodeToString(("admin:" + password()).getBytes(UTF_8));
    return request(path).header("Authorization", "Basic " + token);
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(url + path));
  }

  HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  CompletableFuture<HttpResponse<String>> sendAsync(HttpRequest.Builder request) {
    return client.sendAsync(request.build(), BodyHandlers.ofString());
  }

  <T> CompletableFuture<HttpResponse<T>> sendAsync(
      HttpRequest.Builder request, HttpResponse.BodyHandler<T> handler) {
    return client.sendAsync(request.build(), handler);
  }

  /** {@code POST /function/NAME}. */
  HttpResponse<String> invoke(String function, String body) {
    return send(request("/function/" + function).POST(BodyPublishers.ofString(body)));
  }

  HttpResponse<String> deploy(String json) {
    return send(admin("/system/functions").POST(BodyPublishers.ofString(json)));
  }

  HttpResponse<String> update(String json) {
    return send(admin("/system/functions").PUT(BodyPublishers.ofString(json)));
  }

  HttpResponse<String> delete(String function) {
    return send(
        admin("/system/functions")
            .method("DELETE", BodyPublishers.ofString("{\"functionName\":\"" + function + "\"}")));
  }

  HttpResponse<String> scale(String function, int replicas) {
    return send(
        admin("/system/scale-function/" + function)
            .POST(
                BodyPublishers.ofString(
                    "{\"serviceName\":\"" + function + "\",\"replicas\":" + replicas + "}")));
  }

  String status(String function) {
    return send(admin("/system/function/" + function)).body();
  }

  /** What Prometheus would scrape. */
  String metrics() {
    return send(HttpRequest.newBuilder(metricsUrl.resolve("/metrics"))).body();
  }

  /** {@code ./barista VERB …} as a user on this machine. */
  CommandResult command(String... arguments) {
    return command(data, "", arguments);
  }

  /** The same in a folder of its own, with {@code input} on stdin. */
  CommandResult command(Path folder, String input, String... arguments) {
    return CommandResult.of(
        folder,
        input,
        Map.of("BARISTA_DATA", data.toString(), "OPENFAAS_URL", url.toString()),
        arguments);
  }

  static Path home() {
    return HOME;
  }

  /** Ends it at once, as a power cut would. */
  void kill() {
    process.destroyForcibly();
    awaitEnd();
  }

  /** SIGTERM; returns the exit code. */
  int terminate() {
    process.destroy();
    return awaitEnd();
  }

  /** SIGTERM, not waited for. */
  CompletableFuture<Integer> terminating() {
    process.destroy();
    return process.onExit().thenApply(Process::exitValue);
  }

  private int awaitEnd() {
    try {
      if (process.waitFor(60, TimeUnit.SECONDS)) {
        return process.exitValue();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    process.destroyForcibly();
    throw new AssertionError("still running; output:\n" + String.join("\n", output()));
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      terminate();
    }
  }
}
