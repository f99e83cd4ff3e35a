package dev.barista.watchdog;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.barista.http.Exchange;
import dev.barista.http.RequestHead;
import dev.barista.http.StreamExchange;
import dev.barista.spawn.Command;
import dev.barista.spawn.Environment;
import dev.barista.spawn.Fd;
import dev.barista.spawn.FdLoop;
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
final class ClassicRunner implements Runner {

  private static final int STDIN = 0;
  private static final int STDOUT = 1;
  private static final int STDERR = 2;
  private static final int SPAWNING_THREADS = 2;

  private final WatchdogConfig config;
  private final Environment environment;
  private final WatchdogLog log;
  private final ClassicAnswers answers;
  private final Spawner spawner;
  private final FdLoop loop;
  private final Set<ForkedCall> running = ConcurrentHashMap.newKeySet();

  /**
   * @param environment what every call's process has, besides the request's variables
   */
  ClassicRunner(WatchdogConfig config, Environment environment, WatchdogLog log) {
    this.config = config;
    this.environment = environment;
    this.log = log;
    this.answers = new ClassicAnswers(config, log);
    this.spawner = Spawner.start("watchdog-spawner", SPAWNING_THREADS);
    this.loop = FdLoop.start("watchdog-pipes");
    config.calls().enter(spawner);
  }

  @Override
  public void run(StreamExchange exchange, IntConsumer ended) {
    if (config.options().debugHeaders()) {
      answers.showHeaders(">", exchange.head().headers());
    }
    Environment variables;
    try {
      variables = variables(exchange.head());
    } catch (IllegalArgumentException refusal) {
      send(exchange, Reply.text(400, String.valueOf(refusal.getMessage())), ended);
      return;
    }
    if (!config.options().marshalRequest() && CallBody.isSmall(exchange.head())) {
      exchange.readWhole(
          CallBody.SMALL_BYTES,
          body -> fork(exchange, variables, body, ended),
          status -> ended.accept(status == 0 ? CLIENT_GONE : status));
    } else {
      exchange.block(blocking -> runBlocking(blocking, variables, ended));
    }
  }

  @Override
  public void close() {
    running.forEach(ForkedCall::cancel);
    spawner.close();
    loop.close();
  }

  private void fork(
      StreamExchange exchange, Environment variables, byte[] body, IntConsumer ended) {
    long start = System.nanoTime();
    RequestHead head = exchange.head();
    log.line("Forking fprocess.");
    var call = newCall(body.length > 0);
    exchange.onAbort(_ -> call.cancel());
    var _ =
        call.outcome()
            .thenAccept(
                outcome -> {
                  running.remove(call);
                  exchange
                      .loop()
                      .execute(() -> send(exchange, answers.reply(head, outcome, start), ended));
                });
    spawner.spawn(
        command(variables, body.length > 0),
        started -> {
          switch (started) {
            case Spawner.Outcome.Started(var child) -> call.begin(child, body);
            case Spawner.Outcome.Failed(SpawnException failure) -> {
              running.remove(call);
              exchange.loop().execute(() -> send(exchange, answers.notStarted(failure), ended));
            }
          }
        });
  }

  private void runBlocking(Exchange exchange, Environment variables, IntConsumer ended)
      throws IOException {
    long start = System.nanoTime();
    log.line("Forking fprocess.");
    ForkedCall call = newCall(/* hasInput= */ true);
    int status = CLIENT_GONE;
    try {
      exchange.onClientGone(call::cancel);
      var input = call.beginStreaming(spawner.spawn(command(variables, /* hasInput= */ true)));
      CallBody.feed(exchange, config.options().marshalRequest(), input, call);
      Reply reply = answers.reply(exchange.head(), call.outcome().join(), start);
      status = reply.status();
      sendBlocking(exchange, reply);
    } catch (SpawnException failure) {
      Reply reply = answers.notStarted(failure);
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
    var call = new ForkedCall(loop, new AnswerSpool(config.folder()), hasInput, limit);
    running.add(call);
    return call;
  }

  private Command command(Environment variables, boolean hasInput) {
    Command command = Command.of(config.command()).withEnvironment(variables).withPipe(STDOUT);
    command =
        config.options().combineOutput()
            ? command.withSame(STDERR, STDOUT)
            : command.withFd(STDERR, Fd.adopt(STDERR));
    return config.calls().place(hasInput ? command.withPipe(STDIN) : command);
  }

  private Environment variables(RequestHead head) {
    return config.options().cgiHeaders()
        ? environment.plusBytes(RequestVariables.of(head))
        : environment;
  }

  /** On the event loop. */
  private static void send(StreamExchange exchange, Reply reply, IntConsumer ended) {
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
