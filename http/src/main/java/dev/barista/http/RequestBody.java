package dev.barista.http;

import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The body of one request on its way in. Until somebody receives it, at most what one read has
 * brought is kept and the connection is not read any further.
 */
final class RequestBody {

  private final ServerConnection connection;
  private final HttpRequest request;
  private final ClientAnswer answer;
  private final ArrayDeque<HttpContent> held = new ArrayDeque<>(0);

  // Mutable state
  private @Nullable ExchangePeer receiver;
  private boolean expectsContinue;

  /** -1 = not known. */
  private long length;

  private long arrived;
  private boolean complete;
  private boolean paused;
  private boolean discarded;

  RequestBody(ServerConnection connection, HttpRequest request, ClientAnswer answer) {
    this.connection = connection;
    this.request = request;
    this.answer = answer;
  }

  /**
   * Reads what the head says about the body.
   *
   * @throws HttpException {@code EXPECTATION_UNKNOWN}
   */
  void rule(RequestHead head) {
    length = head.declaredBytes();
    String expect = request.headers().get(HttpHeaderNames.EXPECT);
    if (expect != null) {
      if (!HttpHeaderValues.CONTINUE.contentEqualsIgnoreCase(expect)) {
        throw new HttpException(
            HttpException.Kind.EXPECTATION_UNKNOWN, "the only expectation known is 100-continue");
      }
      // A client of HTTP/1.0 doesn't know interim answers. RFC 9110, 10.1.1.
      expectsContinue = length != 0 && !request.protocolVersion().equals(HttpVersion.HTTP_1_0);
    }
  }

  /** Returns why the body is refused, or null. Takes over the part. */
  @Nullable HttpException arrived(HttpContent part) {
    expectsContinue = false;
    arrived += part.content().readableBytes();
    HttpException violation = violation(part);
    if (violation != null) {
      part.release();
      return violation;
    }
    complete = part instanceof LastHttpContent;
    if (discarded) {
      part.release();
    } else if (receiver != null && held.isEmpty()) {
      receiver.part(part);
    } else {
      held.add(part);
      connection.updateReading();
    }
    return null;
  }

  private @Nullable HttpException violation(HttpContent part) {
    if (part.decoderResult().isFailure()) {
      return RequestRules.malformed("the request's body is not validly chunked");
    }
    return arrived > connection.server().config().maxBodyBytes()
        ? RequestRules.bodyTooLarge(connection.server().config())
        : null;
  }

  /** Lets the body flow, as far as the client sends it unasked. */
  void receive(ExchangePeer peer) {
    receiver = peer;
    while (receiver != null && !held.isEmpty()) {
      peer.part(held.poll());
    }
    connection.updateReading();
  }

  /** Whether the client waits to be asked for its body ({@code Expect: 100-continue}). */
  boolean expectsContinue() {
    return expectsContinue;
  }

  /** Asks a client for its body that waits to be asked. */
  void ask() {
    if (expectsContinue && !complete && !discarded) {
      expectsContinue = false;
      answer.interimContinue();
    }
  }

  /** Takes back the whole body for another attempt. */
  void unread(HttpContent whole) {
    receiver = null;
    held.addFirst(whole);
  }

  /** Backpressure: stops or continues the reading. */
  void pause(boolean pause) {
    if (paused != pause) {
      paused = pause;
      connection.updateReading();
    }
  }

  /** Drops what has not been passed on. */
  void discard() {
    discarded = true;
    receiver = null;
    held.forEach(HttpContent::release);
    held.clear();
  }

  boolean wanted() {
    return complete || discarded || (receiver != null && !paused && held.isEmpty());
  }

  /** Whether it is longer than so many bytes, as far as the head tells. */
  boolean declaredAbove(long bytes) {
    return length > bytes;
  }

  boolean complete() {
    return complete;
  }

  /** Whether the client has sent anything of a body. */
  boolean empty() {
    return length == 0;
  }

  /** Whether at most so many bytes are still to come, and do come unasked. */
  boolean restAtMost(long bytes) {
    return complete || (length >= 0 && !expectsContinue && length - arrived <= bytes);
  }
}
