package dev.barista.gateway.invoke;

import dev.barista.api.FaasException;
import dev.barista.concurrency.Deadline;
import dev.barista.http.HeaderEditor;
import dev.barista.http.ProxyListener;
import dev.barista.http.ProxyOutcome;
import dev.barista.http.StreamExchange;
import dev.barista.provider.spi.InvocationPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One call to a function, from its arrival to its one end. Runs on the event loop of its exchange.
 *
 * <p>Every way to end passes through {@link #ended(int)}, once. The function's metrics count a call
 * that a replica was asked to answer, or would have been if it were not at its limit; one that
 * fails while it waits for a start is the platform's own and is not among them, as in OpenFaaS. The
 * function's load has every call, from its arrival to its end. A lease is open only while the call
 * is with a replica: each attempt's end closes it.
 */
final class Invocation implements ProxyListener {

  private static final int CLIENT_GONE = 502;

  /** Longest body without a length that is read whole for a function that wants one. */
  private static final int MOST_MEASURED_BYTES = 4 << 20;

  private static final System.Logger LOG = System.getLogger(Invocation.class.getName());

  private enum Stage {
    ARRIVED,
    HELD,
    FORWARDED,
    ENDED
  }

  private final StreamExchange exchange;
  private final FunctionPool pool;
  private final String rest;
  private final InvocationContext context;
  private final String startTime;

  /** The one deadline of the call; a function's own limit can only bring its end nearer. */
  private final Deadline deadline;

  // Mutable state
  private Stage stage = Stage.ARRIVED;
  private @Nullable HeldInvocation held;
  private @Nullable Refusals refusals;
  private @Nullable Lease lease;
  private InvocationPolicy policy = InvocationPolicy.NONE;
  private boolean counts;
  private boolean answered;
  private boolean heldForStart;
  private Duration execTimeout = Duration.ZERO;
  private boolean headersSet;
  private long forwardedNanos;
  private @Nullable FaasException expired;

  Invocation(StreamExchange exchange, FunctionPool pool, String rest, InvocationContext context) {
    this.exchange = exchange;
    this.pool = pool;
    this.rest = rest;
    this.context = context;
    this.startTime = context.startTime();
    this.deadline = context.deadlineAfter(context.config().upstreamTimeout());
  }

  void start() {
    pool.load().arrived(exchange.loopIndex(), exchange.startedNanos());
    exchange.onAbort(this::aborted);
    guarded(this::admit);
  }

  /** A fault of ours ends the call too: what leaves its count in flight is never seen as idle. */
  private void guarded(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "call " + exchange.callId() + " failed", e);
      closeLease();
      end(InvocationFailures.internal(e));
    }
  }

  // ---- a replica

  private void admit() {
    switch (pool.admit(tried())) {
      case Lease granted -> forward(granted);
      case Admission.AtLimit limit -> atLimit(limit);
      case Admission.NoReplica _ -> noReplica();
    }
  }

  private void atLimit(Admission.AtLimit limit) {
    count();
    if (!hadTurn() && pool.rules().refusesAtLimit()) {
      end(InvocationFailures.concurrencyLimit(limit.most()));
    } else {
      hold();
    }
  }

  /** A call that a replica didn't accept goes to the front of the line, and has a place there. */
  private boolean hadTurn() {
    return forwardedNanos != 0;
  }

  private List<ReplicaSlot> tried() {
    return refusals == null ? List.of() : refusals.tried();
  }

  private void noReplica() {
    Refusals before = refusals;
    if (before == null || before.tried().isEmpty()) {
      holdForStart();
    } else if (before.forget()) {
      exchange.later(Refusals.PAUSE, this::tryAgain);
    } else {
      end(InvocationFailures.unreachable(pool.name()));
    }
  }

  private void holdForStart() {
    boolean forAll = context.config().scaleFromZero();
    if (forAll && pool.rules().scaleFromZero()) {
      hold();
    } else {
      count();
      end(
          InvocationFailures.noEndpoints(
              pool.name(), forAll ? CallRules.SCALE_FROM_ZERO : "scale-from-zero"));
    }
  }

  private void expireUnsent() {
    end(InvocationFailures.upstreamTimeout(pool.name(), context.config()));
  }

  private void tryAgain() {
    if (stage == Stage.ARRIVED) {
      guarded(this::admit);
    }
  }

  // ---- waiting for one

  private void hold() {
    stage = Stage.HELD;
    HeldInvocation wait = new HeldInvocation(this, exchange, pool, context, deadline, tried());
    held = wait;
    switch (pool.hold(wait, /* again= */ hadTurn())) {
      case Place.Granted(Lease granted) -> forward(granted);
      case Place.InLine(boolean atLimit) -> wait.expire(atLimit);
      case Place.Full full -> end(InvocationFailures.lineFull(pool.name(), full));
      case Place.Deleted _ -> end(FaasException.functionNotFound(pool.name()));
    }
  }

  boolean isHeldBy(HeldInvocation wait) {
    return stage == Stage.HELD && held == wait;
  }

  /** Its first answer will tell how long a start takes. */
  void waitsForStart() {
    heldForStart = true;
  }

  /** It waited, and this is its turn. */
  void serve(Lease granted) {
    guarded(() -> forward(granted));
  }

  // ---- with a replica

  private void forward(Lease granted) {
    stage = Stage.FORWARDED;
    lease = granted;
    count();
    policy = pool.policy();
    if (policy.measureBody()) {
      exchange.expireAt(deadline, this::expireUnmeasured);
      exchange.measureBody(
          MOST_MEASURED_BYTES,
          () -> send(granted),
          status -> ended(new ProxyOutcome.Aborted(status)));
    } else {
      send(granted);
    }
  }

  private void send(Lease granted) {
    forwardedNanos = System.nanoTime();
    setDeadline();
    setRequestHeaders(granted.slot());
    exchange.proxy(granted.slot().upstream(), target(), this);
  }

  private void expireUnmeasured() {
    closeLease();
    expireUnsent();
  }

  /** The nearer of the two ends: the platform's for every call, the function's for its own. */
  private void setDeadline() {
    execTimeout = FunctionTime.ofAnswer(exchange.head(), policy);
    if (execTimeout.isZero() || FunctionTime.streams(exchange.head())) {
      exchange.expireAt(deadline, this::expireForwarded);
    } else {
      Deadline exec = context.deadlineAfter(execTimeout);
      exchange.expireAt(exec.earlier(deadline), this::expireForwarded);
    }
  }

  private void expireForwarded() {
    expired =
        deadline.expired()
            ? InvocationFailures.upstreamTimeout(pool.name(), context.config())
            : InvocationFailures.execTimeout(pool.name(), execTimeout);
    exchange.cancelProxy();
  }

  private String target() {
    String query = exchange.head().rawQuery();
    return query.isEmpty() ? rest : rest + "?" + query;
  }

  private void setRequestHeaders(ReplicaSlot slot) {
    HeaderEditor headers = exchange.forwardHeaders();
    if (!headersSet) {
      headersSet = true;
      InvocationHeaders.ofRequest(headers, exchange, context, startTime);
    }
    headers.set(InvocationHeaders.HOST, slot.host());
  }

  @Override
  public void answering(int status, HeaderEditor headers) {
    answered = true;
    if (heldForStart) {
      pool.firstByte();
    }
    InvocationHeaders.ofAnswer(status, headers, exchange, context, startTime);
    if (policy.durationHeader()) {
      headers.set(
          InvocationHeaders.DURATION,
          InvocationHeaders.seconds(System.nanoTime() - forwardedNanos));
    }
  }

  @Override
  public void ended(ProxyOutcome outcome) {
    ReplicaSlot slot = closeLease();
    switch (outcome) {
      case ProxyOutcome.Answered(int status) -> ended(status);
      case ProxyOutcome.NotSent(Throwable _, boolean busy) -> refused(slot, busy);
      case ProxyOutcome.Broken(Throwable cause, boolean answerStarted) ->
          failed(InvocationFailures.broken(pool.name(), cause), answerStarted);
      case ProxyOutcome.Unreached() -> cancelled(/* answerStarted= */ false);
      case ProxyOutcome.Cancelled(boolean answerStarted) -> cancelled(answerStarted);
      case ProxyOutcome.Aborted(int status) -> ended(status == 0 ? CLIENT_GONE : status);
    }
  }

  private void cancelled(boolean answerStarted) {
    failed(expired == null ? InvocationFailures.cancelled() : expired, answerStarted);
  }

  private @Nullable ReplicaSlot closeLease() {
    Lease held = lease;
    lease = null;
    if (held == null) {
      return null;
    }
    held.close();
    return held.slot();
  }

  private void refused(@Nullable ReplicaSlot slot, boolean busy) {
    stage = Stage.ARRIVED;
    if (busy) {
      exchange.expireAt(deadline, this::expireUnsent);
      exchange.later(Refusals.PAUSE, this::tryAgain);
      return;
    }
    Refusals all = refusals == null ? new Refusals() : refusals;
    refusals = all;
    if (slot != null) {
      all.add(slot);
    }
    admit();
  }

  // ---- the one end

  /** From here on the call is one of the function's. */
  void count() {
    if (!counts) {
      counts = true;
      pool.metrics().callStarted();
    }
  }

  private void failed(FaasException reason, boolean answerStarted) {
    if (answerStarted) {
      ended(reason.code().status());
    } else {
      end(reason);
    }
  }

  void end(FaasException reason) {
    if (ended(reason.code().status())) {
      exchange.respond(
          InvocationFailures.answer(context, exchange, reason, startTime, durationSeconds()));
    }
  }

  private Optional<String> durationSeconds() {
    return policy.durationHeader()
        ? Optional.of(InvocationHeaders.seconds(System.nanoTime() - forwardedNanos))
        : Optional.empty();
  }

  private void aborted(int status) {
    ended(status == 0 ? CLIENT_GONE : status);
  }

  private boolean ended(int status) {
    if (stage == Stage.ENDED) {
      return false;
    }
    HeldInvocation wait = stage == Stage.HELD ? held : null;
    stage = Stage.ENDED;
    if (wait != null) {
      pool.leave(wait);
    }
    long now = System.nanoTime();
    pool.load().ended(exchange.loopIndex(), now, answered);
    if (counts) {
      pool.metrics().callEnded(status, now - exchange.startedNanos());
    }
    return true;
  }
}
