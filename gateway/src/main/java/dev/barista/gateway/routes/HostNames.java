package dev.barista.gateway.routes;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Names under which this gateway is reached: loopback, its bind address, public names. */
public final class HostNames {

  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|[a-z0-9.-]+\\.localhost|127(\\.[0-9]{1,3}){3}|::1");

  private final Set<String> bound;
  private final Set<String> published;

  /**
   * @param bound the address that the listener is bound to; for a wildcard address those of the
   *     machine's interfaces
   * @param published names given with {@code --public-host}
   */
  public HostNames(List<String> bound, List<String> published) {
    this.bound = lowerCase(bound);
    this.published = lowerCase(published);
  }

  /** Whether that host, without a port, is one of them. */
  public boolean contains(String host) {
    return LOOPBACK.matcher(host).matches() || bound.contains(host) || isPublic(host);
  }

  boolean isPublic(String host) {
    return published.contains(host);
  }

  private static Set<String> lowerCase(List<String> names) {
    return names.stream()
        .map(name -> name.toLowerCase(Locale.ROOT))
        .collect(Collectors.toUnmodifiableSet());
  }
}
