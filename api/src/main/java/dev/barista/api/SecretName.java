package dev.barista.api;

import java.util.regex.Pattern;

/**
 * Identity of a secret.
 *
 * @param name DNS subdomain (RFC 1123), at most 253 characters; also the name of its file
 * @param namespace only functions of the same one may have it
 */
public record SecretName(String name, String namespace) implements Comparable<SecretName> {

  private static final int MAX_LENGTH = 253;
  private static final Pattern SUBDOMAIN =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");

  public SecretName {
    requireName("name", name);
    namespace = new FunctionName("any", namespace).namespace(); // the same rule
  }

  /**
   * @param field of the request, which has {@code name}
   * @throws FaasException {@link ErrorCode#BAD_REQUEST} if no secret can have that name
   */
  public static void requireName(String field, String name) {
    if (name.length() > MAX_LENGTH || !SUBDOMAIN.matcher(name).matches()) {
      throw FaasException.badField(
          field, name, "a secret's name: a-z, 0-9, inner '-' and '.', 1 to 253 characters");
    }
  }

  @Override
  public int compareTo(SecretName other) {
    int byNamespace = namespace.compareTo(other.namespace);
    return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
  }

  /** {@code name.namespace}. */
  @Override
  public String toString() {
    return name + "." + namespace;
  }
}
