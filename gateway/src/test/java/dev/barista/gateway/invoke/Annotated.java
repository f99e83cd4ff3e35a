package dev.barista.gateway.invoke;

import dev.barista.api.FunctionName;
import dev.barista.api.FunctionSpec;
import java.util.Map;

/** The tests' function {@code f} of the image {@code image}. */
final class Annotated {

  private Annotated() {}

  static FunctionSpec spec(Map<String, String> annotations) {
    FunctionSpec bare = FunctionSpec.of(FunctionName.parse("f"), "image");
    return new FunctionSpec(
        bare.name(),
        bare.image(),
        bare.envProcess(),
        bare.environment(),
        bare.constraints(),
        bare.secrets(),
        bare.labels(),
        annotations,
        bare.limits(),
        bare.requests(),
        bare.readOnlyRootFilesystem());
  }
}
