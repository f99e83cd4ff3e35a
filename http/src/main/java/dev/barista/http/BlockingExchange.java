package dev.barista.http;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Lets blocking code on a virtual thread answer an exchange of the event loop. */
final class BlockingExchange implements Exchange {

  private static final System.Logger LOG = System.getLogger(BlockingExchange.class.getName());
  private static final int COPY_BYTES = 16 << 10;
  private static final ThreadFactory THREADS =
      Thread.ofVirtual()
          .name("exchange-", 0)
          .uncaughtExceptionHandler(
              (thread, cause) ->
                  LOG.log(System.Logger.Level.ERROR, thread.getName() + " died", cause))
          .factory();

  private final ServerExchange exchange;
  private final RequestHead head;
  private final RoutePattern pattern;
  private final BlockingLink link;
  private final AtomicBoolean answered = new AtomicBoolean();

  // Mutable state
  private @Nullable Map<String, List<String>> query;

  private BlockingExchange(ServerExchange exchange, RequestHead head, RoutePattern pattern) {
    this.exchange = exchange;
    this.head = head;
    this.pattern = pattern;
    this.link = new BlockingLink(exchange);
  }

  /** Called on the event loop. */
  static void start(
      ServerExchange exchange, RequestHead head, RoutePattern pattern, ExchangeHandler handler) {
    BlockingExchange blocking = new BlockingExchange(exchange, head, pattern);
    exchange.attach(blocking.link);
    THREADS.newThread(() -> blocking.run(handler)).start();
  }

  private void run(ExchangeHandler handler) {
    try {
      handler.handle(this);
      if (!answered.get()) {
        throw new IllegalStateException("the handler of " + pattern + " did not answer");
      }
    } catch (Exception e) {
      failed(e);
    } catch (Error e) {
      failed(e);
      throw e;
    } finally {
      link.close();
    }
  }

  private void failed(Throwable cause) {
    if (link.gone()) {
      LOG.log(System.Logger.Level.DEBUG, () -> head + ": the client has gone: " + cause);
    } else if (answered.compareAndSet(false, true)) {
      link.onLoop(() -> exchange.fail(cause));
    } else {
      LOG.log(System.Logger.Level.WARNING, head + " failed while it was answered", cause);
      link.onLoop(exchange::cut);
    }
  }

  @Override
  public RequestHead head() {
    return head;
  }

  @Override
  public String callId() {
    return exchange.callId();
  }

  @Override
  public String pathVariable(String name) {
    return PercentDecoder.decode(pattern.variable(name, head.rawPath()));
  }

  @Override
  public String remainder() {
    return pattern.remainder(head.rawPath());
  }

  @Override
  public Optional<String> query(String name) {
    return queryAll(name).stream().findFirst();
  }

  @Override
  public List<String> queryAll(String name) {
    if (query == null) {
      try {
        query = new QueryStringDecoder(head.rawQuery(), /* hasPath= */ false).parameters();
      } catch (IllegalArgumentException _) {
        throw RequestRules.malformed("the query is not validly percent-encoded");
      }
    }
    return query.getOrDefault(name, List.of());
  }

  @Override
  public InputStream body() {
    return link.body();
  }

  @Override
  public byte[] body(int limit) throws IOException {
    if (exchange.body().declaredAbove(limit)) {
      throw tooLarge(limit);
    }
    byte[] bytes = body().readNBytes(limit);
    if (bytes.length == limit && body().read() >= 0) {
      throw tooLarge(limit);
    }
    return bytes;
  }

  private static HttpException tooLarge(int limit) {
    return new HttpException(
        HttpException.Kind.BODY_TOO_LARGE, "the request's body is larger than " + limit + " bytes");
  }

  @Override
  public void respond(int status, Headers headers, byte[] body) throws IOException {
    begin();
    Answer answer = new Answer(status, headers, body);
    link.onLoop(() -> exchange.respond(answer));
  }

  @Override
  public OutputStream respond(int status, Headers headers) throws IOException {
    begin();
    HttpHeaders netty = new DefaultHttpHeaders();
    headers.fields().forEach(field -> netty.add(field.name(), field.value()));
    DefaultHttpResponse response =
        new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), netty);
    link.onLoop(() -> exchange.answer().head(response));
    return new AnswerStream(link, COPY_BYTES);
  }

  private void begin() throws IOException {
    if (!answered.compareAndSet(false, true)) {
      throw new IllegalStateException("the answer has started already");
    }
    if (link.gone()) {
      throw new IOException("the client has gone");
    }
  }

  @Override
  public boolean responseStarted() {
    return answered.get();
  }

  @Override
  public boolean clientGone() {
    return link.gone();
  }

  @Override
  public void onClientGone(Runnable action) {
    link.onGone(action);
  }
}
