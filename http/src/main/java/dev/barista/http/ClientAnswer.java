package dev.barista.http;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;

/**
 * The one answer to a request, on its way to the client: nothing yet, begun, over. What comes too
 * early or too late for its phase is dropped, so that whoever answers needs no check of its own.
 */
final class ClientAnswer {

  /** A chunk's size has at most eight digits of its own; common parsers take sixteen. */
  private static final int MOST_PROBES = 8;

  /** What an exchange does when its answer is complete. */
  interface Ended {
    void answerEnded(int status);
  }

  private enum Phase {
    WAITING,
    BEGUN,
    OVER
  }

  private final ServerConnection connection;
  private final Ended ended;
  private final boolean http10;
  private final boolean headRequest;

  // Mutable state
  private Phase phase = Phase.WAITING;
  private int status;
  private boolean keepAlive;
  private boolean chunked;
  private int probes;

  ClientAnswer(ServerConnection connection, HttpRequest request, boolean keepAlive, Ended ended) {
    this.connection = connection;
    this.ended = ended;
    this.http10 = request.protocolVersion().equals(HttpVersion.HTTP_1_0);
    this.headRequest = request.method().equals(HttpMethod.HEAD);
    this.keepAlive = keepAlive && HttpUtil.isKeepAlive(request);
  }

  /** Nothing but interim answers has been written. */
  boolean waiting() {
    return phase == Phase.WAITING;
  }

  boolean begun() {
    return phase == Phase.BEGUN;
  }

  /** Complete, or nobody is there any more to take it. */
  boolean over() {
    return phase == Phase.OVER;
  }

  /** Of the answer that has begun; 0 before. */
  int status() {
    return status;
  }

  /** Whether the connection can serve another request afterwards. */
  boolean keepsConnection() {
    return keepAlive;
  }

  void closeAfterwards() {
    keepAlive = false;
  }

  /** Writes an informational answer (1xx) at once; a client of HTTP/1.0 doesn't know them. */
  void interim(HttpResponseStatus code, HttpHeaders headers) {
    if (phase == Phase.WAITING && !http10) {
      connection.write(
          new DefaultFullHttpResponse(
              HttpVersion.HTTP_1_1,
              code,
              Unpooled.EMPTY_BUFFER,
              headers,
              EmptyHttpHeaders.INSTANCE));
      connection.flush();
    }
  }

  /** Asks for the body. */
  void interimContinue() {
    interim(HttpResponseStatus.CONTINUE, new DefaultHttpHeaders());
  }

  /**
   * Writes what a client drops, to find out whether it is still there: an interim answer, or a zero
   * in front of the next chunk's size. An answer without either kind of place gets nothing.
   */
  void probe() {
    if (phase == Phase.WAITING) {
      interimContinue();
    } else if (phase == Phase.BEGUN && chunked && probes < MOST_PROBES) {
      probes++;
      connection.writeEncoded(Unpooled.wrappedBuffer(new byte[] {'0'}));
      connection.flush();
    }
  }

  /** Writes a whole answer. Takes over the content. */
  void whole(FullHttpResponse response) {
    if (phase != Phase.WAITING) {
      response.release();
      return;
    }
    prepare(response, response.content().readableBytes());
    connection.write(response);
    complete();
  }

  /** Begins an answer in parts. */
  void head(HttpResponse response) {
    if (phase == Phase.WAITING) {
      prepare(response, /* length= */ -1);
      phase = Phase.BEGUN;
      connection.write(response);
    }
  }

  /** Agrees to another protocol: what follows is not HTTP. */
  void switching(HttpResponse response) {
    if (phase == Phase.WAITING) {
      status = response.status().code();
      keepAlive = false;
      phase = Phase.BEGUN;
      connection.write(
          new DefaultFullHttpResponse(
              HttpVersion.HTTP_1_1,
              response.status(),
              Unpooled.EMPTY_BUFFER,
              response.headers(),
              EmptyHttpHeaders.INSTANCE));
      connection.flush();
    }
  }

  /** The other protocol has ended: the client gets what was written, and the end. */
  void tunnelEnded() {
    if (phase == Phase.BEGUN) {
      complete();
    }
  }

  /** Writes a part; the answer is complete with the last one. Takes over the content. */
  void part(HttpContent part) {
    if (phase != Phase.BEGUN) {
      part.release();
      return;
    }
    boolean last = part instanceof LastHttpContent;
    connection.write(part);
    if (last) {
      complete();
    }
  }

  /** Writes a part that is not the last; {@code taken} runs when it is sent or dropped. */
  void part(HttpContent part, Runnable taken) {
    if (phase == Phase.BEGUN) {
      connection.write(part, taken);
    } else {
      part.release();
      taken.run();
    }
  }

  /** The client has gone: nothing is written any more, and {@link Ended} is not told. */
  void abandon() {
    phase = Phase.OVER;
  }

  private void prepare(HttpResponse response, long length) {
    status = response.status().code();
    keepAlive = AnswerFraming.prepare(response, length, http10, headRequest, keepAlive);
    connection.encoder().answersHead(headRequest);
    chunked = HttpUtil.isTransferEncodingChunked(response);
  }

  private void complete() {
    phase = Phase.OVER;
    ended.answerEnded(status);
  }
}
