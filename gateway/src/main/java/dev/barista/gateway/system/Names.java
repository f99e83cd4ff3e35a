package dev.barista.gateway.system;

import dev.barista.api.FaasException;
import dev.barista.api.FunctionName;
import dev.barista.http.Exchange;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds out which function or namespace a request means. A namespace is taken from the body, else
 * from the query, else from the name's own suffix, else it is the default one: OpenFaaS's clients
 * differ in where they put it.
 */
record Names(String defaultNamespace) {

  FunctionName function(String text, @Nullable String bodyNamespace, Exchange exchange) {
    return function("name", text, bodyNamespace, exchange);
  }

  /**
   * @param field of the request, which has {@code text}
   * @throws FaasException {@code BAD_REQUEST} naming the field and all that it was given
   */
  FunctionName function(
      String field, String text, @Nullable String bodyNamespace, Exchange exchange) {
    Optional<String> namespace = given(bodyNamespace, exchange);
    namespace(bodyNamespace, exchange);
    FunctionName name = parsed(field, text, namespace.orElse(defaultNamespace));
    if (namespace.isPresent() && !name.namespace().equals(namespace.get())) {
      throw FaasException.badField(
          "namespace", namespace.get(), "that of the name, " + name.namespace());
    }
    return name;
  }

  private static FunctionName parsed(String field, String text, String namespace) {
    try {
      return FunctionName.parse(text, namespace);
    } catch (FaasException e) {
      // Its sentence would be of one part of the text, which the client hasn't sent like that.
      throw FaasException.badField(
          field,
          text,
          "NAME or NAME.NAMESPACE, each of a-z, 0-9 and inner '-', 1 to 63 characters");
    }
  }

  /**
   * @throws FaasException {@code BAD_REQUEST} for what can't be a namespace
   */
  String namespace(@Nullable String bodyNamespace, Exchange exchange) {
    // A namespace obeys the same rule as a name.
    String namespace = given(bodyNamespace, exchange).orElse(defaultNamespace);
    return new FunctionName("any", namespace).namespace();
  }

  /** The namespace of the query; empty when it names none, which means all of them. */
  Optional<String> namedNamespace(Exchange exchange) {
    Optional<String> named = given(null, exchange);
    return named.map(text -> new FunctionName("any", text).namespace());
  }

  private static Optional<String> given(@Nullable String fromBody, Exchange exchange) {
    return Optional.ofNullable(fromBody)
        .filter(text -> !text.isEmpty())
        .or(() -> exchange.query("namespace").filter(text -> !text.isEmpty()));
  }
}
