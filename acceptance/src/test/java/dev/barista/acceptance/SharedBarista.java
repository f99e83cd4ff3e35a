package dev.barista.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests one program with the samples, started once for the whole run. Tests that kill or
 * configure start their own; those that share deploy functions under names of their own.
 */
final class SharedBarista implements ParameterResolver {

  private static final Namespace NAMESPACE = Namespace.create(SharedBarista.class);

  /** Ends the program after the last test. */
  private record Running(Barista barista) implements AutoCloseable {
    @Override
    public void close() {
      barista.close();
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Barista.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getRoot()
        .getStore(NAMESPACE)
        .getOrComputeIfAbsent(Running.class, _ -> new Running(startWithSamples()), Running.class)
        .barista();
  }

  private static Barista startWithSamples() {
    try {
      Path data = Files.createTempDirectory("barista-acceptance");
      String stack = Barista.home().resolve("samples/stack.yml").toString();
      return Barista.start(data, "--with", stack);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
