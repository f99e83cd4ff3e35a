package dev.barista.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.ByteArrayOutputStream;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** Gathers a small body on the event loop. */
final class WholeBody implements ExchangePeer {

  private final ServerExchange exchange;
  private final int limit;
  private final Consumer<byte[]> whole;
  private final IntConsumer aborted;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(0);

  private WholeBody(
      ServerExchange exchange, int limit, Consumer<byte[]> whole, IntConsumer aborted) {
    this.exchange = exchange;
    this.limit = limit;
    this.whole = whole;
    this.aborted = aborted;
  }

  static void read(
      ServerExchange exchange, int limit, Consumer<byte[]> whole, IntConsumer aborted) {
    var gathering = new WholeBody(exchange, limit, whole, aborted);
    exchange.attach(gathering);
    exchange.body().receive(gathering);
    exchange.body().ask();
  }

  @Override
  public void part(HttpContent part) {
    ByteBuf content = part.content();
    if (bytes.size() + content.readableBytes() > limit) {
      part.release();
      exchange.refuse(
          new HttpException(
              HttpException.Kind.BODY_TOO_LARGE,
              "the request's body is larger than " + limit + " bytes"));
      return;
    }
    if (content.isReadable()) {
      // It grows by halves: many small parts must not copy all that came before them each time.
      bytes.writeBytes(ByteBufUtil.getBytes(content));
    }
    boolean last = part instanceof LastHttpContent;
    part.release();
    if (last) {
      exchange.detach();
      whole.accept(bytes.toByteArray());
    }
  }

  @Override
  public void partsPaused() {}

  @Override
  public void clientWritabilityChanged() {}

  @Override
  public void aborted(int status, @Nullable HttpException refusal) {
    aborted.accept(status);
  }
}
