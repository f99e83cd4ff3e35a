package dev.barista.cli.command;

import dev.barista.api.FaasException;
import dev.barista.api.FunctionName;
import dev.barista.api.Printable;
import dev.barista.cli.CliException;
import dev.barista.cli.Terminal;
import dev.barista.cli.gateway.Credentials;
import dev.barista.cli.gateway.Gateway;
import dev.barista.cli.gateway.GatewayUrl;
import dev.barista.cli.gateway.LocalGateway;
import dev.barista.cli.gateway.LoginFile;
import dev.barista.cli.gateway.RunningServers;
import dev.barista.cli.http.HttpClient;
import dev.barista.cli.options.Option;
import dev.barista.cli.options.OptionSet;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/** What every verb that talks to a gateway has: where, as whom, which namespace. */
abstract class GatewayCommand extends ClientCommand {

  private final Option.Text gateway;
  private final Option.Text data;
  private final Option.Text namespace;
  private final Option.Text token;
  private final Option.Flag tlsNoVerify;

  GatewayCommand(Terminal terminal, OptionSet options) {
    super(terminal, options);
    this.gateway =
        options.text(
            "URL",
            "Else that of the stack file, OPENFAAS_URL, or the one of this machine.",
            "-g",
            "--gateway");
    this.data =
        options.text(
            "FOLDER",
            "Data folder of this machine's gateway; else BARISTA_DATA, ~/.barista.",
            "--data");
    this.namespace = options.text("NAMESPACE", "Namespace of the function.", "-n", "--namespace");
    this.token =
        options.text("TOKEN", "Sent as a bearer token instead of the login.", "-k", "--token");
    this.tlsNoVerify = options.flag("Accept any TLS certificate.", "--tls-no-verify");
    options.endOfCommon();
  }

  /** The function that must be named. */
  FunctionName function() {
    if (options.words().isEmpty()) {
      throw CliException.usage("which function? (expected: its name)");
    }
    return functionName(options.words().getFirst());
  }

  Optional<String> namespace() {
    return namespace.value().filter(text -> !text.isEmpty());
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
        + Printable.line(word)
        + "\" (expected: a-z, 0-9 and inner '-', 1 to 63 characters)";
  }

  /** With the credentials that belong to it. */
  Gateway gateway(Optional<String> stackGateway) {
    Optional<LocalGateway> local = LocalGateway.find(dataFolder());
    GatewayUrl url = gatewayUrl(stackGateway, local);
    return new Gateway(url, credentials(url, local), new HttpClient(!tlsNoVerify.on()));
  }

  Gateway gateway() {
    return gateway(Optional.empty());
  }

  /** Its address only. */
  GatewayUrl gatewayUrl() {
    return gatewayUrl(Optional.empty(), LocalGateway.find(dataFolder()));
  }

  private GatewayUrl gatewayUrl(Optional<String> stackGateway, Optional<LocalGateway> local) {
    if (data.given() && local.isEmpty() && !gateway.given()) {
      throw CliException.failed(
          "No gateway runs in "
              + dataFolder()
              + ". Start it with: ./barista serve --data "
              + data.value().orElseThrow());
    }
    if (data.given() && !gateway.given()) {
      return local.orElseThrow().url();
    }
    return GatewayUrl.choose(
        gateway.value(),
        stackGateway,
        Optional.ofNullable(terminal.environment().get("OPENFAAS_URL")),
        local.map(LocalGateway::url));
  }

  /** Whether what is built here is there already: the gateway of this machine's data folder. */
  boolean sharesStore(Gateway gateway) {
    return LocalGateway.find(dataFolder()).filter(local -> local.isAt(gateway.url())).isPresent();
  }

  /** Of this machine: {@code --data}, {@code BARISTA_DATA}, or {@code ~/.barista}. */
  Path dataFolder() {
    return data.value()
        .map(named -> terminal.folder().resolve(named).normalize())
        .orElseGet(() -> LocalGateway.dataFolder(terminal.environment()));
  }

  /** Those of this machine's gateways come first: they are never out of date. */
  private Optional<Credentials> credentials(GatewayUrl url, Optional<LocalGateway> local) {
    if (token.given()) {
      return token.value().map(Credentials.Bearer::new);
    }
    return local
        .filter(found -> found.isAt(url))
        .or(() -> RunningServers.of(terminal.environment()).flatMap(known -> known.at(url)))
        .flatMap(LocalGateway::credentials)
        .or(() -> LoginFile.of(terminal.environment(), terminal.folder()).find(url));
  }
}
