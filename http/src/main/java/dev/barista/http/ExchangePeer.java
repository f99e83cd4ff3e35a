package dev.barista.http;

import io.netty.handler.codec.http.HttpContent;
import org.jspecify.annotations.Nullable;

/** Who works on an exchange: takes its body and writes its answer. Called on its loop. */
interface ExchangePeer {

  /** A part of the body; the receiver releases it. The end is a {@code LastHttpContent}. */
  void part(HttpContent part);

  /** No more parts for now: what was passed on may be flushed. */
  void partsPaused();

  /** The client takes more of the answer, or stopped taking it. */
  void clientWritabilityChanged();

  /**
   * The exchange has ended without the peer's doing; nothing may be written any more.
   *
   * @param status what the client got; 0 when it had gone
   * @param refusal why its body was refused; null when it had gone
   */
  void aborted(int status, @Nullable HttpException refusal);
}
