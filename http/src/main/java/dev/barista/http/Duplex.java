package dev.barista.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Both directions of an exchange in pieces, at the same time and without a thread: for handlers
 * that move bytes between a client and something that isn't HTTP. Used on the loop of the exchange
 * only. Nothing piles up if the handler heeds {@link #writable} and {@link #pause}.
 */
public final class Duplex {

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final ServerExchange exchange;
  private final DuplexListener listener;
  private final Peer peer = new Peer();

  Duplex(ServerExchange exchange, DuplexListener listener) {
    this.exchange = exchange;
    this.listener = listener;
  }

  void attach() {
    exchange.attach(peer);
  }

  /** Asks the client for its body. */
  public void receive() {
    if (exchange.body().empty()) {
      listener.part(NOTHING, /* last= */ true);
    } else if (!exchange.answer().over()) {
      exchange.body().receive(peer);
      exchange.body().ask();
    }
  }

  /** Stops or continues reading the body; what one read has brought still comes. */
  public void pause(boolean pause) {
    exchange.body().pause(pause);
  }

  /** Begins the answer: chunked, unless {@code headers} has a {@code Content-Length}. */
  public void begin(int status, Headers headers) {
    HttpHeaders netty = new DefaultHttpHeaders();
    headers.fields().forEach(field -> netty.add(field.name(), field.value()));
    exchange
        .answer()
        .head(
            new DefaultHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), netty));
  }

  /** Takes a copy of bytes of the answer; they are sent by {@link #flush}. */
  public void write(ByteBuffer bytes) {
    ByteBuf copy = exchange.connection().context().alloc().buffer(bytes.remaining());
    exchange.answer().part(new DefaultHttpContent(copy.writeBytes(bytes)));
  }

  public void flush() {
    if (!exchange.answer().over()) {
      exchange.connection().flush();
    }
  }

  /**
   * Whether more may be written now; if not, {@link DuplexListener#writable} will tell. To be asked
   * after {@link #flush}, which can change it.
   */
  public boolean writable() {
    return exchange.connection().writable();
  }

  /** Completes the answer. */
  public void end() {
    exchange.answer().part(LastHttpContent.EMPTY_LAST_CONTENT);
  }

  /** Closes the connection, so that the client knows that the answer is not complete. */
  public void cut() {
    exchange.cut();
  }

  private final class Peer implements ExchangePeer {

    @Override
    public void part(HttpContent part) {
      try {
        listener.part(part.content().nioBuffer(), part instanceof LastHttpContent);
      } finally {
        part.release();
      }
    }

    @Override
    public void partsPaused() {}

    @Override
    public void clientWritabilityChanged() {
      if (writable()) {
        listener.writable();
      }
    }

    @Override
    public void aborted(int status, @Nullable HttpException refusal) {
      listener.aborted(status);
    }
  }
}
