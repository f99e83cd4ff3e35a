package dev.barista.gateway.invoke;

import dev.barista.api.FaasException;
import dev.barista.concurrency.Deadline;
import dev.barista.http.StreamExchange;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A call's wait for a replica: for a start, or for its turn, and for how long. Runs on the event
 * loop of the call's exchange; only {@link #granted} and {@link #giveUp} come from elsewhere.
 */
final class HeldInvocation implements HeldCall {

  private final Invocation call;
  private final StreamExchange exchange;
  private final FunctionPool pool;
  private final InvocationContext context;
  private final Deadline deadline;
  private final List<ReplicaSlot> tried;

  /**
   * @param deadline of the call
   * @param tried replicas that are of no use to it
   */
  HeldInvocation(
      Invocation call,
      StreamExchange exchange,
      FunctionPool pool,
      InvocationContext context,
      Deadline deadline,
      List<ReplicaSlot> tried) {
    this.call = call;
    this.exchange = exchange;
    this.pool = pool;
    this.context = context;
    this.deadline = deadline;
    this.tried = tried;
  }

  /**
   * For a start as long as the platform holds calls; for a turn as long as the function's own calls
   * may take. {@code upstream-timeout} bounds both.
   */
  void expire(boolean atLimit) {
    if (atLimit) {
      Duration own = FunctionTime.ofTurn(exchange.head(), pool.policy());
      Deadline turn = own.isZero() ? deadline : context.deadlineAfter(own);
      exchange.expireAt(turn.earlier(deadline), () -> call.end(noTurn(own)));
    } else {
      call.waitsForStart();
      Deadline start = context.deadlineAfter(context.config().holdLimit().time());
      exchange.expireAt(start.earlier(deadline), this::startTimeOver);
    }
  }

  /** Where a replica has become ready, the call doesn't wait for a start but for its turn. */
  private void startTimeOver() {
    if (pool.ready() == 0) {
      call.end(notReady());
      return;
    }
    call.count();
    if (deadline.expired()) {
      call.end(noTurn(Duration.ZERO));
    } else {
      expire(/* atLimit= */ true);
    }
  }

  private FaasException noTurn(Duration own) {
    Optional<Duration> ended = deadline.expired() ? Optional.empty() : Optional.of(own);
    return InvocationFailures.noTurn(pool.name(), context.config(), pool.rules().limit(), ended);
  }

  private FaasException notReady() {
    boolean startLimit = !deadline.expired();
    Optional<String> why = pool.whyNotReady();
    return InvocationFailures.notReady(pool.name(), context.config(), startLimit, why);
  }

  @Override
  public List<ReplicaSlot> tried() {
    return tried;
  }

  @Override
  public void granted(Lease granted) {
    exchange
        .loop()
        .execute(
            () -> {
              if (call.isHeldBy(this)) {
                call.serve(granted);
              } else {
                granted.close(); // it ended meanwhile: the place is the next one's
              }
            });
  }

  @Override
  public void giveUp(FaasException reason) {
    exchange
        .loop()
        .execute(
            () -> {
              if (call.isHeldBy(this)) {
                call.end(reason);
              }
            });
  }
}
