package dev.barista.provider.spi;

import dev.barista.api.ErrorCode;
import dev.barista.api.FaasException;
import dev.barista.api.FunctionSpec;
import dev.barista.api.SecretName;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What holds for secrets on every provider, with its sentences. */
public final class SecretRules {

  private SecretRules() {}

  /** A function has secrets of its own namespace only. */
  public static Stream<SecretName> of(FunctionSpec spec) {
    return spec.secrets().stream().map(name -> new SecretName(name, spec.name().namespace()));
  }

  /**
   * @throws FaasException {@code BAD_REQUEST} naming the first secret that isn't there, or can't be
   */
  public static void requireAll(FunctionSpec spec, Predicate<SecretName> exists) {
    spec.secrets().forEach(name -> SecretName.requireName("secrets", name));
    of(spec)
        .filter(exists.negate())
        .findFirst()
        .ifPresent(
            missing -> {
              throw FaasException.badField(
                  "secrets",
                  missing.name(),
                  "the name of a secret in namespace "
                      + missing.namespace()
                      + "; create it first, by POST /system/secrets");
            });
  }

  /**
   * A secret that functions need can't vanish behind their back.
   *
   * @throws FaasException {@code SECRET_IN_USE} naming one of {@code functions} that names it
   */
  public static void requireUnused(SecretName secret, Stream<FunctionSpec> functions) {
    Optional<FunctionSpec> user =
        functions.filter(spec -> of(spec).anyMatch(secret::equals)).findFirst();
    if (user.isPresent()) {
      throw new FaasException(
          ErrorCode.SECRET_IN_USE,
          "provider",
          "secret %s is in use by function %s: remove it there, or delete that function first"
              .formatted(secret, user.get().name()));
    }
  }

  public static FaasException exists(SecretName secret) {
    return new FaasException(
        ErrorCode.SECRET_EXISTS, "provider", "secret " + secret + " exists already: update it");
  }

  public static FaasException notFound(SecretName secret) {
    return new FaasException(
        ErrorCode.SECRET_NOT_FOUND, "provider", "unable to find secret: " + secret);
  }
}
