package dev.barista.cli.command;

import dev.barista.api.FunctionName;
import dev.barista.cli.CliException;
import dev.barista.cli.ExitCode;
import dev.barista.cli.Terminal;
import dev.barista.cli.gateway.Gateway;
import dev.barista.cli.http.HttpAnswer;
import dev.barista.cli.http.HttpCall;
import dev.barista.cli.http.RequestBody;
import dev.barista.cli.options.Option;
import dev.barista.cli.options.OptionSet;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * {@code barista invoke}: standard input to the function, its answer to standard output, both as
 * they come. Never sends the gateway's credentials: they are none of the function's business.
 */
final class InvokeCommand extends GatewayCommand {

  private static final int BUFFER_BYTES = 16 << 10;

  private final Option.Text method =
      options.text("METHOD", "HTTP method; POST unless given.", "-m", "--method");

  private final Option.Text contentType =
      options.text("TYPE", "Content-Type of the body; text/plain unless given.", "--content-type");

  private final Option.Texts headers =
      options.texts("'NAME: VALUE'", "Header to send; may be repeated.", "-H", "--header");

  private final Option.Texts query =
      options.texts("NAME=VALUE", "Query parameter; may be repeated.", "--query");

  private final Option.Flag async =
      options.flag("Put the call into the queue, and don't wait for its answer.", "-a", "--async");

  private final Option.Text sign =
      options.text("HEADER", "Sign the body with --key, into that header.", "--sign");

  private final Option.Text key =
      options.text("KEY", "Key to sign with, shared with the function.", "--key");

  InvokeCommand(Terminal terminal) {
    super(
        terminal,
        new OptionSet(
            "invoke FUNCTION",
            "Call a function: standard input is the body, standard output the answer.",
            /* mostWords= */ 1));
  }

  @Override
  int run() throws IOException {
    FunctionName name = function();
    Gateway gateway = gateway();
    String route = async.on() ? "/async-function/" : "/function/";
    URI uri = gateway.url().resolve(route + name + queryString());
    try (HttpAnswer answer = gateway.send(request(uri))) {
      if (async.on()) {
        return tellQueued(name, answer);
      }
      boolean lineEnded = copy(answer.body());
      if (!answer.successful()) {
        err.println((lineEnded ? "" : "\n") + sentence(name, answer));
        return ExitCode.FAILED;
      }
    }
    return ExitCode.OK;
  }

  private int tellQueued(FunctionName name, HttpAnswer answer) throws IOException {
    if (answer.status() == 202) {
      String id = answer.header("X-Call-Id").map(call -> " Call id: " + call).orElse("");
      err.println("Function submitted asynchronously." + id);
      return ExitCode.OK;
    }
    copy(answer.body());
    err.println(
        answer.status() == 404
            ? "The gateway has no queue for asynchronous calls, or no function " + name + " (404)."
            : sentence(name, answer));
    return ExitCode.FAILED;
  }

  private HttpCall request(URI uri) throws IOException {
    String verb = method.value().orElse("POST").toUpperCase(Locale.ROOT);
    try {
      HttpCall call = signed(HttpCall.of(verb, uri, Duration.ZERO), verb);
      if (headers.values().stream()
          .noneMatch(header -> name(header).equalsIgnoreCase("Content-Type"))) {
        call = call.withHeader("Content-Type", contentType.value().orElse("text/plain"));
      }
      for (String header : headers.values()) {
        call = call.withHeader(name(header), header.substring(separator(header) + 1).strip());
      }
      return call;
    } catch (IllegalArgumentException e) {
      throw CliException.usage(String.valueOf(e.getMessage()));
    }
  }

  private HttpCall signed(HttpCall call, String verb) throws IOException {
    if (sign.given() != key.given()) {
      throw CliException.usage("--sign and --key belong together");
    }
    if (!sign.given()) {
      return call.withBody(body(verb));
    }
    Signature signature = new Signature(sign.value().orElseThrow(), key.value().orElseThrow());
    byte[] body = Signature.body(terminal.in());
    return call.withBody(new RequestBody.Bytes(body))
        .withHeader(signature.header(), signature.of(body));
  }

  /** A GET typed at a terminal has no body to wait for. */
  private RequestBody body(String verb) {
    boolean typed = terminal.environment().getOrDefault("BARISTA_STDIN", "").equals("terminal");
    if (typed && (verb.equals("GET") || verb.equals("HEAD"))) {
      return new RequestBody.None();
    }
    if (typed) {
      err.println("Reading the body from the keyboard: end it with Ctrl-D.");
    }
    return new RequestBody.Stream(terminal.in());
  }

  private String queryString() {
    if (query.values().isEmpty()) {
      return "";
    }
    List<String> pairs = new ArrayList<>();
    for (String pair : query.values()) {
      int equals = pair.indexOf('=');
      if (equals <= 0) {
        throw CliException.usage("--query: \"" + pair + "\" (expected: NAME=VALUE)");
      }
      pairs.add(encode(pair.substring(0, equals)) + "=" + encode(pair.substring(equals + 1)));
    }
    return "?" + String.join("&", pairs);
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String name(String header) {
    return header.substring(0, separator(header)).strip();
  }

  /** {@code K: V}; the old {@code K=V} too, as faas-cli does. */
  private static int separator(String header) {
    int at = header.indexOf(':') >= 0 ? header.indexOf(':') : header.indexOf('=');
    if (at <= 0) {
      throw CliException.usage("-H: \"" + header + "\" (expected: \"NAME: VALUE\")");
    }
    return at;
  }

  /** Whether the output is at the beginning of a line now. */
  private boolean copy(InputStream body) throws IOException {
    byte last = '\n';
    byte[] buffer = new byte[BUFFER_BYTES];
    for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
      out.write(buffer, 0, n);
      out.flush();
      last = buffer[n - 1];
      if (out.checkError()) {
        throw new IOException("nobody reads standard output any more");
      }
    }
    return last == '\n';
  }

  private static String sentence(FunctionName name, HttpAnswer answer) {
    String status = (answer.status() + " " + answer.reason()).strip();
    return answer.status() == 404
        ? "Function " + name + " answered " + status + "; barista list shows what is deployed."
        : "Function " + name + " answered " + status + ".";
  }
}
