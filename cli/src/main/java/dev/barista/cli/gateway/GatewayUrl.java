package dev.barista.cli.gateway;

import dev.barista.api.Printable;
import dev.barista.cli.CliException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Address of a gateway in the form that addresses are compared in: lower case, with a scheme, no
 * slash at the end.
 */
public record GatewayUrl(String text) {

  public static final GatewayUrl DEFAULT = new GatewayUrl("http://127.0.0.1:8080");

  /** Whole: a name that begins like one of these may be anybody's, and would get the password. */
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}|\\[(::1|0:0:0:0:0:0:0:1)]");

  private static final int MAX_PORT = 65_535;

  /**
   * @throws CliException of usage for what is no http(s) address
   */
  public static GatewayUrl of(String given) {
    String text = given.strip().toLowerCase(Locale.ROOT);
    text = text.contains("://") ? text : "http://" + text;
    while (text.endsWith("/")) {
      text = text.substring(0, text.length() - 1);
    }
    try {
      URI uri = new URI(text);
      boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      boolean plain = uri.getRawQuery() == null && uri.getRawFragment() == null;
      boolean port = uri.getPort() != 0 && uri.getPort() <= MAX_PORT;
      if (!http || uri.getHost() == null || !plain || !port) {
        throw refused(given);
      }
      if (uri.getRawUserInfo() != null) {
        throw CliException.usage(
            "gateway: an address with a password in it (expected: credentials by barista login)");
      }
    } catch (URISyntaxException e) {
      throw refused(given);
    }
    return new GatewayUrl(text);
  }

  private static CliException refused(String given) {
    return CliException.usage(
        "gateway: \"" + Printable.line(given) + "\" (expected: such as http://127.0.0.1:8080)");
  }

  /**
   * faas-cli's order: the option unless it names the default, the stack file's gateway likewise,
   * the environment; then the gateway that runs on this machine, then the default.
   */
  public static GatewayUrl choose(
      Optional<String> option,
      Optional<String> stackFile,
      Optional<String> environment,
      Optional<GatewayUrl> local) {
    Optional<GatewayUrl> optionUrl = option.map(GatewayUrl::of);
    Optional<GatewayUrl> named =
        optionUrl
            .filter(GatewayUrl::isNotDefault)
            .or(() -> stackFile.map(GatewayUrl::of).filter(GatewayUrl::isNotDefault))
            .or(() -> environment.filter(url -> !url.isBlank()).map(GatewayUrl::of));
    return named.or(() -> optionUrl).or(() -> local).orElse(DEFAULT);
  }

  private boolean isNotDefault() {
    return !equals(DEFAULT);
  }

  public URI resolve(String pathAndQuery) {
    return URI.create(text + pathAndQuery);
  }

  public boolean encrypted() {
    return text.startsWith("https:");
  }

  public int port() {
    int port = URI.create(text).getPort();
    return port >= 0 ? port : encrypted() ? 443 : 80;
  }

  /** Whether its host can only be this machine. */
  public boolean loopback() {
    return LOOPBACK.matcher(host()).matches();
  }

  /** Name or address; one of IPv6 in brackets. */
  String host() {
    return URI.create(text).getHost();
  }

  @Override
  public String toString() {
    return text;
  }
}
