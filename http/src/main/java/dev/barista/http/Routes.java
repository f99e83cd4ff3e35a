package dev.barista.http;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Every route of a listener: who may use it and who answers. Immutable.
 *
 * <p>Patterns: a literal path; {@code {name}} for one segment that isn't empty; {@code *} at the
 * end for whatever follows, also nothing. Routes are tried in the order in which they were added,
 * so the special one comes first. Paths are compared as sent, percent-encoding included.
 */
public final class Routes {

  private final Gatekeeper gatekeeper;
  private final List<Route> routes;

  private Routes(Gatekeeper gatekeeper, List<Route> routes) {
    this.gatekeeper = gatekeeper;
    this.routes = routes;
  }

  public static Builder builder(Gatekeeper gatekeeper) {
    return new Builder(gatekeeper);
  }

  /** One line per route, for documentation and tests: access, methods, pattern. */
  public List<String> describe() {
    return routes.stream().map(Route::toString).toList();
  }

  Gatekeeper gatekeeper() {
    return gatekeeper;
  }

  Lookup find(String method, String rawPath) {
    boolean pathKnown = false;
    for (Route route : routes) {
      if (route.pattern().matches(rawPath)) {
        if (route.methods().includes(method)) {
          return route;
        }
        pathKnown = true;
      }
    }
    return pathKnown ? new Lookup.OtherMethod(methodsOf(rawPath)) : Lookup.Unknown.INSTANCE;
  }

  private Set<String> methodsOf(String rawPath) {
    Set<String> names = new TreeSet<>();
    for (Route route : routes) {
      if (route.pattern().matches(rawPath)) {
        names.addAll(route.methods().names());
      }
    }
    return names;
  }

  /** What the table knows about a request. */
  sealed interface Lookup permits Route, Lookup.OtherMethod, Lookup.Unknown {
    /** Another method would do: one of these, sorted. */
    record OtherMethod(Set<String> allowed) implements Lookup {}

    enum Unknown implements Lookup {
      INSTANCE
    }
  }

  /** One line of the table. */
  record Route(
      Methods methods, RoutePattern pattern, String family, Access access, RouteHandler handler)
      implements Lookup {
    @Override
    public String toString() {
      return access + " " + methods + " " + pattern;
    }
  }

  /** Where a route runs. */
  sealed interface RouteHandler {
    record Blocking(ExchangeHandler handler) implements RouteHandler {}

    record Streaming(StreamHandler handler) implements RouteHandler {}
  }

  /** Collects routes; for one thread. */
  public static final class Builder {

    private final Gatekeeper gatekeeper;

    // Mutable state
    private final List<Route> routes = new ArrayList<>();

    private Builder(Gatekeeper gatekeeper) {
      this.gatekeeper = requireNonNull(gatekeeper, "gatekeeper");
    }

    /** A control-plane route: blocking code on a virtual thread. */
    public Builder route(Methods methods, String pattern, Access access, ExchangeHandler handler) {
      return add(methods, pattern, access, new RouteHandler.Blocking(handler));
    }

    /** A data-plane route: on the event loop. */
    public Builder stream(Methods methods, String pattern, Access access, StreamHandler handler) {
      return add(methods, pattern, access, new RouteHandler.Streaming(handler));
    }

    private Builder add(Methods methods, String pattern, Access access, RouteHandler handler) {
      RoutePattern parsed = RoutePattern.parse(pattern);
      for (Route route : routes) {
        if (route.pattern().equals(parsed) && route.methods().overlaps(methods)) {
          throw new IllegalArgumentException("route: " + pattern + " (expected: each once)");
        }
      }
      routes.add(
          new Route(methods, parsed, parsed.family(), requireNonNull(access, "access"), handler));
      return this;
    }

    public Routes build() {
      return new Routes(gatekeeper, List.copyOf(routes));
    }
  }
}
