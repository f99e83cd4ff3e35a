package dev.barista.gateway.invoke;

import dev.barista.api.FaasException;
import dev.barista.api.FunctionSpec;
import java.util.Optional;
import java.util.function.Consumer;

/** Raises a function from zero without blocking the caller. */
@FunctionalInterface
interface ScaleUp {

  /**
   * @param ended told once when the provider has taken it, with the reason if it has not
   */
  void start(FunctionSpec spec, Consumer<Optional<FaasException>> ended);
}
