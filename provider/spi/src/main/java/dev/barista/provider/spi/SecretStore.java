package dev.barista.provider.spi;

import dev.barista.api.SecretName;
import java.util.List;
import java.util.Optional;

/**
 * Durable secrets for a provider whose place of execution keeps none. Thread-safe; each change has
 * survived a power loss when its method returns. Values are never shown but by {@link #read}.
 */
public interface SecretStore {

  /** Names of one namespace, in order. */
  List<String> names(String namespace);

  Optional<byte[]> read(SecretName name);

  /**
   * @return false if there is one of that name
   */
  boolean insert(SecretName name, byte[] value);

  /**
   * @return false if there is none
   */
  boolean replace(SecretName name, byte[] value);

  /**
   * @return false if there is none
   */
  boolean delete(SecretName name);
}
