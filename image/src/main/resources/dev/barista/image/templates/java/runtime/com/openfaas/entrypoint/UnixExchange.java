package com.openfaas.entrypoint;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpPrincipal;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One call on a Unix-domain socket. There is no context, no principal and no real address. */
final class UnixExchange extends HttpExchange {

  /** A request that gets this status line and no handler. */
  static final class Refused extends IOException {
    private static final long serialVersionUID = 1;

    Refused(String status) {
      super(status);
    }
  }

  private static final int MOST_HEADERS = 200;
  private static final long DRAINED = 256 * 1024;
  private static final InetSocketAddress LOCAL =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  private static final Set<String> OWN = Set.of("content-length", "transfer-encoding", "connection");
  private static final Map<Integer, String> REASONS =
      Map.of(
          200, "OK", 201, "Created", 202, "Accepted", 204, "No Content", 302, "Found", 304,
          "Not Modified", 400, "Bad Request", 404, "Not Found", 500, "Internal Server Error");

  private final String method;
  private final URI uri;
  private final String protocol;
  private final Headers request;
  private final OutputStream wire;
  private final Bodies.Incoming incoming;
  private final Headers response = new Headers();
  private final Map<String, Object> attributes = new HashMap<>();
  private InputStream in;
  private OutputStream out;
  private Bodies.Fixed fixed;
  private int status = -1;
  private boolean keep;
  private boolean closed;

  private UnixExchange(String[] words, URI uri, Headers request, InputStream in, OutputStream wire)
      throws IOException {
    this.method = words[0];
    this.uri = uri;
    this.protocol = words[2];
    this.request = request;
    this.wire = wire;
    this.keep = keeps();
    List<String> lengths = request.getOrDefault("Content-length", List.of());
    List<String> codings = request.getOrDefault("Transfer-encoding", List.of());
    boolean chunked = codings.equals(List.of("chunked"));
    if (!codings.isEmpty() && !chunked) {
      throw new Refused("501 Not Implemented");
    }
    if (lengths.stream().distinct().count() > 1 || (chunked && !lengths.isEmpty())) {
      throw new Refused("400 Bad Request");
    }
    this.incoming = new Bodies.Incoming(in, length(lengths), chunked);
    this.in = incoming;
    if ("100-continue".equalsIgnoreCase(request.getFirst("Expect"))) {
      // Before the handler, as the JDK's server does it: it may send its headers first.
      wire.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(ISO_8859_1));
    }
  }

  /** The next call, or null when the connection has ended. */
  static UnixExchange read(InputStream in, OutputStream wire) throws IOException {
    String first;
    try {
      first = Bodies.Lines.read(in);
    } catch (EOFException e) {
      return null;
    }
    String[] words = first.split(" ", -1);
    if (words.length != 3 || !words[2].matches("HTTP/1\\.[01]")) {
      throw new Refused("400 Bad Request");
    }
    try {
      return new UnixExchange(words, new URI(words[1]), headers(in), in, wire);
    } catch (URISyntaxException e) {
      throw new Refused("400 Bad Request");
    }
  }

  private static Headers headers(InputStream in) throws IOException {
    var headers = new Headers();
    for (int i = 0; i < MOST_HEADERS; i++) {
      String line = Bodies.Lines.read(in);
      if (line.isEmpty()) {
        return headers;
      }
      int colon = line.indexOf(':');
      if (colon <= 0 || line.chars().limit(colon).anyMatch(c -> c <= ' ')) {
        throw new Refused("400 Bad Request");
      }
      headers.add(line.substring(0, colon), line.substring(colon + 1).strip());
    }
    throw new Refused("431 Request Header Fields Too Large");
  }

  private static long length(List<String> lengths) throws Refused {
    if (lengths.isEmpty()) {
      return 0;
    }
    if (!lengths.getFirst().matches("[0-9]{1,18}")) {
      throw new Refused("400 Bad Request");
    }
    return Long.parseLong(lengths.getFirst());
  }

  private boolean keeps() {
    String options = String.join(",", request.getOrDefault("Connection", List.of())).toLowerCase();
    return protocol.equals("HTTP/1.1") ? !options.contains("close") : options.contains("keep-alive");
  }

  boolean keepsConnection() {
    return keep;
  }

  @Override
  public void sendResponseHeaders(int code, long length) throws IOException {
    if (status != -1) {
      throw new IOException("headers are sent already");
    }
    boolean bodiless = code < 200 || code == 204 || code == 304;
    boolean chunked = length == 0 && !bodiless && protocol.equals("HTTP/1.1");
    keep &= !"close".equalsIgnoreCase(response.getFirst("Connection"));
    keep &= length != 0 || bodiless || chunked;
    String reason = REASONS.getOrDefault(code, "Status");
    var head = new StringBuilder("HTTP/1.1 " + code + ' ' + reason + "\r\n");
    response.forEach(
        (name, values) -> {
          if (!OWN.contains(name.toLowerCase())) {
            values.forEach(value -> head.append(name + ": " + value + "\r\n"));
          }
        });
    if (chunked) {
      head.append("Transfer-Encoding: chunked\r\n");
    } else if (!bodiless && length != 0) {
      head.append("Content-Length: " + Math.max(length, 0) + "\r\n");
    }
    head.append(keep ? "\r\n" : "Connection: close\r\n\r\n");
    wire.write(head.toString().getBytes(ISO_8859_1));
    status = code;
    boolean silent = bodiless || length < 0 || method.equals("HEAD");
    fixed = new Bodies.Fixed(wire, silent || length == 0 ? 0 : length);
    if (silent) {
      setOut(OutputStream.nullOutputStream());
    } else if (chunked) {
      setOut(new Bodies.Chunked(wire));
    } else {
      setOut(length == 0 ? wire : fixed);
    }
  }

  private void setOut(OutputStream body) {
    if (out instanceof Placeholder placeholder) {
      placeholder.body = body;
    } else {
      out = body;
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      if (status == -1) {
        keep = false;
        return;
      }
      if (out != wire) {
        out.close();
      }
      keep &= fixed.isComplete() && incoming.drain(DRAINED);
    } catch (IOException e) {
      keep = false;
    }
  }

  /** Handed out before the headers are sent. */
  private static final class Placeholder extends OutputStream {
    private OutputStream body;

    private OutputStream body() throws IOException {
      if (body == null) {
        throw new IOException("the headers aren't sent yet");
      }
      return body;
    }

    @Override
    public void write(int value) throws IOException {
      body().write(value);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      body().write(bytes, from, length);
    }

    @Override
    public void close() throws IOException {
      if (body != null) {
        body.close();
      }
    }
  }

  @Override
  public Headers getRequestHeaders() {
    return request;
  }

  @Override
  public Headers getResponseHeaders() {
    return response;
  }

  @Override
  public URI getRequestURI() {
    return uri;
  }

  @Override
  public String getRequestMethod() {
    return method;
  }

  @Override
  public HttpContext getHttpContext() {
    throw new UnsupportedOperationException("a function has no context");
  }

  @Override
  public InputStream getRequestBody() {
    return in;
  }

  @Override
  public OutputStream getResponseBody() {
    if (out == null) {
      out = new Placeholder();
    }
    return out;
  }

  @Override
  public InetSocketAddress getRemoteAddress() {
    return LOCAL;
  }

  @Override
  public InetSocketAddress getLocalAddress() {
    return LOCAL;
  }

  @Override
  public int getResponseCode() {
    return status;
  }

  @Override
  public String getProtocol() {
    return protocol;
  }

  @Override
  public Object getAttribute(String name) {
    return attributes.get(name);
  }

  @Override
  public void setAttribute(String name, Object value) {
    attributes.put(name, value);
  }

  @Override
  public void setStreams(InputStream input, OutputStream output) {
    if (input != null) {
      in = input;
    }
    if (output != null) {
      out = output;
    }
  }

  @Override
  public HttpPrincipal getPrincipal() {
    return null;
  }
}
