package dev.barista.provider.testkit;

import dev.barista.api.SecretName;
import dev.barista.provider.spi.SecretStore;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** Keeps secrets in memory. Thread-safe. */
public final class FakeSecretStore implements SecretStore {

  private final ConcurrentSkipListMap<SecretName, byte[]> secrets = new ConcurrentSkipListMap<>();

  @Override
  public List<String> names(String namespace) {
    return secrets.keySet().stream()
        .filter(name -> name.namespace().equals(namespace))
        .map(SecretName::name)
        .toList();
  }

  @Override
  public Optional<byte[]> read(SecretName name) {
    return Optional.ofNullable(secrets.get(name)).map(byte[]::clone);
  }

  @Override
  public boolean insert(SecretName name, byte[] value) {
    return secrets.putIfAbsent(name, value.clone()) == null;
  }

  @Override
  public boolean replace(SecretName name, byte[] value) {
    return secrets.replace(name, value.clone()) != null;
  }

  @Override
  public boolean delete(SecretName name) {
    return secrets.remove(name) != null;
  }
}
