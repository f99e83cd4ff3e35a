package dev.barista.provider.spi;

/** Receives what a provider tells. Must be thread-safe, return quickly and not throw. */
@FunctionalInterface
public interface ProviderListener {
  void onEvent(ProviderEvent event);
}
