package dev.barista.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.barista.cli.CommandLineUser;
import dev.barista.cli.CommandLineUser.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class GenerateCommandTest {

  private static final String STACK =
      """
      provider: {name: openfaas}
      functions:
        hello:
          image: me/hello:1.0
          fprocess: python3 index.py
          namespace: staging
          environment: {ANSWER: yes, COUNT: "1e3", TEXT: "a: \\"b\\"\\n#"}
          constraints: [zone=a, "bad==b"]
          secrets: [key, token]
          labels: {com.openfaas.scale.min: 2}
          annotations: {topic: orders}
          limits: {memory: 128Mi}
          requests: {cpu: 100m}
          readonly_root_filesystem: true
        plain: {image: p}
      """;

  @TempDir private Path folder;
  private CommandLineUser user;

  @BeforeEach
  void write() throws IOException {
    Files.writeString(folder.resolve("stack.yml"), STACK);
    user = new CommandLineUser(folder);
  }

  @Test
  void functionOfOpenFaas_hasEveryField() {
    assertThat(user.types("generate"))
        .isEqualTo(
            new Result(
                0,
                """
                ---
                apiVersion: openfaas.com/v1
                kind: Function
                metadata:
                  name: hello
                  namespace: staging
                spec:
                  name: hello
                  image: me/hello:1.0
                  handler: "python3 index.py"
                  labels:
                    com.openfaas.scale.min: "2"
                  annotations:
                    topic: orders
                  environment:
                    ANSWER: "yes"
                    COUNT: "1e3"
                    TEXT: "a: \\"b\\"\\n#"
                  constraints:
                  - "zone=a"
                  - "bad==b"
                  secrets:
                  - key
                  - token
                  limits:
                    memory: "128Mi"
                  requests:
                    cpu: "100m"
                  readOnlyRootFilesystem: true
                ---
                apiVersion: openfaas.com/v1
                kind: Function
                metadata:
                  name: plain
                  namespace: openfaas-fn
                spec:
                  name: plain
                  image: p
                """,
                ""));
  }

  @Test
  void serviceOfKnative_isAPod() {
    Result result =
        user.types("generate", "--api", "serving.knative.dev/v1", "--filter", "hello", "-n", "x");

    assertThat(result.out())
        .contains("kind: Service\nmetadata:\n  name: hello\n  namespace: x\n")
        .contains("        autoscaling.knative.dev/min-scale: \"2\"\n")
        .contains("        - name: fprocess\n          value: \"python3 index.py\"\n")
        .contains("      nodeSelector:\n        zone: a\n      volumes:\n")
        .contains("          - secret:\n              name: token\n");
    assertThat(new Load(LoadSettings.builder().build()).loadFromString(result.out()))
        .asInstanceOf(InstanceOfAssertFactories.MAP)
        .containsEntry("apiVersion", "serving.knative.dev/v1")
        .extractingByKey("metadata")
        .isEqualTo(Map.of("name", "hello", "namespace", "x"));
  }

  @Test
  void json_isAList() {
    assertThat(user.types("generate", "-o", "json", "--regex", "^p").out())
        .contains("\"apiVersion\" : \"openfaas.com/v1\"")
        .doesNotContain("hello");
  }
}
