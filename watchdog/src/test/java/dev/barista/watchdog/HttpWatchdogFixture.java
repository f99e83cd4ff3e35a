package dev.barista.watchdog;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A function's server that runs in this JVM; the process of its watchdog only lives. */
abstract class HttpWatchdogFixture {

  static final String LIVES = "cat";

  @TempDir Path folder;

  // Mutable state
  HttpServer function;
  int port;

  @BeforeEach
  void startFunction() throws IOException {
    function = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    function.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    port = function.getAddress().getPort();
    function.start();
  }

  @AfterEach
  void stopFunction() {
    function.stop(0);
  }

  void answers(String path, HttpHandler handler) {
    function.createContext(path, handler);
  }

  RunningWatchdog start(String... settings) throws IOException {
    String[] all = new String[settings.length + 2];
    System.arraycopy(settings, 0, all, 0, settings.length);
    all[settings.length] = "upstream_url";
    all[settings.length + 1] = "http://127.0.0.1:" + port;
    return RunningWatchdog.mode("http", folder, LIVES, all);
  }

  static void send(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  static void hold(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
