package dev.barista.http;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A request's body for a blocking reader. The client is asked for it by the first read, and is not
 * read any further while {@link #MOST_WAITING} bytes wait here.
 */
final class RequestBodyStream extends InputStream {

  private static final int MOST_WAITING = 64 << 10;

  private final BlockingLink link;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();

  // Mutable state, guarded by lock
  private final ArrayDeque<ByteBuf> parts = new ArrayDeque<>(0);
  private int waiting;
  private boolean asked;
  private boolean paused;
  private boolean complete;
  private boolean failed;
  private @Nullable HttpException refusal;
  private boolean closed;

  RequestBodyStream(BlockingLink link) {
    this.link = link;
  }

  /** On the event loop. Takes over the part. */
  void arrived(ByteBuf part, boolean last) {
    lock.lock();
    try {
      complete |= last;
      if (closed || !part.isReadable()) {
        part.release();
      } else {
        parts.add(part);
        waiting += part.readableBytes();
      }
      if (waiting >= MOST_WAITING && !complete && !paused) {
        paused = true;
        link.pauseBody(true);
      }
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** On the event loop: nothing more will come; the client was refused, or has gone (null). */
  void failed(@Nullable HttpException why) {
    lock.lock();
    try {
      failed = true;
      refusal = why;
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    lock.lock();
    try {
      ask();
      while (parts.isEmpty() && !complete && !failed && !closed) {
        arrived.awaitUninterruptibly();
      }
      ByteBuf first = parts.peek();
      if (first != null) {
        return take(first, target, offset, length);
      }
      if (complete) {
        return -1;
      }
      throw ended();
    } finally {
      lock.unlock();
    }
  }

  private IOException ended() {
    if (refusal != null && !closed) {
      throw refusal;
    }
    return new IOException(closed ? "the stream is closed" : "the client has gone");
  }

  private void ask() {
    if (!asked) {
      asked = true;
      link.receiveBody();
    }
  }

  private int take(ByteBuf first, byte[] target, int offset, int length) {
    int taken = Math.min(length, first.readableBytes());
    first.readBytes(target, offset, taken);
    waiting -= taken;
    if (!first.isReadable()) {
      parts.poll();
      first.release();
    }
    if (paused && waiting < MOST_WAITING / 2) {
      paused = false;
      link.pauseBody(false);
    }
    return taken;
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      @Nullable ByteBuf part;
      while ((part = parts.poll()) != null) {
        part.release();
      }
      waiting = 0;
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
