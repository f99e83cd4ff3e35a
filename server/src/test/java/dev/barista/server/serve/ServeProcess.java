package dev.barista.server.serve;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.barista.server.BaristaMain;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The program in a process of its own, on free ports. */
final class ServeProcess implements AutoCloseable {

  private static final Pattern READY =
      Pattern.compile("Barista ready on (http://[^ ]+) in \\d+ ms");

  private static final Pattern TEST_LIBRARY =
      Pattern.compile(".*/(test-classes|[^/]*(archunit|slf4j|junit|assertj|testkit)[^/]*)/?");

  /** Of every program here: the user's own keeps what it has. */
  static final Path HOME = home();

  private final Process process;
  private final Path data;
  private final List<String> lines;
  private final String url;

  private ServeProcess(Process process, Path data, List<String> lines, String url) {
    this.process = process;
    this.data = data;
    this.lines = lines;
    this.url = url;
  }

  private static Path home() {
    try {
      Path home = Files.createTempDirectory("barista-home");
      Runtime.getRuntime()
          .addShutdownHook(Thread.ofPlatform().name("forget-home").unstarted(() -> delete(home)));
      return home;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> paths = Files.walk(folder)) {
      paths.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns when it is ready. */
  static ServeProcess start(Path data, List<String> jvmFlags, String... options) {
    List<String> arguments = new ArrayList<>(List.of("serve", "--port=0", "--metrics-port=0"));
    arguments.add("--data=" + data);
    arguments.addAll(List.of(options));
    Process process = spawn(jvmFlags, arguments);
    List<String> lines = new ArrayList<>();
    BufferedReader output = process.inputReader(UTF_8);
    try {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        lines.add(line);
        Matcher ready = READY.matcher(line);
        if (ready.find()) {
          return new ServeProcess(process, data, lines, ready.group(1));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    throw new AssertionError("it never got ready: " + lines);
  }

  /** Runs the program to its end. */
  record Ended(int code, String output) {
    static Ended of(List<String> jvmFlags, String... arguments) {
      Process process = spawn(jvmFlags, List.of(arguments));
      try {
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        return new Ended(process.waitFor(), output);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  private static Process spawn(List<String> jvmFlags, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + "/bin/java");
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx128m"));
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(jvmFlags);
    command.addAll(List.of("-cp", programClassPath()));
    command.add(BaristaMain.class.getName());
    command.addAll(arguments);
    try {
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.environment().put("HOME", HOME.toString());
      return builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Without the tests' libraries: some of the program's look for others and behave differently. */
  private static String programClassPath() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> !TEST_LIBRARY.matcher(entry).matches())
        .collect(Collectors.joining(File.pathSeparator));
  }

  String url() {
    return url;
  }

  long pid() {
    return process.pid();
  }

  /** Everything that it said until it was ready. */
  List<String> lines() {
    return lines;
  }

  /**
   * Status and body.
   *
   * @param body null = none is sent
   */
  String call(String method, String path, boolean admin, @Nullable String body) {
    try {
      HttpURLConnection connection =
          (HttpURLConnection) URI.create(url + path).toURL().openConnection();
      connection.setRequestMethod(method);
      if (admin) {
        String password = Files.readString(data.resolve("secrets/basic-auth-password"));
        connection.setRequestProperty(
            "Authorization",
            "Basic " + Base64.getEncoder().encodeToString(("admin:" + password).getBytes(UTF_8)));
      }
      if (body != null) {
        connection.setDoOutput(true);
        connection.getOutputStream().write(body.getBytes(UTF_8));
      }
      int status = connection.getResponseCode();
      try (var in = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
        return status + " " + (in == null ? "" : new String(in.readAllBytes(), UTF_8));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** SIGTERM; returns the exit code. */
  int terminate() {
    process.destroy();
    return process.onExit().join().exitValue();
  }

  /** SIGKILL. */
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() {
    kill();
  }
}
