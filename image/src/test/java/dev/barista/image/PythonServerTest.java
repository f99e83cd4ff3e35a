package dev.barista.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP as the servers of the Python templates speak it, the forking one and the threaded one. */
class PythonServerTest {

  private static final String FORKING = "python3";
  private static final String THREADED = "python3-flask";

  private static final Map<String, RunningFunction> ECHOES = new TreeMap<>();

  @TempDir static Path shared;
  @TempDir Path folder;

  private static Workshop workshop;

  @BeforeAll
  static void start() throws IOException {
    Tools.require("python3");
    workshop = new Workshop(shared);
    for (String template : List.of(FORKING, THREADED)) {
      workshop.build(template, template, "handler.py", "def handle(req):\n    return req\n");
      ECHOES.put(template, workshop.start(template, Map.of()));
    }
  }

  @AfterAll
  static void stop() {
    ECHOES.values().forEach(RunningFunction::close);
  }

  @ParameterizedTest
  @ValueSource(strings = {FORKING, THREADED})
  void requestsInARow_areAnsweredInOrderOnOneConnection(String template) throws Exception {
    var answers =
        echo(template)
            .raw(
                latin1(
                    post("one", "")
                        + "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + "1\r\nt\r\n2;x=y\r\nwo\r\n0\r\nTrailer: x\r\n\r\n"
                        + post("three", "Connection: close\r\n")),
                false);

    assertThat(answers).extracting(a -> a.text().strip()).containsExactly("one", "two", "three");
  }

  @ParameterizedTest
  @ValueSource(strings = {FORKING, THREADED})
  void expectContinue_isTold(String template) throws Exception {
    try (SocketChannel channel = echo(template).connect()) {
      InputStream in = Channels.newInputStream(channel);
      write(channel, "POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
      assertThat(new String(in.readNBytes(25), ISO_8859_1))
          .isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");

      write(channel, "hi");
      assertThat(new String(in.readNBytes(15), ISO_8859_1)).isEqualTo("HTTP/1.1 200 OK");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          nonsense~~                                                           | 400
          GET / HTTP/2.0~~                                                     | 400
          GET  / HTTP/1.1~~                                                    | 400
          POST / HTTP/1.1~Content-Length: 1~Content-Length: 2~~                | 400
          POST / HTTP/1.1~Content-Length: -1~~                                 | 400
          POST / HTTP/1.1~Content-Length: 1~Transfer-Encoding: chunked~~       | 400
          POST / HTTP/1.1~Transfer-Encoding: gzip~~                            | 501
          POST / HTTP/1.1~Transfer-Encoding: chunked~~zz~                      | 400
          POST / HTTP/1.1~Transfer-Encoding: chunked~~1~ab~                    | 400
          GET / HTTP/1.1~Bad Name: x~~                                         | 400
          GET / HTTP/1.1~no colon~~                                            | 400
          """)
  void malformedRequests_areRefusedAndTheConnectionCloses(String request, int status)
      throws Exception {
    for (RunningFunction function : ECHOES.values()) {
      var answers = function.raw(latin1(request.replace("~", "\r\n")), false);

      assertThat(answers).extracting(RunningFunction.Answer::status).containsExactly(status);
      assertThat(function.post("alive").text().strip()).isEqualTo("alive");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {FORKING, THREADED})
  void manyCallers_areServedTogether(String template) throws Exception {
    RunningFunction function = echo(template);
    try (var threads = Executors.newFixedThreadPool(16)) {
      List<Future<String>> answers =
          IntStream.range(0, 200)
              .mapToObj(i -> threads.submit(() -> function.post("call " + i).text().strip()))
              .toList();

      for (int i = 0; i < answers.size(); i++) {
        assertThat(answers.get(i).get()).isEqualTo("call " + i);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {FORKING, THREADED})
  void termination_letsARunningCallFinish(String template) throws Exception {
    workshop.build(
        template,
        "fn",
        "handler.py",
        """
        import os, time
        def handle(req):
            open(os.environ["STARTED"], "w").close()
            while not os.path.exists(os.environ["GO"]):
                time.sleep(0.01)
            return "finished"
        """);
    Path started = folder.resolve("started");
    Path go = folder.resolve("go");
    try (var function =
            workshop.start("fn", Map.of("STARTED", started.toString(), "GO", go.toString()));
        var threads = Executors.newFixedThreadPool(1)) {
      Future<String> answer = threads.submit(() -> function.post("").text());
      awaitFile(started);
      function.process.destroy();
      Files.createFile(go);

      assertThat(answer.get().strip()).isEqualTo("finished");
      // Not asked to end again: an interpreter that is ending has no handler any more.
      assertThat(function.process.waitFor()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {FORKING})
  void callerThatLeaves_endsItsCall(String template) throws Exception {
    workshop.build(
        template,
        "fn",
        "handler.py",
        """
        import os, time
        def handle(req):
            with open(os.environ["STARTED"] + ".tmp", "w") as f:
                f.write(str(os.getpid()))
            os.rename(os.environ["STARTED"] + ".tmp", os.environ["STARTED"])
            time.sleep(1000)
        """);
    Path started = folder.resolve("started");
    try (var function = workshop.start("fn", Map.of("STARTED", started.toString()))) {
      long pid;
      try (SocketChannel channel = function.connect()) {
        write(channel, post("x", ""));
        awaitFile(started);
        pid = Long.parseLong(Files.readString(started));
      }
      Optional<ProcessHandle> call = ProcessHandle.of(pid);
      if (call.isPresent()) {
        assertThat(call.get().onExit()).succeedsWithin(60, TimeUnit.SECONDS);
      }
    }
  }

  private static RunningFunction echo(String template) {
    return requireNonNull(ECHOES.get(template));
  }

  private static String post(String body, String headers) {
    return "POST / HTTP/1.1\r\n" + headers + "Content-Length: " + body.length() + "\r\n\r\n" + body;
  }

  private static void awaitFile(Path file) {
    while (!Files.exists(file)) {
      Thread.onSpinWait();
    }
  }

  private static byte[] latin1(String text) {
    return text.getBytes(ISO_8859_1);
  }

  private static void write(SocketChannel channel, String text) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(latin1(text));
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }
}
