package dev.barista.cli.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.barista.api.Printable;
import dev.barista.cli.CliException;
import dev.barista.cli.http.HttpAnswer;
import dev.barista.cli.http.HttpCall;
import dev.barista.cli.http.HttpClient;
import dev.barista.cli.http.RequestBody;
import dev.barista.cli.json.Json;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;

/**
 * A gateway to talk to. The credentials are those of exactly this address and go with {@link
 * #system} calls only.
 */
public record Gateway(GatewayUrl url, Optional<Credentials> credentials, HttpClient client) {

  private static final Duration SYSTEM_TIMEOUT = Duration.ofSeconds(60);

  /** A call of the REST API, without a body. */
  public HttpAnswer system(String method, String pathAndQuery) throws IOException {
    return send(authorized(HttpCall.of(method, url.resolve(pathAndQuery), SYSTEM_TIMEOUT)));
  }

  /**
   * A call of the REST API.
   *
   * @param body see {@link Json#write}
   */
  public HttpAnswer system(String method, String pathAndQuery, Object body) throws IOException {
    HttpCall call = HttpCall.of(method, url.resolve(pathAndQuery), SYSTEM_TIMEOUT);
    return send(
        authorized(call)
            .withHeader("Content-Type", "application/json")
            .withBody(new RequestBody.Bytes(Json.write(body).getBytes(UTF_8))));
  }

  /** A GET of the REST API whose answer may be silent for any time. */
  public HttpAnswer stream(String pathAndQuery) throws IOException {
    return send(authorized(HttpCall.of("GET", url.resolve(pathAndQuery), Duration.ZERO)));
  }

  /** A call as it stands: no credentials are added. */
  public HttpAnswer send(HttpCall call) throws IOException {
    try {
      return client.send(call);
    } catch (ConnectException | NoRouteToHostException e) {
      throw unreachable("nothing answers there");
    } catch (UnknownHostException e) {
      throw unreachable("no such host");
    } catch (SocketTimeoutException e) {
      throw CliException.failed("The gateway at " + url + " did not answer in time.");
    } catch (javax.net.ssl.SSLException e) {
      throw CliException.failed(
          "No secure connection to "
              + url
              + " ("
              + e.getMessage()
              + "). For a certificate of your"
              + " own use --tls-no-verify.");
    }
  }

  /**
   * The failure that an answer stands for.
   *
   * @param body of the answer
   */
  public CliException refusal(HttpAnswer answer, String body) {
    return switch (answer.status()) {
      case 401 ->
          CliException.failed(
              "The gateway at "
                  + url
                  + (credentials.isPresent() ? " refused the credentials" : " wants credentials")
                  + " (401). Log in with: barista login --gateway "
                  + url);
      default ->
          CliException.failed(
              "Unexpected status: "
                  + answer.status()
                  + ", message: "
                  + Printable.lines(body.strip()));
    };
  }

  private HttpCall authorized(HttpCall call) {
    return credentials
        .map(known -> call.withHeader("Authorization", known.authorization()))
        .orElse(call);
  }

  private CliException unreachable(String reason) {
    String advice =
        url.loopback()
            ? "Start it with: ./barista serve"
            : "Check the address, or name another by --gateway or OPENFAAS_URL.";
    return CliException.failed("No gateway at " + url + ": " + reason + ". " + advice);
  }
}
