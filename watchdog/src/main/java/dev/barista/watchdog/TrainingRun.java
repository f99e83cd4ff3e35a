package dev.barista.watchdog;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.barista.spawn.Platform;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/**
 * Serves a few calls to itself and ends: what the JVM records of it becomes the ahead-of-time cache
 * ({@link WatchdogLaunch}).
 */
final class TrainingRun {

  /**
   * Enough that the cache knows what is hot: with 20, a replica's first calls cost twice as much.
   */
  private static final int CALLS = 500;

  private static final int FEW_CALLS = 50;

  private TrainingRun() {}

  static int run(Map<String, String> environment, PrintStream err) {
    try {
      Path folder = Files.createTempDirectory("watchdog");
      try {
        serveItself(environment, folder);
        return 0;
      } finally {
        Files.deleteIfExists(folder.resolve("socket"));
        Files.deleteIfExists(folder.resolve(".lock"));
        Files.delete(folder);
      }
    } catch (IOException | RuntimeException failure) {
      err.println("training run: " + failure);
      return 1;
    }
  }

  private static void serveItself(Map<String, String> environment, Path folder) throws IOException {
    var variables = new HashMap<>(environment);
    variables.put("fprocess", "cat");
    variables.put("TMPDIR", folder.toString());
    variables.put(ConfigParser.SOCKET, folder.resolve("socket").toString());
    Platform.linkInBackground();
    serve(ConfigParser.classic(variables), environment, CALLS);
    // Each class in the cache costs every replica memory, so the rarer modes are left out.
    variables.put("mode", "streaming");
    serve(ConfigParser.modern(variables), environment, FEW_CALLS);
  }

  private static void serve(WatchdogConfig config, Map<String, String> environment, int calls)
      throws IOException {
    try (WatchdogServer server = start(config, environment)) {
      var address = (UnixDomainSocketAddress) config.address();
      call(address, "GET /_/health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
      for (int i = 0; i < calls; i++) {
        call(
            address,
            "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi");
      }
      server.beginStop();
    }
  }

  private static WatchdogServer start(WatchdogConfig config, Map<String, String> environment)
      throws IOException {
    var log = new WatchdogLog(OutputStream.nullOutputStream(), InstantSource.system());
    var function = FunctionEnvironment.of(environment).forProcesses();
    return WatchdogServer.start(
        config, log, loops -> Runners.start(config, function, log, loops, _ -> {}));
  }

  private static void call(UnixDomainSocketAddress address, String request) throws IOException {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(address);
      channel.write(ByteBuffer.wrap(request.getBytes(ISO_8859_1)));
      var answer = ByteBuffer.allocate(4096);
      while (channel.read(answer) > 0) {
        // Until the server closes.
      }
      String status = new String(answer.array(), 0, Math.min(12, answer.position()), ISO_8859_1);
      if (!status.equals("HTTP/1.1 200")) {
        throw new IOException("answered: " + status);
      }
    }
  }
}
