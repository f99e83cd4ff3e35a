package dev.barista.watchdog;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.barista.http.Exchange;
import dev.barista.http.RequestHead;
import dev.barista.http.StreamExchange;
import dev.barista.spawn.Child;
import dev.barista.spawn.Environment;
import dev.barista.spawn.SpawnException;
import dev.barista.spawn.Spawner;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntConsumer;

/**
 * A process per call: the body is its stdin, its stdout the answer, its exit status decides the
 * answer's. The answer is held back until the exit, in a bounded amount of memory.
 *
 * <p>A call with a small body is served without a thread of its own: it goes from the event loop to
 * the spawning thread, to the loop that reads its output and back, since each further change of
 * threads costs a busy machine more than all the work between. A large or chunked body is passed on
 * by blocking code on a virtual thread, and so is an answer that was spooled.
 */
final class BufferedRunner implements Runner {

  private final WatchdogConfig config;
  private final Answers answers;
  private final Forks forks;
  private final Set<ForkedCall> running = ConcurrentHashMap.newKeySet();

  BufferedRunner(WatchdogConfig config, Forks forks, Answers answers) {
    this.config = config;
    this.answers = answers;
    this.forks = forks;
  }

  @Override
  public void run(Call call) {
    Environment variables;
    try {
      variables = forks.variables(call);
    } catch (IllegalArgumentException refusal) {
      send(call, Reply.text(400, String.valueOf(refusal.getMessage())));
      return;
    }
    StreamExchange exchange = call.exchange();
    if (!config.options().marshalRequest() && CallBody.isSmall(exchange.head())) {
      exchange.readWhole(
          CallBody.SMALL_BYTES,
          body -> fork(call, variables, body),
          status -> call.ended().accept(status == 0 ? CLIENT_GONE : status));
    } else {
      exchange.block(blocking -> runBlocking(blocking, variables, call.ended()));
    }
  }

  @Override
  public void close() {
    running.forEach(ForkedCall::cancel);
    forks.close();
  }

  private void fork(Call call, Environment variables, byte[] body) {
    long start = System.nanoTime();
    StreamExchange exchange = call.exchange();
    RequestHead head = exchange.head();
    answers.beginning(head.headers());
    var forked = newCall(body.length > 0);
    exchange.onAbort(_ -> forked.cancel());
    var _ =
        forked
            .outcome()
            .thenAccept(
                outcome -> {
                  running.remove(forked);
                  exchange.loop().execute(() -> send(call, answers.reply(head, outcome, start)));
                });
    forks
        .spawner()
        .spawn(
            forks.command(variables, body.length > 0),
            started -> {
              switch (started) {
                case Spawner.Outcome.Started(var child) -> {
                  follow(child);
                  forked.begin(child, body);
                }
                case Spawner.Outcome.Failed(SpawnException failure) -> {
                  running.remove(forked);
                  exchange.loop().execute(() -> send(call, answers.notStarted(failure, start)));
                }
              }
            });
  }

  private void runBlocking(Exchange exchange, Environment variables, IntConsumer ended)
      throws IOException {
    long start = System.nanoTime();
    answers.beginning(exchange.head().headers());
    ForkedCall call = newCall(/* hasInput= */ true);
    int status = CLIENT_GONE;
    try {
      exchange.onClientGone(call::cancel);
      Child child = forks.spawner().spawn(forks.command(variables, /* hasInput= */ true));
      follow(child);
      var input = call.beginStreaming(child);
      CallBody.feed(exchange, config.options().marshalRequest(), input, call);
      Reply reply = answers.reply(exchange.head(), call.outcome().join(), start);
      status = reply.status();
      sendBlocking(exchange, reply);
    } catch (SpawnException failure) {
      Reply reply = answers.notStarted(failure, start);
      status = reply.status();
      sendBlocking(exchange, reply);
    } finally {
      running.remove(call);
      ended.accept(status);
    }
  }

  private ForkedCall newCall(boolean hasInput) {
    Duration write = config.timeouts().write();
    Optional<Duration> exec = config.timeouts().exec();
    boolean execFirst = exec.isPresent() && exec.get().compareTo(write) <= 0;
    var limit =
        execFirst
            ? new CallOutcome.Expired(CallOutcome.Limit.EXEC_TIMEOUT, exec.get())
            : new CallOutcome.Expired(CallOutcome.Limit.WRITE_TIMEOUT, write);
    var call = new ForkedCall(forks.loop(), new AnswerSpool(config.folder()), hasInput, limit);
    running.add(call);
    return call;
  }

  private void follow(Child child) {
    if (!config.mode().isClassic()) {
      forks.childLogs().follow(child, Forks.STDERR);
    }
  }

  /** On the event loop. */
  private static void send(Call call, Reply reply) {
    StreamExchange exchange = call.exchange();
    IntConsumer ended = call.ended();
    switch (reply) {
      case Reply.Whole(var answer) -> {
        exchange.respond(answer);
        ended.accept(reply.status());
      }
      case Reply.Spooled _ ->
          exchange.block(
              blocking -> {
                try {
                  sendBlocking(blocking, reply);
                } finally {
                  ended.accept(reply.status());
                }
              });
      case Reply.Nobody _ -> ended.accept(reply.status());
    }
  }

  private static void sendBlocking(Exchange exchange, Reply reply) throws IOException {
    switch (reply) {
      case Reply.Whole(var answer) -> exchange.respond(answer);
      case Reply.Spooled(var status, var headers, var text, var rest) -> {
        byte[] beginning = text.getBytes(UTF_8);
        String length = String.valueOf(beginning.length + rest.length());
        try (rest;
            OutputStream body = exchange.respond(status, headers.with("Content-Length", length))) {
          body.write(beginning);
          rest.writeTo(body);
        }
      }
      case Reply.Nobody _ -> throw new IOException("the client has gone");
    }
  }
}
