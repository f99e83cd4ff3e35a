package dev.barista.gateway.system;

import dev.barista.api.ErrorCode;
import dev.barista.api.FaasException;
import dev.barista.api.FunctionName;
import dev.barista.api.ReplicaId;
import dev.barista.api.wire.LogMessage;
import dev.barista.http.Exchange;
import dev.barista.http.Headers;
import dev.barista.provider.spi.FunctionProvider;
import dev.barista.provider.spi.LogLine;
import dev.barista.provider.spi.LogQuery;
import dev.barista.provider.spi.LogStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * {@code GET /system/logs}: what a function's replicas wrote, as one JSON object per line. The
 * stream of a client that follows ends with the client, the function or the gateway. A client that
 * reads slowly makes the writing wait, and nothing is kept for it. Thread-safe.
 */
public final class LogsApi implements AutoCloseable {

  private static final Headers HEADERS =
      Headers.of("Content-Type", "application/x-ndjson", "X-Content-Type-Options", "nosniff");

  private final FunctionProvider provider;
  private final JsonBodies json;
  private final Names names;
  private final int maxStreams;
  private final Semaphore free;
  private final Set<LogStream> open = ConcurrentHashMap.newKeySet();

  // Mutable state
  private volatile boolean closed;

  /**
   * @param maxStreams readers at the same time; more → 429
   */
  public LogsApi(
      FunctionProvider provider, JsonBodies json, String defaultNamespace, int maxStreams) {
    this.provider = provider;
    this.json = json;
    this.names = new Names(defaultNamespace);
    this.maxStreams = maxStreams;
    this.free = new Semaphore(maxStreams);
  }

  public void logs(Exchange exchange) throws IOException {
    LogQuery query = query(exchange);
    if (!free.tryAcquire()) {
      throw new FaasException(
          ErrorCode.TOO_MANY_REQUESTS,
          "gateway",
          maxStreams + " logs are read at this time already",
          "--max-log-streams",
          null);
    }
    try (LogStream stream = provider.logs(query)) {
      open.add(stream);
      try {
        exchange.onClientGone(stream::close);
        if (closed) {
          throw new FaasException(ErrorCode.DRAINING, "gateway", "the platform is shutting down");
        }
        write(exchange, query.function(), stream);
      } finally {
        open.remove(stream);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the answer stays unfinished, and the client sees that
    } finally {
      free.release();
    }
  }

  private void write(Exchange exchange, FunctionName function, LogStream stream)
      throws IOException, InterruptedException {
    try (OutputStream out = exchange.respond(200, HEADERS)) {
      out.flush(); // the client knows that it follows, though nothing is written yet
      List<LogLine> lines = stream.next();
      while (!lines.isEmpty()) {
        out.write(encoded(function, lines));
        out.flush();
        lines = stream.next();
      }
    }
  }

  private byte[] encoded(FunctionName function, List<LogLine> lines) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    for (LogLine line : lines) {
      text.writeBytes(
          json.bytes(
              new LogMessage(
                  function.name(),
                  function.namespace(),
                  line.replica().value(),
                  line.time(),
                  line.text())));
      text.write('\n');
    }
    return text.toByteArray();
  }

  private LogQuery query(Exchange exchange) {
    Optional<String> name = last(exchange, "name");
    if (name.isEmpty()) {
      throw FaasException.badField("name", null, "the name of a function");
    }
    return new LogQuery(
        names.function(name.get(), null, exchange),
        last(exchange, "instance").map(ReplicaId::new),
        last(exchange, "tail").map(LogsApi::tail).orElse(OptionalInt.empty()),
        last(exchange, "since").map(LogsApi::time),
        last(exchange, "follow").map(LogsApi::flag).orElse(false));
  }

  /** Of a parameter that is given again the last counts. */
  private static Optional<String> last(Exchange exchange, String parameter) {
    List<String> values = exchange.queryAll(parameter);
    return values.isEmpty()
        ? Optional.empty()
        : Optional.of(values.getLast()).filter(text -> !text.isEmpty());
  }

  /** As with OpenFaaS, 0 and less mean all. */
  private static OptionalInt tail(String text) {
    try {
      int lines = Integer.parseInt(text);
      return lines <= 0 ? OptionalInt.empty() : OptionalInt.of(lines);
    } catch (NumberFormatException e) {
      throw wrong("tail", text, "a number of lines; 0 or less for all");
    }
  }

  private static Instant time(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw wrong("since", text, "a time such as 2026-01-31T12:00:00Z");
    }
  }

  /** What Go takes for a boolean. */
  private static boolean flag(String text) {
    return switch (text) {
      case "1", "t", "T", "true", "TRUE", "True" -> true;
      case "0", "f", "F", "false", "FALSE", "False" -> false;
      default -> throw wrong("follow", text, "true or false");
    };
  }

  private static FaasException wrong(String parameter, String given, String expected) {
    FaasException told = FaasException.badField(parameter, given, expected);
    return new FaasException(ErrorCode.UNPROCESSABLE, told.component(), told.getMessage());
  }

  /** Ends all streams, so that a shutdown doesn't wait for them. */
  @Override
  public void close() {
    closed = true;
    open.forEach(LogStream::close);
  }
}
