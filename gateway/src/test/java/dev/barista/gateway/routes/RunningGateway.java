package dev.barista.gateway.routes;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.barista.api.wire.SystemInfo;
import dev.barista.gateway.errors.ErrorAnswers;
import dev.barista.gateway.system.FakeAutoscaling;
import dev.barista.gateway.system.JsonBodies;
import dev.barista.gateway.system.LogsApi;
import dev.barista.gateway.system.ScalingApi;
import dev.barista.gateway.system.SecretsApi;
import dev.barista.gateway.system.SystemApi;
import dev.barista.gateway.system.SystemConfig;
import dev.barista.http.Answer;
import dev.barista.http.EventLoops;
import dev.barista.http.Gatekeeper;
import dev.barista.http.HttpServer;
import dev.barista.http.HttpServerConfig;
import dev.barista.http.RequestObserver;
import dev.barista.http.Routes;
import dev.barista.provider.testkit.FakeProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import tools.jackson.databind.json.JsonMapper;

/** The gateway's routes on a real listener, with a provider in memory; user bob, password pw. */
public final class RunningGateway implements AutoCloseable {

  public static final int MAX_SYSTEM_BODY = 4096;
  public static final int MAX_LOG_STREAMS = 2;

  /** The header line of the right credentials. */
  public static final String ADMIN = "Authorization: Basic " + encoded("bob:pw") + "\r\n";

  private final FakeProvider provider = new FakeProvider();
  private final FakeAutoscaling autoscaling = new FakeAutoscaling();
  private final LogsApi logs;
  private final Routes routes;
  private final EventLoops loops;
  private final HttpServer server;

  private RunningGateway(boolean password, int maxSystemBody) throws IOException {
    Supplier<JsonMapper> mapper = JsonBodies.sharedMapper();
    JsonBodies json = new JsonBodies(mapper, maxSystemBody);
    ErrorAnswers errors = new ErrorAnswers(mapper);
    this.logs = new LogsApi(provider, json, "openfaas-fn", MAX_LOG_STREAMS);
    SystemApi system =
        new SystemApi(
            provider,
            name -> name.name().length(),
            json,
            new SystemConfig("openfaas-fn", 50, new SystemInfo.Version("why", "1.2.3", "0a1b2c3")));
    Gatekeeper gate =
        new OriginGuard(
            new HostNames(List.of("10.0.0.7"), List.of("faas.lan")),
            /* checkHost= */ !password,
            password ? new BasicAuth("bob", "pw", errors) : Gatekeeper.OPEN,
            errors);
    this.routes =
        GatewayRoutes.gateway(
            gate,
            system,
            logs,
            new SecretsApi(provider, json, "openfaas-fn"),
            new ScalingApi(autoscaling, json, "openfaas-fn"),
            exchange -> exchange.respond(Answer.text(200, "invoked")),
            new StaticFiles(RunningGateway.class.getClassLoader(), "dev/barista/gateway/routes"),
            exchange -> exchange.respond(Answer.text(200, "image")),
            exchange -> exchange.respond(Answer.text(200, "pruned")));
    provider.start(event -> {});
    this.loops = EventLoops.start(1, "test");
    this.server =
        HttpServer.start(
            HttpServerConfig.at(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
            loops,
            routes,
            new GatewayErrors(errors, Map.of("maxBodyBytes", "--max-body")),
            RequestObserver.NONE);
  }

  public static RunningGateway withPassword() throws IOException {
    return new RunningGateway(/* password= */ true, MAX_SYSTEM_BODY);
  }

  /** With a password, and bodies of the REST API up to {@code bytes}. */
  public static RunningGateway withSystemBody(int bytes) throws IOException {
    return new RunningGateway(/* password= */ true, bytes);
  }

  public static RunningGateway withoutPassword() throws IOException {
    return new RunningGateway(/* password= */ false, MAX_SYSTEM_BODY);
  }

  public FakeProvider provider() {
    return provider;
  }

  public FakeAutoscaling autoscaling() {
    return autoscaling;
  }

  public LogsApi logs() {
    return logs;
  }

  public int port() {
    return server.port();
  }

  Routes routes() {
    return routes;
  }

  static String encoded(String credentials) {
    return Base64.getEncoder().encodeToString(credentials.getBytes(UTF_8));
  }

  /** As an administrator, with the gateway's own Host. */
  public RawAnswer admin(String method, String target, String body) {
    return send(method, target, "Host: localhost\r\n" + ADMIN, body);
  }

  /**
   * @param headers whole lines
   */
  public RawAnswer send(String method, String target, String headers, String body) {
    return RawAnswer.of(
        server.port(),
        method
            + " "
            + target
            + " HTTP/1.1\r\nConnection: close\r\nContent-Length: "
            + body.getBytes(UTF_8).length
            + "\r\n"
            + headers
            + "\r\n"
            + body);
  }

  @Override
  public void close() {
    server.close();
    loops.close();
    provider.close();
  }
}
