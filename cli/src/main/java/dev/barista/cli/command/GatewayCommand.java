package dev.barista.cli.command;

import dev.barista.api.FaasException;
import dev.barista.api.FunctionName;
import dev.barista.cli.CliException;
import dev.barista.cli.Terminal;
import dev.barista.cli.gateway.Credentials;
import dev.barista.cli.gateway.Gateway;
import dev.barista.cli.gateway.GatewayUrl;
import dev.barista.cli.gateway.LocalGateway;
import dev.barista.cli.gateway.LoginFile;
import dev.barista.cli.http.HttpClient;
import java.io.PrintStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What every verb that talks to a gateway has: where, as whom, which namespace. */
abstract class GatewayCommand implements Callable<Integer> {

  final Terminal terminal;
  final PrintStream out;
  final PrintStream err;

  @Option(
      names = {"-g", "--gateway"},
      paramLabel = "URL",
      description = "Gateway; else that of the stack file, OPENFAAS_URL, the one on this machine.")
  private @Nullable String gateway;

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAMESPACE",
      description = "Namespace of the function.")
  private @Nullable String namespace;

  @Option(
      names = {"-k", "--token"},
      paramLabel = "TOKEN",
      description = "Sent as a bearer token instead of the login.")
  private @Nullable String token;

  @Option(names = "--tls-no-verify", description = "Accept any TLS certificate.")
  private boolean tlsNoVerify;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  @SuppressWarnings("unused") // read by picocli
  private boolean help;

  GatewayCommand(Terminal terminal) {
    this.terminal = terminal;
    this.out = terminal.out();
    this.err = terminal.err();
  }

  Optional<String> namespace() {
    return Optional.ofNullable(namespace).filter(text -> !text.isEmpty());
  }

  /** {@code ?namespace=…}, or nothing. */
  String namespaceQuery(String separator) {
    return namespace()
        .map(text -> separator + "namespace=" + URLEncoder.encode(text, StandardCharsets.UTF_8))
        .orElse("");
  }

  /** The function that a word of the command line means. */
  FunctionName functionName(String word) {
    try {
      return namespace().isPresent()
          ? new FunctionName(word, namespace().get())
          : FunctionName.parse(word);
    } catch (FaasException e) {
      throw CliException.usage(badName(word));
    }
  }

  static String badName(String word) {
    return "function name: \""
        + word.replaceAll("\\p{Cntrl}", "?")
        + "\" (expected: a-z, 0-9 and inner '-', 1 to 63 characters)";
  }

  /** With the credentials that belong to it. */
  Gateway gateway(Optional<String> stackGateway) {
    Optional<LocalGateway> local = LocalGateway.find(dataFolder());
    GatewayUrl url = gatewayUrl(stackGateway, local);
    return new Gateway(url, credentials(url, local), new HttpClient(!tlsNoVerify));
  }

  /** Its address only. */
  GatewayUrl gatewayUrl() {
    return gatewayUrl(Optional.empty(), LocalGateway.find(dataFolder()));
  }

  private GatewayUrl gatewayUrl(Optional<String> stackGateway, Optional<LocalGateway> local) {
    return GatewayUrl.choose(
        Optional.ofNullable(gateway),
        stackGateway,
        Optional.ofNullable(terminal.environment().get("OPENFAAS_URL")),
        local.map(LocalGateway::url));
  }

  Gateway gateway() {
    return gateway(Optional.empty());
  }

  Path dataFolder() {
    return LocalGateway.dataFolder(terminal.environment());
  }

  /** Those of this machine's gateway come first: they are never out of date. */
  private Optional<Credentials> credentials(GatewayUrl url, Optional<LocalGateway> local) {
    if (token != null) {
      return Optional.of(new Credentials.Bearer(token));
    }
    return local
        .filter(found -> found.isAt(url))
        .flatMap(LocalGateway::credentials)
        .or(() -> LoginFile.of(terminal.environment(), terminal.folder()).find(url));
  }
}
