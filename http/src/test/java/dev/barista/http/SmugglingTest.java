package dev.barista.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Requests that two parsers could understand differently, on the raw socket. Each is either refused
 * with its connection, and no replica sees a byte of it, or passed on in one form that leaves no
 * room: one {@code Content-Length}, or chunks without extensions.
 *
 * <p>Behind each request stands a second one, {@code GET /smuggled}. Where the first is taken, it
 * is the next request of the same client and nothing else.
 */
class SmugglingTest {

  private static final String NEXT = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n";
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  /** Requests as the replica parsed them: request line, framing, body. */
  private static final List<String> SEEN = new CopyOnWriteArrayList<>();

  private static FakeReplica replica;
  private static ProxyServer gateway;

  @BeforeAll
  static void start() throws IOException {
    replica = new FakeReplica(SmugglingTest::record);
    gateway = new ProxyServer(replica.address());
  }

  @AfterAll
  static void stop() throws IOException {
    gateway.close();
    replica.close();
  }

  /** A parser that knows one way to frame a body, and nothing of leniency. */
  private static void record(FakeReplica.Connection connection) throws IOException {
    while (true) {
      String head = connection.readHead();
      String framing = "none";
      String body = "";
      for (String line : head.split("\r\n")) {
        String lower = line.toLowerCase(Locale.ROOT);
        if (lower.equals("transfer-encoding: chunked")) {
          framing = framing.equals("none") ? "chunked" : "AMBIGUOUS";
        } else if (lower.startsWith("content-length: ")) {
          framing = framing.equals("none") ? "length" : "AMBIGUOUS";
          body = new String(connection.read(Integer.parseInt(line.substring(16))), ISO_8859_1);
        } else if (lower.startsWith("transfer-encoding") || lower.startsWith("content-length")) {
          framing = "AMBIGUOUS";
        }
      }
      if (framing.equals("chunked")) {
        body = chunks(connection);
      }
      SEEN.add(head.substring(0, head.indexOf('\r')) + " | " + framing + " | " + body);
      connection.send(OK);
    }
  }

  private static String chunks(FakeReplica.Connection connection) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      String size = connection.readUntil("\r\n").strip();
      if (!size.matches("[0-9a-f]+")) {
        return "BAD CHUNK SIZE " + size;
      }
      int length = Integer.parseInt(size, 16);
      if (length == 0) {
        StringBuilder trailers = new StringBuilder();
        String line = connection.readUntil("\r\n");
        while (!line.equals("\r\n")) {
          trailers.append("[").append(line.strip()).append("]");
          line = connection.readUntil("\r\n");
        }
        return body.toString(ISO_8859_1) + trailers;
      }
      body.write(connection.read(length));
      connection.read(2);
    }
  }

  private static Arguments row(String name, String headers, String body) {
    return Arguments.of(name, "POST /f HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n\r\n" + body);
  }

  private static Arguments chunked(String name, String body) {
    return row(name, "Transfer-Encoding: chunked", body);
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        // Two ways to tell the length
        row("CL.TE", "Content-Length: 6\r\nTransfer-Encoding: chunked", "0\r\n\r\nG"),
        row("TE.CL", "Transfer-Encoding: chunked\r\nContent-Length: 3", "1\r\nx\r\n0\r\n\r\n"),
        row("TE in other letters", "Content-Length: 6\r\ntRANSFER-eNCODING: CHUNKED", "0\r\n\r\nG"),
        row("CL twice, equal", "Content-Length: 1\r\nContent-Length: 1", "x"),
        row("CL twice, other", "Content-Length: 1\r\nContent-Length: 0", "x"),
        row("CL list, equal", "Content-Length: 1, 1", "x"),
        row("CL list, other", "Content-Length: 1, 0", "x"),
        row("TE twice", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", "0\r\n\r\n"),
        row("TE then other", "Transfer-Encoding: chunked\r\nTransfer-Encoding: x", "0\r\n\r\n"),
        // Lengths that are no plain number
        row("CL +", "Content-Length: +1", "x"),
        row("CL -", "Content-Length: -1", "x"),
        row("CL empty", "Content-Length:", "x"),
        row("CL hex", "Content-Length: 0x1", "x"),
        row("CL float", "Content-Length: 1.0", "x"),
        row("CL exponent", "Content-Length: 1e0", "x"),
        row("CL underscore", "Content-Length: 1_0", "x"),
        row("CL quoted", "Content-Length: \"1\"", "x"),
        row("CL inner space", "Content-Length: 1 0", "x"),
        row("CL other digits", "Content-Length: \u00b9", "x"),
        row("CL above long", "Content-Length: 18446744073709551617", "x"),
        row("CL leading NUL", "Content-Length: \u00001", "x"),
        row("CL vertical tab", "Content-Length: \u000b1", "x"),
        // Encodings that only some take for chunked
        row("TE xchunked", "Transfer-Encoding: xchunked", "0\r\n\r\n"),
        row("TE chunkedx", "Transfer-Encoding: chunkedx", "0\r\n\r\n"),
        row("TE identity", "Transfer-Encoding: identity", "0\r\n\r\n"),
        row("TE identity, chunked", "Transfer-Encoding: identity, chunked", "0\r\n\r\n"),
        row("TE chunked, identity", "Transfer-Encoding: chunked, identity", "0\r\n\r\n"),
        row("TE chunked, chunked", "Transfer-Encoding: chunked, chunked", "0\r\n\r\n"),
        row("TE gzip, chunked", "Transfer-Encoding: gzip, chunked", "0\r\n\r\n"),
        row("TE quoted", "Transfer-Encoding: \"chunked\"", "0\r\n\r\n"),
        row("TE parameter", "Transfer-Encoding: chunked;a=b", "0\r\n\r\n"),
        row("TE comma", "Transfer-Encoding: ,chunked", "0\r\n\r\n"),
        row("TE empty", "Transfer-Encoding:", "0\r\n\r\n"),
        row("TE vertical tab", "Transfer-Encoding: \u000bchunked", "0\r\n\r\n"),
        row("TE form feed", "Transfer-Encoding: chunked\u000c", "0\r\n\r\n"),
        row("TE NUL", "Transfer-Encoding: chunked\u0000", "0\r\n\r\n"),
        row("TE bare CR", "Transfer-Encoding: chunked\rX: y", "0\r\n\r\n"),
        row("TE high byte", "Transfer-Encoding: chunked\u00ff", "0\r\n\r\n"),
        Arguments.of(
            "TE in HTTP/1.0", "POST /f HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        // Names that only some take for the header
        row("TE space before colon", "Transfer-Encoding : chunked", "0\r\n\r\n"),
        row("TE tab before colon", "Transfer-Encoding\t: chunked", "0\r\n\r\n"),
        row("CL space before colon", "Content-Length : 1", "x"),
        row("name with space", "X Transfer-Encoding: chunked", "0\r\n\r\n"),
        row("name with NUL", "Transfer-Encoding\u0000: chunked", "0\r\n\r\n"),
        row("name with control", "\u0001Transfer-Encoding: chunked", "0\r\n\r\n"),
        row("name with high byte", "Transfer-Encoding\u00ff: chunked", "0\r\n\r\n"),
        row("no name", ": chunked", ""),
        row("no colon", "Transfer-Encoding chunked", ""),
        Arguments.of(
            "first header begins with space",
            "POST /f HTTP/1.1\r\n Transfer-Encoding: chunked\r\nHost: x\r\n\r\n0\r\n\r\n"),
        // Folded lines
        row("obs-fold in TE", "Transfer-Encoding:\r\n chunked", "0\r\n\r\n"),
        row("obs-fold in CL", "Content-Length:\r\n 1", "x"),
        // Line ends
        row("bare LF", "A: b\nTransfer-Encoding: chunked", "0\r\n\r\n"),
        row("bare CR", "A: b\rTransfer-Encoding: chunked", "0\r\n\r\n"),
        row("CR CR LF", "A: b\r\r\nTransfer-Encoding: chunked", "0\r\n\r\n"),
        Arguments.of("LF after the request line", "POST /f HTTP/1.1\nHost: x\r\n\r\n"),
        Arguments.of("LF LF at the end", "POST /f HTTP/1.1\r\nHost: x\r\nContent-Length: 1\n\nx"),
        row("NUL in a value", "A: b\u0000c", ""),
        // Chunks
        chunked("chunk size +", "+1\r\nx\r\n0\r\n\r\n"),
        chunked("chunk size -", "-1\r\nx\r\n0\r\n\r\n"),
        chunked("chunk size 0x", "0x1\r\nx\r\n0\r\n\r\n"),
        chunked("chunk size empty", "\r\nx\r\n0\r\n\r\n"),
        chunked("chunk size no hex", "g\r\nx\r\n0\r\n\r\n"),
        chunked("chunk size above int", "100000000\r\nx\r\n0\r\n\r\n"),
        chunked("chunk size above long", "10000000000000001\r\nx\r\n0\r\n\r\n"),
        chunked("chunk size with inner space", "1 0\r\nx\r\n0\r\n\r\n"),
        chunked("chunk size LF", "1\nx\r\n0\r\n\r\n"),
        chunked("chunk size CR", "1\rx\r\n0\r\n\r\n"),
        chunked("chunk extension with LF", "1;a\nx\r\n0\r\n\r\n"),
        chunked("chunk extension with CR", "1;a\rb\r\nx\r\n0\r\n\r\n"),
        chunked("chunk extension quoted LF", "1;a=\"\n\"\r\nx\r\n0\r\n\r\n"),
        chunked("chunk longer than said", "1\r\nxy\r\n0\r\n\r\n"),
        chunked("chunk end LF", "1\r\nx\n0\r\n\r\n"),
        chunked("chunk end missing", "1\r\nx0\r\n\r\n"),
        chunked("chunk end other", "1\r\nx\r\r\n0\r\n\r\n"),
        chunked("last chunk LF", "1\r\nx\r\n0\n\n"),
        chunked("trailer with LF", "0\r\nA: b\n\r\n"),
        chunked("trailer space before colon", "0\r\nA : b\r\n\r\n"),
        chunked("trailer without colon", "0\r\nabc\r\n\r\n"),
        // Request line and Host
        Arguments.of("space in the target", "POST /f g HTTP/1.1\r\nHost: x\r\n\r\n"),
        Arguments.of("space at the end", "POST /f HTTP/1.1 \r\nHost: x\r\n\r\n"),
        Arguments.of("version 1.2", "POST /f HTTP/1.2\r\nHost: x\r\n\r\n"),
        Arguments.of("version 0.9", "POST /f\r\n\r\n"),
        Arguments.of("NUL in the target", "POST /f\u0000 HTTP/1.1\r\nHost: x\r\n\r\n"),
        Arguments.of("no Host", "POST /f HTTP/1.1\r\n\r\n"),
        Arguments.of("blank in Host", "POST /f HTTP/1.1\r\nHost: x y\r\n\r\n"),
        Arguments.of("path in Host", "POST /f HTTP/1.1\r\nHost: x/y\r\n\r\n"),
        Arguments.of("markup in Host", "POST /f HTTP/1.1\r\nHost: <x>\r\n\r\n"),
        Arguments.of("Host twice", "POST /f HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refused")
  void ambiguousRequest_isRefusedWithItsConnection(String name, String request) throws Exception {
    SEEN.clear();
    try (RawClient client = gateway.client()) {
      String answers = client.send(request + NEXT).readAll();

      assertThat(answers)
          .as(name)
          .matches("(?s)HTTP/1\\.1 (400|501|505) .*")
          .containsOnlyOnce("HTTP/1.1 ")
          .containsIgnoringCase("connection: close\r\n");
    }
    assertThat(SEEN)
        .as(name)
        .noneMatch(seen -> !seen.startsWith("POST /f ") || seen.contains("AMB"));
    assertThat(SEEN).as(name).isEmpty();
  }

  private static Arguments taken(String name, String request, String seen) {
    return Arguments.of(name, request, seen);
  }

  private static String post(String headers, String body) {
    return "POST /f HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n\r\n" + body;
  }

  static Stream<Arguments> taken() {
    String chunked = "Transfer-Encoding: chunked";
    return Stream.of(
        taken("plain length", post("Content-Length: 1", "x"), "length | x"),
        taken("length with zeros", post("Content-Length: 0001", "x"), "length | x"),
        taken("length with spaces", post("Content-Length:  \t1 \t", "x"), "length | x"),
        taken("length without space", post("Content-Length:1", "x"), "length | x"),
        taken("no body", post("A: b", ""), "none | "),
        taken("chunked", post(chunked, "1\r\nx\r\n0\r\n\r\n"), "chunked | x"),
        taken(
            "chunked in other letters",
            post("transfer-encoding: ChUnKeD", "1\r\nx\r\n0\r\n\r\n"),
            "chunked | x"),
        taken(
            "chunked with spaces",
            post("Transfer-Encoding: \tchunked \t", "1\r\nx\r\n0\r\n\r\n"),
            "chunked | x"),
        taken(
            "chunk extension", post(chunked, "1;a=b;c=\"d;e\"\r\nx\r\n0;f\r\n\r\n"), "chunked | x"),
        taken("chunk size with zeros", post(chunked, "0001\r\nx\r\n000\r\n\r\n"), "chunked | x"),
        taken(
            "chunk size in capitals",
            post(chunked, "A\r\n0123456789\r\n0\r\n\r\n"),
            "chunked | 0123456789"),
        taken("many chunks", post(chunked, "1\r\nx\r\n2\r\nyz\r\n0\r\n\r\n"), "chunked | xyz"),
        taken(
            "a request as body",
            post("Content-Length: " + NEXT.length(), NEXT),
            "length | " + NEXT),
        taken(
            "a request as chunk",
            post(chunked, Integer.toHexString(NEXT.length()) + "\r\n" + NEXT + "\r\n0\r\n\r\n"),
            "chunked | " + NEXT),
        taken("trailer", post(chunked, "1\r\nx\r\n0\r\nA: b\r\n\r\n"), "chunked | x[A: b]"),
        taken(
            "framing as trailer",
            post(
                chunked,
                "1\r\nx\r\n0\r\nContent-Length: 9\r\nTransfer-Encoding: x\r\nA: b\r\n\r\n"),
            "chunked | x[A: b]"),
        taken(
            "framing named in Connection",
            post("Connection: Content-Length\r\nContent-Length: 1", "x"),
            "length | x"),
        taken(
            "chunked named in Connection",
            post("Connection: Transfer-Encoding\r\n" + chunked, "1\r\nx\r\n0\r\n\r\n"),
            "chunked | x"),
        taken(
            "length in HTTP/1.0",
            "POST /f HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\nx",
            "length | x"),
        taken("empty lines before", "\r\n\r\n" + post("Content-Length: 1", "x"), "length | x"),
        taken(
            "high bytes in a value",
            post("A: \u00e9\u00ff\r\nContent-Length: 1", "x"),
            "length | x"),
        taken(
            "GET with a body",
            "GET /f HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx",
            "length | x"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("taken")
  void takenRequest_isPassedOnInOneForm(String name, String request, String seen) throws Exception {
    SEEN.clear();
    try (RawClient client = gateway.client()) {
      client.send(request + NEXT);

      assertThat(client.readAnswer()).as(name).startsWith("HTTP/1.1 200 ");
      assertThat(client.readAnswer()).as(name).startsWith("HTTP/1.1 200 ");
    }
    assertThat(SEEN).hasSize(2);
    assertThat(SEEN.get(0)).endsWith("/f HTTP/1.1 | " + seen);
    assertThat(SEEN.get(1)).isEqualTo("GET /smuggled HTTP/1.1 | none | ");
  }

  /** The other direction: what a replica answers ambiguously never reaches the client. */
  static Stream<Arguments> answers() {
    String ok = "HTTP/1.1 200 OK\r\n";
    return Stream.of(
        Arguments.of(
            "CL and TE", ok + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        Arguments.of("CL twice, other", ok + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nxy"),
        Arguments.of("CL -", ok + "Content-Length: -1\r\n\r\n"),
        Arguments.of("CL +", ok + "Content-Length: +1\r\n\r\nx"),
        Arguments.of("CL list", ok + "Content-Length: 1, 2\r\n\r\nxy"),
        Arguments.of("TE unknown", ok + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
        Arguments.of("NUL in a value", ok + "A: b\u0000\r\nContent-Length: 1\r\n\r\nx"),
        Arguments.of("no status", "HTTP/1.1 OK\r\n\r\n"),
        Arguments.of("status of two digits", "HTTP/1.1 20 OK\r\n\r\n"),
        Arguments.of("another protocol", "SSH-2.0-OpenSSH\r\n\r\n"),
        Arguments.of("an answer nobody asked for", "HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("answers")
  void ambiguousAnswer_isBroken(String name, String answer) throws Exception {
    try (FakeReplica hostile = FakeReplica.answering(answer);
        ProxyServer proxy = new ProxyServer(hostile.address());
        RawClient client = proxy.client()) {
      client.send("GET /f HTTP/1.1\r\nHost: x\r\n\r\n");

      assertThat(client.readAnswer()).as(name).startsWith("HTTP/1.1 502 ");
      assertThat(proxy.awaitOutcome()).isInstanceOf(ProxyOutcome.Broken.class);
      proxy.settle();
      assertThat(proxy.idle().kept()).isZero();
    }
  }

  @Test
  void bytesBehindAnAnswer_spoilItsConnection() throws Exception {
    try (FakeReplica hostile = FakeReplica.answering(OK + OK);
        ProxyServer proxy = new ProxyServer(hostile.address());
        RawClient client = proxy.client()) {
      for (int i = 0; i < 3; i++) {
        client.send("GET /" + i + " HTTP/1.1\r\nHost: x\r\n\r\n");
        assertThat(client.readAnswer()).endsWith("ok");
        assertThat(hostile.awaitHead()).startsWith("GET /" + i);
        assertThat(hostile.awaitEnd()).isNotEmpty();
      }
      proxy.settle();
      assertThat(proxy.idle().kept()).isZero();
    }
  }
}
