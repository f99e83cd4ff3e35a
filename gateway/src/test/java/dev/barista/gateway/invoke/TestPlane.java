package dev.barista.gateway.invoke;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.barista.api.FunctionName;
import dev.barista.api.FunctionSpec;
import dev.barista.autoscaler.LoadReading;
import dev.barista.gateway.errors.ErrorAnswers;
import dev.barista.gateway.metrics.GatewayMetrics;
import dev.barista.gateway.routes.GatewayErrors;
import dev.barista.http.Access;
import dev.barista.http.ErrorMapper;
import dev.barista.http.EventLoops;
import dev.barista.http.ExchangeHandler;
import dev.barista.http.Gatekeeper;
import dev.barista.http.HttpServer;
import dev.barista.http.HttpServerConfig;
import dev.barista.http.Methods;
import dev.barista.http.RequestObserver;
import dev.barista.http.Routes;
import dev.barista.provider.spi.Endpoint;
import dev.barista.provider.testkit.FakeProvider;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import tools.jackson.databind.json.JsonMapper;

/** A real data plane on a free port, a provider in memory, and replicas that are real servers. */
final class TestPlane implements AutoCloseable {

  static final FunctionName NAME = FunctionName.parse("f");

  /** Longest body that the gateway takes. */
  static final int MAX_BODY = 8 << 20;

  /** Far above what the slowest machine needs; only a plane that hangs ever waits so long. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private final EventLoops loops = EventLoops.start(2, "test-plane");
  private final GatewayMetrics metrics = new GatewayMetrics();
  private final FakeProvider provider = new FakeProvider();
  private final List<HttpServer> servers = new ArrayList<>();
  private final ReplicaPools pools;
  private final HttpServer gateway;

  // Mutable state
  private Map<String, String> annotations = Map.of();
  private final AtomicLong passed = new AtomicLong();

  TestPlane() throws IOException {
    this(UnaryOperator.identity());
  }

  TestPlane(UnaryOperator<InvokeConfig> settings) throws IOException {
    InvokeConfig config =
        settings.apply(
            InvokeConfig.standard(FunctionName.DEFAULT_NAMESPACE, "test")
                .withTimeouts(Duration.ofSeconds(30), Duration.ofSeconds(30))
                .withMaxHeldCalls(100));
    pools = new ReplicaPools(provider, loops, metrics, config);
    ErrorAnswers errors = new ErrorAnswers(new JsonMapper());
    provider.start(pools);
    InvocationHandler handler =
        new InvocationHandler(
            pools,
            errors,
            config,
            InstantSource.fixed(Instant.parse("2026-01-02T03:04:05.000000006Z")),
            () -> System.nanoTime() + passed.get());
    Routes routes =
        Routes.builder(Gatekeeper.OPEN).stream(Methods.ANY, "/function/*", Access.PUBLIC, handler)
            .build();
    gateway =
        HttpServer.start(
            HttpServerConfig.at(ANY).withMaxBodyBytes(MAX_BODY),
            loops,
            routes,
            new GatewayErrors(errors, Map.of()),
            metrics.requests());
  }

  /** To wait for what shall come. */
  static ConditionFactory patiently() {
    return Awaitility.await().atMost(PATIENCE);
  }

  /** So much earlier do the limits of calls end, those under way included. */
  void letPass(Duration time) {
    passed.addAndGet(time.toNanos());
  }

  FakeProvider provider() {
    return provider;
  }

  GatewayMetrics metrics() {
    return metrics;
  }

  /** A server that answers every path as {@code handler} says; a place for replicas to be. */
  Endpoint replica(ExchangeHandler handler) throws IOException {
    HttpServer server =
        HttpServer.start(
            HttpServerConfig.at(ANY),
            loops,
            Routes.builder(Gatekeeper.OPEN)
                .route(Methods.ANY, "/*", Access.PUBLIC, handler)
                .build(),
            ErrorMapper.PLAIN,
            RequestObserver.NONE);
    servers.add(server);
    return new Endpoint(server.address());
  }

  /** Deploys {@link #NAME}; its replicas are all at {@code endpoint}. */
  void deploy(Endpoint endpoint) {
    provider.withEndpoint(endpoint);
    provider.deploy(spec());
  }

  /** Those that {@link #NAME} is deployed with from now on. */
  void annotations(Map<String, String> given) {
    annotations = given;
  }

  FunctionSpec spec() {
    return Annotated.spec(annotations);
  }

  FunctionPool pool() {
    return requireNonNull(pools.find(NAME.name()), "not deployed");
  }

  Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port());
    socket.setSoTimeout((int) PATIENCE.toMillis());
    return socket;
  }

  /** Sends a request whose connection closes afterwards; returns the whole answer. */
  String call(String method, String path, String headers, String body) throws IOException {
    try (Socket socket = connect()) {
      send(socket, method, path, headers, body);
      ByteArrayOutputStream answer = new ByteArrayOutputStream();
      socket.getInputStream().transferTo(answer);
      return answer.toString(ISO_8859_1);
    }
  }

  String get(String path) throws IOException {
    return call("GET", path, "", "");
  }

  /** As {@link #get(String)}; once the answer has begun, so much time passes. */
  String get(String path, Duration passing) throws IOException {
    try (Socket socket = connect()) {
      send(socket, "GET", path, "", "");
      String head = readUntil(socket, "\r\n\r\n");
      letPass(passing);
      return head + new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    }
  }

  /** What arrives up to and with {@code end}. */
  static String readUntil(Socket socket, String end) throws IOException {
    StringBuilder text = new StringBuilder();
    while (text.indexOf(end) < 0) {
      int b = socket.getInputStream().read();
      assertThat(b).as("the end after %s", text).isNotNegative();
      text.append((char) b);
    }
    return text.toString();
  }

  static void send(Socket socket, String method, String path, String headers, String body)
      throws IOException {
    String request =
        method
            + " "
            + path
            + " HTTP/1.1\r\nHost: gw:1\r\nConnection: close\r\nContent-Length: "
            + body.length()
            + "\r\n"
            + headers
            + "\r\n"
            + body;
    socket.getOutputStream().write(request.getBytes(ISO_8859_1));
  }

  /** Asserts the resting state after so many calls. */
  void assertAtRest(long calls) {
    assertAtRest();
    assertThat(pool().metrics().started()).isEqualTo(calls);
  }

  /** Asserts the resting state: every call that arrived has ended, nothing waits or runs. */
  void assertAtRest() {
    FunctionPool pool = pool();
    patiently()
        .untilAsserted(
            () -> assertThat(pool.metrics().ended()).isEqualTo(pool.metrics().started()));
    patiently().until(() -> pool.onReplicas() == 0);
    patiently().until(() -> pool.inFlight() == 0);
    assertThat(pool.waiting()).isZero();
    LoadReading load = load();
    assertThat(load.arrivals()).isGreaterThanOrEqualTo(pool.metrics().ended());
    assertThat(load.answers()).isLessThanOrEqualTo(load.arrivals());
  }

  /** The load of {@link #NAME} as the autoscaler reads it. */
  LoadReading load() {
    return pools.read(NAME, System.nanoTime()).orElseThrow();
  }

  /** What stands between provider and calls. */
  ReplicaPools pools() {
    return pools;
  }

  /** How many calls of {@link #NAME} ended with a status. */
  long ended(int status) {
    String line =
        "gateway_function_invocation_total{code=\""
            + status
            + "\",function_name=\""
            + NAME
            + "\"} ";
    return metrics
        .exposition()
        .lines()
        .filter(text -> text.startsWith(line))
        .map(text -> Long.parseLong(text.substring(line.length())))
        .findFirst()
        .orElse(0L);
  }

  /** Every call of {@link #NAME} by status, as {@code 200: 3, 502: 1}. */
  String calls() {
    return counts(
        "gateway_function_invocation_total{code=\"(\\d+)\",function_name=\"" + NAME + "\"} (\\d+)");
  }

  /** Every request to {@code /function} by status, as {@link #calls()}. */
  String requests() {
    return counts("http_requests_total{.*path=\"/function\",status=\"(\\d+)\"} (\\d+)");
  }

  private String counts(String line) {
    Pattern pattern = Pattern.compile(line.replace("{", "\\{"));
    return metrics
        .exposition()
        .lines()
        .map(pattern::matcher)
        .filter(Matcher::matches)
        .map(match -> match.group(1) + ": " + match.group(2))
        .collect(Collectors.joining(", "));
  }

  @Override
  public void close() {
    gateway.close();
    servers.forEach(HttpServer::close);
    provider.close();
    loops.close();
  }
}
