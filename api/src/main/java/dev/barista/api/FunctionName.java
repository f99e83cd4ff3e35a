package dev.barista.api;

import java.util.regex.Pattern;

/**
 * Identity of a function: a DNS label and the namespace that holds it. Written {@code
 * name.namespace}; where a client leaves the namespace out, the platform's default one is meant.
 *
 * @param name DNS label (RFC 1123): {@code [a-z0-9]([-a-z0-9]*[a-z0-9])?}, at most 63 characters
 * @param namespace DNS label, same rule
 */
public record FunctionName(String name, String namespace) implements Comparable<FunctionName> {

  /** Namespace of a function whose client names none; OpenFaaS's default. */
  public static final String DEFAULT_NAMESPACE = "openfaas-fn";

  private static final int MAX_LABEL_LENGTH = 63;
  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");

  public FunctionName {
    requireLabel("service", name);
    requireLabel("namespace", namespace);
  }

  /**
   * Reads {@code name} or {@code name.namespace}, split at the last dot.
   *
   * @throws FaasException {@link ErrorCode#BAD_REQUEST} when either part is no DNS label
   */
  public static FunctionName parse(String text, String defaultNamespace) {
    int dot = text.lastIndexOf('.');
    return dot < 0
        ? new FunctionName(text, defaultNamespace)
        : new FunctionName(text.substring(0, dot), text.substring(dot + 1));
  }

  /** {@link #parse(String, String)} with {@link #DEFAULT_NAMESPACE}. */
  public static FunctionName parse(String text) {
    return parse(text, DEFAULT_NAMESPACE);
  }

  private static void requireLabel(String field, String value) {
    if (value.length() > MAX_LABEL_LENGTH || !LABEL.matcher(value).matches()) {
      throw FaasException.badField(
          field, value, "a DNS label: a-z, 0-9 and inner '-', 1 to 63 characters");
    }
  }

  @Override
  public int compareTo(FunctionName other) {
    int byNamespace = namespace.compareTo(other.namespace);
    return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
  }

  /** {@code name.namespace}. */
  @Override
  public String toString() {
    return name + "." + namespace;
  }
}
