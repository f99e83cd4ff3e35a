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
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** The listeners of a watchdog, what they answer, and how they stop. Thread-safe. */
final class WatchdogServer implements AutoCloseable {

  private static final Methods CALLED = Methods.of("GET", "POST", "PUT", "PATCH", "DELETE");
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
  private final EventLoops loops;
  private final HttpServer calls;
  private final Optional<HttpServer> metricsListener;

  private WatchdogServer(WatchdogConfig config, Runner runner, EventLoops loops, WatchdogLog log)
      throws IOException {
    this.config = config;
    this.runner = runner;
    this.log = log;
    this.readiness = new Readiness(config.lockFile());
    this.limit = new InflightLimit(config.maxInflight());
    this.metrics = new WatchdogMetrics(limit);
    this.loops = loops;
    this.calls = listen(config.address(), routes());
    this.metricsListener = config.metricsAddress().flatMap(this::listenForScrapes);
    readiness.begin(!config.options().suppressLock());
  }

  /**
   * Takes calls when it returns.
   *
   * @param runner made after the listener's threads, so that what it needs of the system is linked
   *     meanwhile ({@link dev.barista.spawn.Platform#linkInBackground})
   * @throws IOException if the address is taken or the lock file can't be written
   */
  static WatchdogServer start(WatchdogConfig config, WatchdogLog log, Supplier<Runner> runner)
      throws IOException {
    EventLoops loops = EventLoops.start(1, "watchdog-http");
    return new WatchdogServer(config, runner.get(), loops, log);
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
        .stream(CALLED, "/*", Access.PUBLIC, this::call)
        .build();
  }

  private void health(StreamExchange exchange) {
    exchange.respond(
        onlyGet(exchange)
            .orElseGet(() -> readiness.isReady() ? Answer.text(200, "OK") : Answer.empty(503)));
  }

  private void ready(StreamExchange exchange) {
    exchange.respond(
        onlyGet(exchange)
            .orElseGet(
                () -> {
                  if (!readiness.isReady()) {
                    return Answer.empty(503);
                  }
                  return limit.isReached() ? tooMany() : Answer.empty(200);
                }));
  }

  /** These paths are never the function's, whatever the method. */
  private static Optional<Answer> onlyGet(StreamExchange exchange) {
    return exchange.head().method().equals("GET")
        ? Optional.empty()
        : Optional.of(Answer.empty(405));
  }

  private void call(StreamExchange exchange) {
    String method = exchange.head().method();
    long start = exchange.startedNanos();
    if (!limit.enter()) {
      exchange.respond(tooMany());
      metrics.record(429, method, System.nanoTime() - start);
      return;
    }
    runner.run(
        exchange,
        status -> {
          limit.leave();
          metrics.record(status, method, System.nanoTime() - start);
        });
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
                exchange -> exchange.respond(Answer.text(200, metrics.scrape())))
            .build();
    try {
      return Optional.of(listen(address, routes));
    } catch (IOException failure) {
      log.line("No metrics, since " + address + " is not to be had: " + failure.getMessage());
      return Optional.empty();
    }
  }

  private HttpServer listen(SocketAddress address, Routes routes) throws IOException {
    if (address instanceof UnixDomainSocketAddress socket) {
      Files.deleteIfExists(socket.getPath());
    }
    var limits =
        HttpServerConfig.at(address)
            .withMaxBodyBytes(Long.MAX_VALUE)
            .withMaxHeaders(256 << 10, 500)
            .withTimeouts(config.timeouts().read(), IDLE, config.timeouts().write());
    return HttpServer.start(limits, loops, routes, ERRORS, RequestObserver.NONE);
  }
}
