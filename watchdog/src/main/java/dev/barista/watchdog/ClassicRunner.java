package dev.barista.watchdog;

import dev.barista.http.Exchange;
import dev.barista.spawn.Child;
import dev.barista.spawn.Command;
import dev.barista.spawn.Environment;
import dev.barista.spawn.Fd;
import dev.barista.spawn.FdLoop;
import dev.barista.spawn.SpawnException;
import dev.barista.spawn.Spawner;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A process per call: the body is its stdin, its stdout the answer, its exit status decides the
 * answer's. The answer is held back until the exit, in a bounded amount of memory.
 */
final class ClassicRunner implements Runner {

  private static final int STDIN = 0;
  private static final int STDOUT = 1;
  private static final int STDERR = 2;

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
    this.spawner = Spawner.start("watchdog-spawner");
    this.loop = FdLoop.start("watchdog-pipes");
    config.calls().enter(spawner);
  }

  @Override
  public int run(Exchange exchange) throws IOException {
    answers.showHeaders(">", exchange.head().headers());
    Environment variables;
    try {
      variables = variables(exchange);
    } catch (IllegalArgumentException refusal) {
      return answers.text(exchange, 400, String.valueOf(refusal.getMessage()));
    }
    CallBody body = CallBody.of(exchange, config.options().marshalRequest());
    long start = System.nanoTime();
    log.line("Forking fprocess.");
    try (Child child = spawner.spawn(command(variables, body))) {
      var call = new ForkedCall(loop, child, body.isPresent(), new AnswerSpool(config.folder()));
      running.add(call);
      try {
        begin(call);
        exchange.onClientGone(call::cancel);
        body.feed(call);
        return answers.answer(exchange, call.await(), start);
      } finally {
        running.remove(call);
      }
    } catch (SpawnException failure) {
      return answers.notStarted(exchange, failure);
    }
  }

  @Override
  public void close() {
    running.forEach(ForkedCall::cancel);
    spawner.close();
  }

  private void begin(ForkedCall call) {
    Duration write = config.timeouts().write();
    Optional<Duration> exec = config.timeouts().exec();
    if (exec.isPresent() && exec.get().compareTo(write) <= 0) {
      call.begin(CallOutcome.Limit.EXEC_TIMEOUT, exec.get());
    } else {
      call.begin(CallOutcome.Limit.WRITE_TIMEOUT, write);
    }
  }

  private Command command(Environment variables, CallBody body) {
    Command command = Command.of(config.command()).withEnvironment(variables).withPipe(STDOUT);
    command =
        config.options().combineOutput()
            ? command.withSame(STDERR, STDOUT)
            : command.withFd(STDERR, Fd.adopt(STDERR));
    return config.calls().place(body.isPresent() ? command.withPipe(STDIN) : command);
  }

  private Environment variables(Exchange exchange) {
    return config.options().cgiHeaders()
        ? environment.plusBytes(RequestVariables.of(exchange.head()))
        : environment;
  }
}
