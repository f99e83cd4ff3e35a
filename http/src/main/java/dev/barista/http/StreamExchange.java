package dev.barista.http;

import dev.barista.concurrency.Deadline;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * One request on the event loop of its connection. Used on that loop only, except {@link #loop}.
 * Its body is not read before {@link #proxy} asks for it, so a held request costs no memory.
 */
public interface StreamExchange {

  RequestHead head();

  /** The client's {@code X-Call-Id}, or a generated one. */
  String callId();

  /** The raw text that the {@code *} at the end of the route's pattern matched, else empty. */
  String remainder();

  /** {@link System#nanoTime()} when the head had arrived. */
  long startedNanos();

  /** Runs tasks on the exchange's event loop; from any thread. */
  Executor loop();

  /** Which of {@link EventLoops#count} the exchange's event loop is, from 0. */
  int loopIndex();

  /** The request's headers as a replica will get them; hop-by-hop ones go without being asked. */
  HeaderEditor forwardHeaders();

  /**
   * Runs {@code action} once when {@code deadline} has passed, at most one tick (50 ms) late,
   * unless the exchange has ended. Replaces an earlier one.
   */
  void expireAt(Deadline deadline, Runnable action);

  /**
   * Runs {@code action} once if the exchange ends without the handler's doing while no proxy
   * attempt is running, with the status that the client got (0 = it had gone). Replaces an earlier
   * one.
   */
  void onAbort(IntConsumer action);

  /** Runs {@code action} once after a pause, unless the exchange has ended by then. */
  void later(Duration pause, Runnable action);

  /**
   * Passes the request to a replica and its answer to the client, streaming both ways with
   * backpressure. At most one attempt at a time; another one after {@link ProxyOutcome.NotSent}.
   *
   * @param target path and query for the replica, as sent on the wire
   */
  void proxy(Upstream upstream, String target, ProxyListener listener);

  /**
   * Ends the running attempt, if there is one: with {@link ProxyOutcome.Cancelled}, or {@link
   * ProxyOutcome.Unreached} when the replica is still being connected to.
   */
  void cancelProxy();

  /**
   * Reads the whole body, of at most {@code limit} bytes, and gives it to {@code whole} on the
   * loop; a longer one is refused with 413. Either {@code whole} runs, or {@code aborted} when the
   * exchange ends before, with the status that the client got (0 = it had gone).
   */
  void readWhole(int limit, Consumer<byte[]> whole, IntConsumer aborted);

  /**
   * Reads a body of unknown length, of at most {@code limit} bytes, so that {@link #proxy} passes
   * it on with its length; a longer one is refused with 413. Either {@code then} runs, at once if
   * the length is known, or {@code aborted} as with {@link #readWhole}.
   */
  void measureBody(int limit, Runnable then, IntConsumer aborted);

  /** Moves both directions in pieces; what ends the exchange is told to {@code listener}. */
  Duplex duplex(DuplexListener listener);

  /** Goes on with blocking code on a virtual thread. The caller does nothing more with this. */
  void block(ExchangeHandler handler);

  /** Answers in one piece; a body that the client still sends is dropped. */
  void respond(Answer answer);

  /** Answers with what the {@link ErrorMapper} makes of it; closes an answer that has started. */
  void fail(Throwable failure);
}
