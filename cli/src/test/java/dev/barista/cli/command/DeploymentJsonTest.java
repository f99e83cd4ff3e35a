package dev.barista.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barista.api.wire.FunctionDeployment;
import dev.barista.api.wire.FunctionDeployment.ResourcesBody;
import dev.barista.cli.json.Json;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/** Written by hand for a fast start, and the same as the API's own records say. */
class DeploymentJsonTest {

  static Stream<FunctionDeployment> deployments() {
    return Stream.of(
        new FunctionDeployment(
            "a", "b:1", null, null, null, null, null, null, null, null, null, false),
        new FunctionDeployment(
            "a",
            "b:1",
            "dev",
            "cat -",
            Map.of("quote", "\"\\\n\u00e9"),
            List.of("zone=a"),
            List.of("key"),
            Map.of("l", "1"),
            Map.of(),
            new ResourcesBody("5Mi", null),
            new ResourcesBody(null, "50m"),
            true));
  }

  @ParameterizedTest
  @MethodSource("deployments")
  void json_isReadBackAsTheSameDeployment(FunctionDeployment deployment) {
    JsonMapper mapper = JsonMapper.builder().build();

    var ours = mapper.readTree(Json.write(DeploymentJson.of(deployment)));
    var bound = mapper.valueToTree(withMaps(deployment));

    assertThat(ours).isEqualTo(bound);
  }

  /** faas-cli sends labels and annotations always. */
  private static FunctionDeployment withMaps(FunctionDeployment d) {
    return new FunctionDeployment(
        d.service(),
        d.image(),
        d.namespace(),
        d.envProcess(),
        d.envVars(),
        d.constraints(),
        d.secrets(),
        d.labels() == null ? Map.of() : d.labels(),
        d.annotations() == null ? Map.of() : d.annotations(),
        d.limits(),
        d.requests(),
        d.readOnlyRootFilesystem());
  }
}
