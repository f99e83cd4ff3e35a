package dev.barista.http;

import dev.barista.http.Routes.Lookup;
import java.util.Optional;
import java.util.Set;

/** The way of a valid request's head to its handler: path cleaning, route table, gatekeeper. */
final class Dispatch {

  private Dispatch() {}

  static void dispatch(ServerExchange exchange, RequestHead head, Routes routes) {
    Optional<String> cleaned = Targets.cleaned(head.rawPath());
    if (cleaned.isPresent()) {
      redirect(exchange, cleaned.get(), head.rawQuery());
      return;
    }
    switch (routes.find(head.method(), head.rawPath())) {
      case Routes.Route found -> found(exchange, head, found, routes.gatekeeper());
      case Lookup.OtherMethod(Set<String> allowed) -> otherMethod(exchange, allowed);
      case Lookup.Unknown _ ->
          exchange.fail(new HttpException(HttpException.Kind.NOT_FOUND, "404 page not found"));
    }
  }

  private static void otherMethod(ServerExchange exchange, Set<String> allowed) {
    HttpException refusal =
        new HttpException(
            HttpException.Kind.METHOD_NOT_ALLOWED, "this path does not take that method");
    exchange.respond(exchange.mapped(refusal).with("Allow", String.join(", ", allowed)));
  }

  private static void redirect(ServerExchange exchange, String path, String query) {
    String location = query.isEmpty() ? path : path + "?" + query;
    exchange.respond(Answer.empty(301).with("Location", location));
  }

  private static void found(
      ServerExchange exchange, RequestHead head, Routes.Route route, Gatekeeper gatekeeper) {
    exchange.route(route);
    Optional<Answer> refusal = gatekeeper.refusal(head, route.access());
    if (refusal.isPresent()) {
      exchange.respond(refusal.get());
      return;
    }
    switch (route.handler()) {
      case Routes.RouteHandler.Streaming(StreamHandler handler) ->
          handler.handle(new LoopExchange(exchange));
      case Routes.RouteHandler.Blocking(ExchangeHandler handler) ->
          BlockingExchange.start(exchange, head, route.pattern(), handler);
    }
  }
}
