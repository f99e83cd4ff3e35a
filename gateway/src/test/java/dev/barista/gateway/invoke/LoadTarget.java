package dev.barista.gateway.invoke;

import dev.barista.api.FunctionName;
import dev.barista.api.FunctionSpec;
import dev.barista.concurrency.NanoClock;
import dev.barista.gateway.errors.ErrorAnswers;
import dev.barista.gateway.metrics.GatewayMetrics;
import dev.barista.gateway.routes.GatewayErrors;
import dev.barista.http.Access;
import dev.barista.http.EventLoops;
import dev.barista.http.Gatekeeper;
import dev.barista.http.HttpServer;
import dev.barista.http.HttpServerConfig;
import dev.barista.http.Methods;
import dev.barista.http.Routes;
import dev.barista.provider.spi.Endpoint;
import dev.barista.provider.testkit.FakeProvider;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import tools.jackson.databind.json.JsonMapper;

/**
 * The data plane alone in front of one server, for measurements and profiles: {@code LoadTarget
 * PORT_OF_GATEWAY HOST:PORT|/path/of/socket}; the function's name is {@code echo}.
 */
final class LoadTarget {

  private LoadTarget() {}

  public static void main(String[] args) throws Exception {
    EventLoops loops = EventLoops.start(0, "data-plane");
    GatewayMetrics metrics = new GatewayMetrics();
    FakeProvider provider = new FakeProvider().withEndpoint(new Endpoint(address(args[1])));
    InvokeConfig config = InvokeConfig.standard(FunctionName.DEFAULT_NAMESPACE, "load");
    ReplicaPools pools = new ReplicaPools(provider, loops, metrics, config);
    ErrorAnswers errors = new ErrorAnswers(new JsonMapper());
    provider.start(pools);
    provider.deploy(FunctionSpec.of(FunctionName.parse("echo"), "echo"));
    InvocationHandler handler =
        new InvocationHandler(pools, errors, config, InstantSource.system(), NanoClock.SYSTEM);
    Routes routes =
        Routes.builder(Gatekeeper.OPEN).stream(Methods.ANY, "/function/*", Access.PUBLIC, handler)
            .route(Methods.ANY, "/metrics", Access.PUBLIC, metrics::scrape)
            .build();
    HttpServerConfig listener =
        HttpServerConfig.at(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0])));
    HttpServer server =
        HttpServer.start(
            listener, loops, routes, new GatewayErrors(errors, Map.of()), metrics.requests());
    System.out.println("listening on " + server.port() + " by " + loops.transport());
    new CountDownLatch(1).await();
  }

  private static SocketAddress address(String text) {
    int colon = text.lastIndexOf(':');
    return colon < 0
        ? UnixDomainSocketAddress.of(text)
        : new InetSocketAddress(
            text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
  }
}
