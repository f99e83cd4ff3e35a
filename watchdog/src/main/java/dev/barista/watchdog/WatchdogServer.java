package dev.barista.watchdog;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.barista.http.Access;
import dev.barista.http.Answer;
import dev.barista.http.ErrorMapper;
import dev.barista.http.EventLoops;
import dev.barista.http.Gatekeeper;
import dev.barista.http.Headers;
import dev.barista.http.HttpException;
import dev.barista.http.HttpServer;
import dev.barista.http.HttpServerConfig;
import dev.barista.http.Methods;
import dev.barista.http.RequestObserver;
import dev.barista.http.Routes;
import dev.barista.http.StreamExchange;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntConsumer;

/** The listeners of a watchdog, what they answer, and how they stop. Thread-safe. */
final class WatchdogServer implements AutoCloseable {

  private static final Methods CALLED = Methods.of("GET", "POST", "PUT", "PATCH", "DELETE");
  private static final int MOST_LOOPS = 4;
  private static final Duration IDLE = Duration.ofMinutes(2);

  /** Wrong methods get an empty answer, as from Go's watchdogs. */
  private static final ErrorMapper ERRORS =
      (head, callId, failure) ->
          failure instanceof HttpException refusal
                  && refusal.kind() == HttpException.Kind.METHOD_NOT_ALLOWED
              ? Answer.empty(405)
              : ErrorMapper.PLAIN.answer(head, callId, failure);

  private final WatchdogConfig config;
  private final Runner runner;
  private final WatchdogLog log;
  private final Readiness readiness;
  private final InflightLimit limit;
  private final WatchdogMetrics metrics;
  private final Optional<TokenGate> tokens;
  private final EventLoops loops;
  private final HttpServer calls;
  private final Optional<HttpServer> metricsListener;

  private WatchdogServer(
      WatchdogConfig config,
      Runner runner,
      Optional<TokenGate> tokens,
      EventLoops loops,
      WatchdogLog log)
      throws IOException {
    this.config = config;
    this.runner = runner;
    this.log = log;
    this.readiness = new Readiness(config.lockFile());
    this.limit = new InflightLimit(config.maxInflight());
    this.metrics = new WatchdogMetrics(limit);
    this.tokens = tokens;
    this.loops = loops;
    this.calls = listenForCalls();
    this.metricsListener = config.metricsAddress().flatMap(this::listenForScrapes);
  }

  /**
   * Takes calls when it returns.
   *
   * @param runner made after the listener's threads, so that what it needs of the system is linked
   *     meanwhile ({@link dev.barista.spawn.Platform#linkInBackground})
   * @throws IOException with a sentence for the user, if an address or the lock file is another's
   */
  static WatchdogServer start(
      WatchdogConfig config, WatchdogLog log, Function<EventLoops, Runner> runner)
      throws IOException {
    Optional<TokenGate> tokens =
        config.tokens().isPresent()
            ? Optional.of(TokenGate.connect(config.tokens().get(), log))
            : Optional.empty();
    EventLoops loops = EventLoops.start(loops(config.mode()), "watchdog-http");
    Runner made = runner.apply(loops);
    try {
      var server = new WatchdogServer(config, made, tokens, loops, log);
      server.begin();
      return server;
    } catch (IOException | RuntimeException failure) {
      made.close();
      loops.close();
      throw failure;
    }
  }

  /**
   * One is enough where each call costs a process. Before a server it would be a large machine's
   * narrowest place; the server needs processors too.
   */
  private static int loops(Mode mode) {
    return mode instanceof Mode.Http
        ? Math.clamp(Runtime.getRuntime().availableProcessors() / 2, 1, MOST_LOOPS)
        : 1;
  }

  private void begin() throws IOException {
    try {
      readiness.begin(!config.options().suppressLock());
    } catch (IOException failure) {
      calls.close();
      metricsListener.ifPresent(HttpServer::close);
      throw failure;
    }
  }

  /** Where calls are taken, with the real port. */
  SocketAddress address() {
    return calls.address();
  }

  Optional<SocketAddress> metricsAddress() {
    return metricsListener.map(HttpServer::address);
  }

  /** Tells that it is going; calls are still taken. */
  void beginStop() {
    readiness.end();
    runner.beginStop();
  }

  /** Whether somebody has deleted the lock file, to have this watchdog left alone. */
  boolean isTakenOut() {
    return readiness.isTakenOut();
  }

  /** Takes no more calls, lets those that run end within {@code write_timeout}, kills the rest. */
  void drain() throws InterruptedException {
    boolean finished = calls.drain(config.timeouts().write());
    if (!finished) {
      log.line("Stopping though calls still run: write_timeout has passed.");
    }
  }

  @Override
  public void close() {
    readiness.end();
    calls.close();
    metricsListener.ifPresent(HttpServer::close);
    runner.close();
    loops.close();
  }

  private Routes routes() {
    return Routes.builder(Gatekeeper.OPEN).stream(
            Methods.ANY, "/_/health", Access.PUBLIC, this::health)
        .stream(Methods.ANY, "/_/ready", Access.PUBLIC, this::ready)
        .stream(config.mode().isClassic() ? CALLED : Methods.ANY, "/*", Access.PUBLIC, this::call)
        .build();
  }

  private void health(StreamExchange exchange) {
    exchange.respond(
        onlyGet(exchange)
            .orElseGet(() -> readiness.isReady() ? Answer.text(200, "OK") : Answer.empty(503)));
  }

  private void ready(StreamExchange exchange) {
    Optional<Answer> refusal = onlyGet(exchange).or(this::notReady);
    if (refusal.isPresent()) {
      exchange.respond(refusal.get());
    } else if (config.readyPath().isEmpty()) {
      exchange.respond(Answer.empty(200));
    } else {
      String[] target = config.readyPath().get().split("\\?", 2);
      runner.run(new Call(exchange, target[0], target.length < 2 ? "" : target[1], _ -> {}));
    }
  }

  private Optional<Answer> notReady() {
    if (!readiness.isReady()) {
      return Optional.of(Answer.empty(503));
    }
    return limit.isReached() ? Optional.of(tooMany()) : Optional.empty();
  }

  /** These paths are never the function's, whatever the method. */
  private static Optional<Answer> onlyGet(StreamExchange exchange) {
    return exchange.head().method().equals("GET")
        ? Optional.empty()
        : Optional.of(Answer.empty(405));
  }

  /** The classic watchdog looks at tokens before it counts calls, of-watchdog after. */
  private void call(StreamExchange exchange) {
    if (tokens.isEmpty()) {
      admit(exchange, ended -> runner.run(Call.of(exchange, ended)));
    } else if (config.mode().isClassic()) {
      check(
          exchange,
          () -> admit(exchange, ended -> runner.run(Call.of(exchange, ended))),
          status -> counted(exchange, status));
    } else {
      admit(exchange, ended -> check(exchange, () -> runner.run(Call.of(exchange, ended)), ended));
    }
  }

  private void check(StreamExchange exchange, Runnable allowed, IntConsumer refused) {
    tokens.orElseThrow().check(exchange, allowed, refused);
  }

  private void admit(StreamExchange exchange, Consumer<IntConsumer> next) {
    if (!limit.enter()) {
      exchange.respond(tooMany());
      counted(exchange, 429);
      return;
    }
    String method = exchange.head().method();
    long start = exchange.startedNanos();
    next.accept(
        status -> {
          limit.leave();
          metrics.record(status, method, System.nanoTime() - start);
        });
  }

  private void counted(StreamExchange exchange, int status) {
    metrics.record(status, exchange.head().method(), System.nanoTime() - exchange.startedNanos());
  }

  private Answer tooMany() {
    String text =
        "Concurrent request limit exceeded. Max concurrent requests: " + limit.most() + "\n";
    return new Answer(
        429,
        Headers.of("Content-Type", "text/plain", "X-OpenFaaS-Internal", "faas-middleware"),
        text.getBytes(UTF_8));
  }

  /** Metrics are not worth a replica: a port that is taken is told of, no more. */
  private Optional<HttpServer> listenForScrapes(SocketAddress address) {
    Routes routes =
        Routes.builder(Gatekeeper.OPEN).stream(
                Methods.of("GET"),
                "/metrics",
                Access.PUBLIC,
                exchange -> exchange.respond(Answer.metrics(metrics.scrape())))
            .build();
    try {
      return Optional.of(listen(address, routes));
    } catch (IOException failure) {
      log.line("No metrics, since " + address + " is not to be had: " + failure.getMessage());
      return Optional.empty();
    }
  }

  private HttpServer listenForCalls() throws IOException {
    try {
      return listen(config.address(), routes());
    } catch (IOException failure) {
      if (config.address() instanceof InetSocketAddress tcp
          && String.valueOf(failure.getMessage()).contains("in use")) {
        throw new IOException(
            "port "
                + tcp.getPort()
                + " is in use by another program (expected: a free one; set port, 0 takes any)",
            failure);
      }
      throw failure;
    }
  }

  private HttpServer listen(SocketAddress address, Routes routes) throws IOException {
    if (address instanceof UnixDomainSocketAddress socket) {
      removeLeftOver(socket);
    }
    var limits =
        HttpServerConfig.at(address)
            .withMaxBodyBytes(Long.MAX_VALUE)
            .withMaxHeaders(256 << 10, 500)
            .withTimeouts(config.timeouts().read(), IDLE, config.timeouts().write());
    return HttpServer.start(limits, loops, routes, ERRORS, RequestObserver.NONE);
  }

  /** The socket of one that was killed is in the way; that of a living one is not ours. */
  private static void removeLeftOver(UnixDomainSocketAddress socket) throws IOException {
    if (!Files.exists(socket.getPath())) {
      return;
    }
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(socket);
    } catch (IOException _) {
      Files.deleteIfExists(socket.getPath());
      return;
    }
    throw new IOException(
        socket
            + " is the socket of another program, which runs (expected: an unused path in "
            + ConfigParser.SOCKET
            + ")");
  }
}
