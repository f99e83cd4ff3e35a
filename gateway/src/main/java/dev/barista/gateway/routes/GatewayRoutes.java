package dev.barista.gateway.routes;

import dev.barista.gateway.system.LogsApi;
import dev.barista.gateway.system.ScalingApi;
import dev.barista.gateway.system.SecretsApi;
import dev.barista.gateway.system.SystemApi;
import dev.barista.http.Access;
import dev.barista.http.Answer;
import dev.barista.http.ExchangeHandler;
import dev.barista.http.Gatekeeper;
import dev.barista.http.Methods;
import dev.barista.http.Routes;
import dev.barista.http.StreamHandler;

/**
 * Every route of the platform, in this one file. A path that is not here is 404, and each line says
 * who may use it; there is no default to forget.
 */
public final class GatewayRoutes {

  private GatewayRoutes() {}

  /**
   * The public listener.
   *
   * @param images the OCI distribution API
   * @param prune frees what the image store doesn't need
   */
  public static Routes gateway(
      Gatekeeper gatekeeper,
      SystemApi system,
      LogsApi logs,
      SecretsApi secrets,
      ScalingApi scaling,
      StreamHandler invocation,
      StaticFiles portal,
      ExchangeHandler images,
      ExchangeHandler prune) {
    Methods get = Methods.of("GET");
    Methods post = Methods.of("POST");
    return Routes.builder(gatekeeper).stream(Methods.ANY, "/function/*", Access.PUBLIC, invocation)
        .route(get, "/system/functions", Access.ADMIN, system::list)
        .route(post, "/system/functions", Access.ADMIN, system::deploy)
        .route(Methods.of("PUT"), "/system/functions", Access.ADMIN, system::update)
        .route(Methods.of("DELETE"), "/system/functions", Access.ADMIN, system::delete)
        .route(get, "/system/function/{name}", Access.ADMIN, system::status)
        .route(post, "/system/scale-function/{name}", Access.ADMIN, system::scale)
        .route(get, "/system/function/{name}/scaling", Access.ADMIN, scaling::report)
        .route(get, "/system/scaling/idle", Access.ADMIN, scaling::idle)
        .route(get, "/system/alerts", Access.ADMIN, scaling::alerts)
        .route(post, "/system/alert", Access.ADMIN, scaling::alert)
        .route(get, "/system/secrets", Access.ADMIN, secrets::list)
        .route(post, "/system/secrets", Access.ADMIN, secrets::create)
        .route(Methods.of("PUT"), "/system/secrets", Access.ADMIN, secrets::update)
        .route(Methods.of("DELETE"), "/system/secrets", Access.ADMIN, secrets::delete)
        .route(get, "/system/logs", Access.ADMIN, logs::logs)
        .route(get, "/system/info", Access.ADMIN, system::info)
        .route(post, "/system/images/prune", Access.ADMIN, prune)
        .route(Methods.ANY, "/v2/*", Access.PASSWORD, images)
        .route(Methods.of("GET", "HEAD"), "/healthz", Access.PUBLIC, system::health)
        .route(get, "/ui/*", Access.ADMIN, portal::serve)
        .route(get, "/ui", Access.PUBLIC, redirect("/ui/"))
        .route(get, "/", Access.PUBLIC, redirect("/ui/"))
        .build();
  }

  /** The metrics listener, which shows no function's data but its name and counts. */
  public static Routes metrics(ExchangeHandler scrape) {
    return Routes.builder(Gatekeeper.OPEN)
        .route(Methods.ANY, "/metrics", Access.PUBLIC, scrape)
        .route(
            Methods.of("GET"),
            "/healthz",
            Access.PUBLIC,
            exchange -> exchange.respond(Answer.text(200, "OK")))
        .build();
  }

  private static ExchangeHandler redirect(String target) {
    Answer answer = Answer.empty(307).with("Location", target);
    return exchange -> exchange.respond(answer);
  }
}
