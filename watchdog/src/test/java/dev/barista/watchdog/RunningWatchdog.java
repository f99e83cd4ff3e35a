package dev.barista.watchdog;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A watchdog on a free port with its own TMPDIR, and a client. */
final class RunningWatchdog implements AutoCloseable {

  private final HttpClient client = HttpClient.newHttpClient();
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();
  private final WatchdogConfig config;
  private final WatchdogServer server;

  private final BlockingQueue<String> deaths = new LinkedBlockingQueue<>();

  private RunningWatchdog(Path folder, boolean classic, Map<String, String> variables)
      throws IOException {
    var environment =
        new HashMap<>(
            Map.of(
                "port",
                "0",
                "BARISTA_METRICS_PORT",
                "0",
                "TMPDIR",
                folder.toString(),
                "PATH",
                System.getenv("PATH")));
    environment.putAll(variables);
    config = classic ? ConfigParser.classic(environment) : ConfigParser.modern(environment);
    var lines = new WatchdogLog(log, InstantSource.system());
    var function = FunctionEnvironment.of(environment).forProcesses();
    server =
        WatchdogServer.start(
            config, lines, loops -> Runners.start(config, function, lines, loops, deaths::add));
  }

  /**
   * A classic one.
   *
   * @param settings name, value, name, value …
   */
  static RunningWatchdog start(Path folder, String fprocess, String... settings)
      throws IOException {
    return new RunningWatchdog(folder, /* classic= */ true, variables(fprocess, settings));
  }

  /** One of of-watchdog's modes. */
  static RunningWatchdog mode(String mode, Path folder, String fprocess, String... settings)
      throws IOException {
    Map<String, String> variables = variables(fprocess, settings);
    variables.put("mode", mode);
    return new RunningWatchdog(folder, /* classic= */ false, variables);
  }

  private static Map<String, String> variables(String fprocess, String... settings) {
    var variables = new HashMap<String, String>();
    variables.put("fprocess", fprocess);
    for (int i = 0; i < settings.length; i += 2) {
      variables.put(settings[i], settings[i + 1]);
    }
    return variables;
  }

  /** Why the function's process has ended, waiting for it. */
  String death() throws InterruptedException {
    return deaths.take();
  }

  /** A shell script as a function. */
  static String script(Path folder, String text) throws IOException {
    Path file = Files.createTempFile(folder, "function", ".sh");
    Files.writeString(file, "#!/bin/sh\n" + text + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    return file.toString();
  }

  /** What a socket gives, up to and with {@code end}. */
  static String readUntil(Socket socket, String end) throws IOException {
    var text = new StringBuilder();
    while (text.indexOf(end) < 0) {
      int next = socket.getInputStream().read();
      if (next < 0) {
        throw new IOException("ended after: " + text);
      }
      text.append((char) next);
    }
    return text.toString();
  }

  HttpResponse<String> post(String path, String body, String... headers)
      throws IOException, InterruptedException {
    return send(path, "POST", BodyPublishers.ofString(body), headers);
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(path, "GET", BodyPublishers.noBody());
  }

  HttpResponse<String> send(
      String path, String method, HttpRequest.BodyPublisher body, String... headers)
      throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(uri(path)).method(method, body);
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofString(UTF_8));
  }

  HttpClient client() {
    return client;
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port() + path);
  }

  int port() {
    return ((InetSocketAddress) server.address()).getPort();
  }

  HttpResponse<String> scrape() throws IOException, InterruptedException {
    URI metrics = URI.create("http://127.0.0.1:" + metricsPort() + "/metrics");
    return client.send(HttpRequest.newBuilder(metrics).build(), BodyHandlers.ofString(UTF_8));
  }

  int metricsPort() {
    return ((InetSocketAddress) server.metricsAddress().orElseThrow()).getPort();
  }

  WatchdogServer server() {
    return server;
  }

  Path lockFile() {
    return config.lockFile();
  }

  String log() {
    return log.toString(UTF_8);
  }

  @Override
  public void close() {
    client.close();
    server.close();
  }
}
