package dev.barista.provider.spi;

import static java.util.Objects.requireNonNull;

import dev.barista.api.ErrorCode;
import dev.barista.api.FaasException;
import dev.barista.api.FunctionSpec;
import dev.barista.api.SecretName;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The secrets of a provider, with what holds for them on every one and its sentences: a secret that
 * functions need can't vanish behind their back. Thread-safe.
 */
public final class ProviderSecrets {

  private final SecretStore store;
  private final Supplier<Stream<FunctionSpec>> functions;

  /** Held for reading while a function gets secrets, for writing while one is deleted. */
  private final ReentrantReadWriteLock use = new ReentrantReadWriteLock();

  /**
   * @param functions those that there are
   */
  public ProviderSecrets(SecretStore store, Supplier<Stream<FunctionSpec>> functions) {
    this.store = requireNonNull(store, "store");
    this.functions = requireNonNull(functions, "functions");
  }

  /** A function has secrets of its own namespace only. */
  public static Stream<SecretName> of(FunctionSpec spec) {
    return spec.secrets().stream().map(name -> new SecretName(name, spec.name().namespace()));
  }

  public List<String> names(String namespace) {
    return store.names(namespace);
  }

  public Optional<byte[]> read(SecretName name) {
    return store.read(name);
  }

  /**
   * @throws FaasException {@code SECRET_EXISTS}
   */
  public void create(SecretName name, byte[] value) {
    if (!store.insert(name, value)) {
      throw new FaasException(
          ErrorCode.SECRET_EXISTS, "provider", "secret " + name + " exists already: update it");
    }
  }

  /**
   * @throws FaasException {@code SECRET_NOT_FOUND}
   */
  public void update(SecretName name, byte[] value) {
    if (!store.replace(name, value)) {
      throw notFound(name);
    }
  }

  /**
   * @throws FaasException {@code SECRET_NOT_FOUND}, or {@code SECRET_IN_USE} naming a function that
   *     names it
   */
  public void delete(SecretName name) {
    use.writeLock().lock();
    try {
      requireUnused(name);
      if (!store.delete(name)) {
        throw notFound(name);
      }
    } finally {
      use.writeLock().unlock();
    }
  }

  private void requireUnused(SecretName secret) {
    Optional<FunctionSpec> user =
        functions.get().filter(spec -> of(spec).anyMatch(secret::equals)).findFirst();
    if (user.isPresent()) {
      throw new FaasException(
          ErrorCode.SECRET_IN_USE,
          "provider",
          "secret %s is in use by function %s: remove it there, or delete that function first"
              .formatted(secret, user.get().name()));
    }
  }

  private static FaasException notFound(SecretName secret) {
    return new FaasException(
        ErrorCode.SECRET_NOT_FOUND, "provider", "unable to find secret: " + secret);
  }

  /**
   * Lets a function be there if its secrets are: none goes between the look for it and the end of
   * {@code appear}.
   *
   * @throws FaasException {@code BAD_REQUEST} naming the first secret that isn't there, or can't be
   */
  public void whileThere(FunctionSpec spec, Runnable appear) {
    use.readLock().lock();
    try {
      requireAll(spec);
      appear.run();
    } finally {
      use.readLock().unlock();
    }
  }

  private void requireAll(FunctionSpec spec) {
    spec.secrets().forEach(name -> SecretName.requireName("secrets", name));
    of(spec)
        .filter(secret -> store.read(secret).isEmpty())
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
}
