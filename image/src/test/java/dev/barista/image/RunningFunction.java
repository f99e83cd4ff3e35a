package dev.barista.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** A function's own server as a process, and a raw HTTP client for it. */
final class RunningFunction implements AutoCloseable {

  private static final long START_NANOS = TimeUnit.SECONDS.toNanos(60);

  /** One answer. */
  record Answer(int status, Map<String, String> headers, String latin1) {
    byte[] body() {
      return latin1.getBytes(ISO_8859_1);
    }

    String text() {
      return new String(body(), UTF_8);
    }

    String header(String name) {
      return headers.getOrDefault(name, "");
    }
  }

  final Process process;
  final SocketAddress address;
  private final Path log;

  private RunningFunction(Process process, SocketAddress address, Path log) {
    this.process = process;
    this.address = address;
    this.log = log;
  }

  static RunningFunction start(
      HostImage image, InterpreterResolver resolver, Map<String, String> environment, Path folder)
      throws IOException {
    Map<String, String> variables = new TreeMap<>(image.environment());
    variables.put("PATH", "/usr/bin:/bin");
    variables.putAll(environment);
    List<String> command =
        new ArrayList<>(List.of(variables.getOrDefault("fprocess", "").split(" ")));
    if (command.getFirst().startsWith("./")) {
      command.set(0, image.rootFolder().resolve(command.getFirst()).toString());
    } else {
      Interpreter interpreter = resolver.resolve(image, command.getFirst(), i -> true);
      command.set(0, interpreter.executable().toString());
    }
    SocketAddress address;
    if (image.listensOnSocket()) {
      Path socket = Files.createTempDirectory("fn").resolve("s");
      address = UnixDomainSocketAddress.of(socket);
      variables.put("BARISTA_SOCKET", socket.toString());
    } else {
      int port;
      try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        port = free.getLocalPort();
      }
      address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
      variables.put("PORT", Integer.toString(port));
    }
    Path log = Files.createTempFile(folder, "function", ".log");
    var builder =
        new ProcessBuilder(command)
            .directory(image.rootFolder().toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().clear();
    builder.environment().putAll(variables);
    var function = new RunningFunction(builder.start(), address, log);
    function.awaitReady();
    return function;
  }

  private void awaitReady() throws IOException {
    long start = System.nanoTime();
    while (true) {
      try {
        connect().close();
        return;
      } catch (IOException e) {
        if (!process.isAlive() || System.nanoTime() - start > START_NANOS) {
          throw new IOException("function did not start: " + log(), e);
        }
        Thread.onSpinWait();
      }
    }
  }

  SocketChannel connect() throws IOException {
    var family =
        address instanceof UnixDomainSocketAddress
            ? StandardProtocolFamily.UNIX
            : StandardProtocolFamily.INET;
    SocketChannel channel = SocketChannel.open(family);
    try {
      channel.connect(address);
      return channel;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  String log() throws IOException {
    return Files.readString(log);
  }

  Answer post(String body) throws IOException {
    return call("POST", "/", body.getBytes(UTF_8));
  }

  Answer call(String method, String target, byte[] body, String... headers) throws IOException {
    StringBuilder head = new StringBuilder(method + ' ' + target + " HTTP/1.1\r\nHost: fn\r\n");
    for (String header : headers) {
      head.append(header).append("\r\n");
    }
    head.append("Connection: close\r\nContent-Length: ").append(body.length).append("\r\n\r\n");
    var request = new ByteArrayOutputStream();
    request.writeBytes(head.toString().getBytes(ISO_8859_1));
    request.writeBytes(body);
    return raw(request.toByteArray(), method.equals("HEAD")).getFirst();
  }

  /** Sends bytes and reads every answer until the server closes. */
  List<Answer> raw(byte[] bytes, boolean head) throws IOException {
    try (SocketChannel channel = connect()) {
      Thread writer =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      ByteBuffer buffer = ByteBuffer.wrap(bytes);
                      while (buffer.hasRemaining()) {
                        channel.write(buffer);
                      }
                    } catch (IOException e) {
                      return; // the reader sees what came of it
                    }
                  });
      List<Answer> answers = readAll(Channels.newInputStream(channel), head);
      writer.join();
      return answers;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private static List<Answer> readAll(InputStream raw, boolean head) throws IOException {
    var in = new BufferedInputStream(raw);
    List<Answer> answers = new ArrayList<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int status = Integer.parseInt(line.split(" ")[1]);
      Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      for (String field = line(in); !field.isEmpty(); field = line(in)) {
        int colon = field.indexOf(':');
        headers.merge(
            field.substring(0, colon).toLowerCase(Locale.ROOT),
            field.substring(colon + 1).strip(),
            (a, b) -> a + ", " + b);
      }
      byte[] body = head ? new byte[0] : body(in, status, headers);
      answers.add(new Answer(status, headers, new String(body, ISO_8859_1)));
    }
    return answers;
  }

  private static byte[] body(InputStream in, int status, Map<String, String> headers)
      throws IOException {
    if (status < 200 || status == 204 || status == 304) {
      return new byte[0];
    }
    if (!"chunked".equals(headers.get("transfer-encoding"))) {
      String length = headers.get("content-length");
      return length == null ? in.readAllBytes() : in.readNBytes(Integer.parseInt(length));
    }
    var body = new ByteArrayOutputStream();
    for (int size = size(in); size > 0; size = size(in)) {
      body.writeBytes(in.readNBytes(size));
      line(in);
    }
    line(in);
    return body.toByteArray();
  }

  private static int size(InputStream in) throws IOException {
    return Integer.parseInt(line(in), 16);
  }

  private static String line(InputStream in) throws IOException {
    var line = new ByteArrayOutputStream();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
      if (c != '\r') {
        line.write(c);
      }
    }
    return line.toString(ISO_8859_1);
  }

  /** SIGTERM, then the exit status. */
  int terminate() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new IllegalStateException("function did not end");
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
