package dev.barista.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The bridge between a handler's thread and the exchange's event loop: parts of the body wait here
 * to be read, bytes of the answer are counted until the kernel has them.
 */
final class BlockingLink implements ExchangePeer {

  /** Most bytes of an answer on their way to a slow client. */
  private static final int MOST_UNSENT = 128 << 10;

  private final ServerExchange exchange;
  private final RequestBodyStream body;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // Mutable state, guarded by lock
  private int unsent;
  private boolean gone;
  private @Nullable Runnable goneAction;

  BlockingLink(ServerExchange exchange) {
    this.exchange = exchange;
    this.body = new RequestBodyStream(this);
  }

  // ---- for the handler's thread

  void onLoop(Runnable task) {
    exchange.connection().loop().run(task);
  }

  InputStream body() {
    return body;
  }

  /** Asks the client for its body. */
  void receiveBody() {
    onLoop(
        () -> {
          if (!exchange.answer().over()) {
            exchange.body().receive(this);
            exchange.body().ask();
          }
        });
  }

  void pauseBody(boolean pause) {
    onLoop(() -> exchange.body().pause(pause));
  }

  boolean gone() {
    lock.lock();
    try {
      return gone;
    } finally {
      lock.unlock();
    }
  }

  void onGone(Runnable action) {
    lock.lock();
    try {
      if (!gone) {
        goneAction = action;
        return;
      }
    } finally {
      lock.unlock();
    }
    action.run();
  }

  /** Hands over bytes of the answer, after waiting until the client has taken earlier ones. */
  void write(ByteBuf bytes) throws IOException {
    int length = bytes.readableBytes();
    lock.lock();
    try {
      while (!gone && unsent > 0 && unsent + length > MOST_UNSENT) {
        changed.awaitUninterruptibly();
      }
      if (gone) {
        bytes.release();
        throw new IOException("the client has gone");
      }
      unsent += length;
    } finally {
      lock.unlock();
    }
    onLoop(() -> writeOnLoop(bytes, length));
  }

  private void writeOnLoop(ByteBuf bytes, int length) {
    exchange.answer().part(new DefaultHttpContent(bytes), () -> sent(length));
    if (!exchange.answer().over()) {
      exchange.connection().flush();
    }
  }

  /** Sends what was written, at least the head. */
  void flush() {
    onLoop(
        () -> {
          if (!exchange.answer().over()) {
            exchange.connection().flush();
          }
        });
  }

  void finish() {
    onLoop(() -> exchange.answer().part(LastHttpContent.EMPTY_LAST_CONTENT));
  }

  private void sent(int length) {
    lock.lock();
    try {
      unsent -= length;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The handler has returned. */
  void close() {
    body.close();
  }

  // ---- ExchangePeer, on the event loop

  @Override
  public void part(HttpContent part) {
    body.arrived(part.content(), part instanceof LastHttpContent);
  }

  @Override
  public void partsPaused() {}

  @Override
  public void clientWritabilityChanged() {}

  @Override
  public void aborted(int status, @Nullable HttpException refusal) {
    Runnable action;
    lock.lock();
    try {
      gone = true;
      action = goneAction;
      goneAction = null;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    body.failed(refusal);
    if (action != null) {
      action.run();
    }
  }
}
