package dev.barista.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.util.Arrays;

/**
 * The listener's whole way of a request, without a network: bytes in, bytes out, in one thread. Its
 * handler answers with what it understood.
 */
final class ParserHarness {

  private static final int MAX_BODY = 1000;

  /**
   * What bytes led to.
   *
   * @param text everything that was answered, or understood
   * @param open whether the connection stays
   * @param unreleased bytes of buffers that nobody released
   */
  record Result(String text, boolean open, long unreleased) {}

  private ParserHarness() {}

  /** A client's bytes, in pieces that end at {@code cuts}. */
  static Result requests(byte[] bytes, int... cuts) {
    UnpooledByteBufAllocator allocator = allocator();
    EmbeddedChannel channel = new EmbeddedChannel();
    channel.config().setAllocator(allocator);
    ServerConnection connection =
        new ServerConnection(
            context(),
            new LoopContext(channel.eventLoop(), 0, new HeadMemory(HeadMemory.ALL_BYTES)));
    channel.pipeline().addLast(connection.decoder(), connection.encoder(), connection);
    connection.channelActive(connection.context());
    feed(channel, bytes, cuts);
    StringBuilder text = new StringBuilder();
    for (Object out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
      text.append(((ByteBuf) out).toString(ISO_8859_1));
      ReferenceCountUtil.release(out);
    }
    return finish(channel, allocator, text.toString());
  }

  /** A replica's bytes. */
  static Result answers(byte[] bytes, int... cuts) {
    UnpooledByteBufAllocator allocator = allocator();
    EmbeddedChannel channel = new EmbeddedChannel(new AnswerDecoder(UpstreamConfig.DEFAULT));
    channel.config().setAllocator(allocator);
    feed(channel, bytes, cuts);
    StringBuilder text = new StringBuilder();
    for (Object in = channel.readInbound(); in != null; in = channel.readInbound()) {
      describe(text, in);
      ReferenceCountUtil.release(in);
    }
    return finish(channel, allocator, text.toString());
  }

  private static void describe(StringBuilder text, Object message) {
    if (message instanceof HttpResponse head) {
      boolean failed = head.decoderResult().isFailure();
      text.append('<').append(failed ? "bad" : head.status() + " " + head.headers().entries());
      text.append('>');
    }
    if (message instanceof HttpContent part) {
      text.append(part.decoderResult().isFailure() ? "<bad>" : part.content().toString(ISO_8859_1));
    } else if (message instanceof ByteBuf bytes) {
      text.append(bytes.toString(ISO_8859_1));
    }
  }

  private static UnpooledByteBufAllocator allocator() {
    return new UnpooledByteBufAllocator(/* preferDirect= */ false, /* disableLeakDetector= */ true);
  }

  private static void feed(EmbeddedChannel channel, byte[] bytes, int... cuts) {
    int[] ends = Arrays.copyOf(cuts, cuts.length + 1);
    ends[cuts.length] = bytes.length;
    Arrays.sort(ends);
    int from = 0;
    for (int end : ends) {
      if (end > from && channel.isOpen()) {
        channel.writeInbound(
            channel.alloc().buffer(end - from).writeBytes(bytes, from, end - from));
        channel.runPendingTasks();
        from = end;
      }
    }
  }

  private static Result finish(
      EmbeddedChannel channel, UnpooledByteBufAllocator allocator, String text) {
    boolean open = channel.isOpen();
    channel.finishAndReleaseAll();
    long unreleased = allocator.metric().usedHeapMemory() + allocator.metric().usedDirectMemory();
    return new Result(text, open, unreleased);
  }

  private static ServerContext context() {
    Routes routes =
        Routes.builder(Gatekeeper.OPEN).stream(
                Methods.ANY, "/*", Access.PUBLIC, ParserHarness::answer)
            .build();
    HttpServerConfig config =
        HttpServerConfig.at(InetSocketAddress.createUnresolved("x", 0))
            .withMaxBodyBytes(MAX_BODY)
            // Not to be met: Netty's limit of a line is two bytes more if its end is there already.
            .withMaxTargetBytes(1 << 20)
            .withMaxHeaders(1 << 20, /* count= */ 20);
    return new ServerContext(config, routes, ErrorMapper.PLAIN, RequestObserver.NONE, () -> {});
  }

  private static void answer(StreamExchange exchange) {
    exchange.readWhole(
        MAX_BODY,
        body ->
            exchange.respond(
                Answer.text(
                    200,
                    exchange.head()
                        + "?"
                        + exchange.head().rawQuery()
                        + "\n"
                        + exchange.head().headers().fields()
                        + "\n"
                        + new String(body, ISO_8859_1))),
        _ -> {});
  }
}
