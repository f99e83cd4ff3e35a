package dev.barista.gateway.system;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.barista.api.ErrorCode;
import dev.barista.api.FaasException;
import dev.barista.api.SecretName;
import dev.barista.api.wire.SecretBody;
import dev.barista.http.Answer;
import dev.barista.http.Exchange;
import dev.barista.provider.spi.FunctionProvider;
import java.io.IOException;
import java.util.Base64;
import java.util.List;

/**
 * Handlers of {@code /system/secrets}, each for one method. A change is answered 202 with nothing
 * when it is durable; no value ever leaves. Thread-safe.
 */
public final class SecretsApi {

  private static final Answer ACCEPTED = Answer.empty(202);

  private final FunctionProvider provider;
  private final JsonBodies json;
  private final Names names;

  public SecretsApi(FunctionProvider provider, JsonBodies json, String defaultNamespace) {
    this.provider = provider;
    this.json = json;
    this.names = new Names(defaultNamespace);
  }

  /** {@code GET}. */
  public void list(Exchange exchange) throws IOException {
    String namespace = names.namespace(null, exchange);
    List<SecretBody> secrets =
        provider.secrets(namespace).stream()
            .map(name -> SecretBody.named(name, namespace))
            .toList();
    exchange.respond(json.answer(200, secrets));
  }

  /** {@code POST}. */
  public void create(Exchange exchange) throws IOException {
    SecretBody body = json.read(exchange, SecretBody.class);
    provider.createSecret(name(body, exchange), value(body));
    exchange.respond(ACCEPTED);
  }

  /** {@code PUT}. */
  public void update(Exchange exchange) throws IOException {
    SecretBody body = json.read(exchange, SecretBody.class);
    provider.updateSecret(name(body, exchange), value(body));
    exchange.respond(ACCEPTED);
  }

  /** {@code DELETE}. */
  public void delete(Exchange exchange) throws IOException {
    SecretBody body = json.read(exchange, SecretBody.class);
    provider.deleteSecret(name(body, exchange));
    exchange.respond(ACCEPTED);
  }

  private SecretName name(SecretBody body, Exchange exchange) {
    if (body.name() == null || body.name().isEmpty()) {
      throw FaasException.badField("name", body.name(), "the name of a secret");
    }
    return new SecretName(body.name(), names.namespace(body.namespace(), exchange));
  }

  /** A value that is wrong isn't shown. */
  private static byte[] value(SecretBody body) {
    if (body.rawValue() != null) {
      try {
        return Base64.getDecoder().decode(body.rawValue());
      } catch (IllegalArgumentException e) {
        throw new FaasException(
            ErrorCode.BAD_REQUEST, "gateway", "rawValue: something else (expected: base64)");
      }
    }
    if (body.value() == null) {
      throw FaasException.badField("value", null, "a text, or base64 as rawValue");
    }
    return body.value().getBytes(UTF_8);
  }
}
