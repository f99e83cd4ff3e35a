package dev.barista.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.barista.gateway.invoke.HoldLimit;
import dev.barista.image.BuildLimits;
import dev.barista.provider.process.sandbox.IsolationRequest;
import dev.barista.server.log.LogFormat;
import dev.barista.server.log.LogLevel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServeConfigReaderTest {

  @TempDir Path folder;

  /** The client verbs look there, and {@code sudo} and containers set it apart from the entry. */
  @Test
  void tilde_isTheHomeOfTheEnvironment() {
    assertThat(read(Map.of("HOME", "/home/somebody")).data())
        .isEqualTo(Path.of("/home/somebody/.barista"));
    assertThat(read(Map.of("HOME", "/home/somebody", "BARISTA_DATA", "~/data")).data())
        .isEqualTo(Path.of("/home/somebody/data"));
  }

  @Test
  void variableThatIsNearlyOne_isAFault_andOthersAreNot() {
    assertThat(faults(Map.of("BARISTA_PORTS", "1", "BARISTA_LOGLEVEL", "debug")))
        .containsExactly(
            "BARISTA_LOGLEVEL (expected: a known variable; did you mean BARISTA_LOG_LEVEL?)",
            "BARISTA_PORTS (expected: a known variable; did you mean BARISTA_PORT?)");
    String others =
        "JAVA_OPTS STDIN LAUNCHER REQUIRE_TOOLS REPLICA SOCKET GATEWAY_URL SECRETS SCOPE HOME"
            + " JWT_AUTHORITY FUNCTION_ENVIRONMENT CALLS_CGROUP_FDS CACHE OUT";
    for (String other : others.split(" ")) {
      assertThat(read(Map.of("BARISTA_" + other, "x")).functions().namespace())
          .isEqualTo("openfaas-fn");
    }
  }

  /** A Pod sees them when a Service is called barista. */
  @Test
  void variablesOfKubernetesServices_areNoSettings() {
    ServeConfig config =
        read(
            Map.of(
                "BARISTA_SERVICE_HOST", "10.0.0.1",
                "BARISTA_SERVICE_PORT", "8080",
                "BARISTA_METRICS_SERVICE_PORT_HTTP", "8082",
                "BARISTA_PORT", "tcp://10.0.0.1:8080",
                "BARISTA_PORT_8080_TCP", "tcp://10.0.0.1:8080",
                "BARISTA_PORT_8080_TCP_ADDR", "10.0.0.1"));

    assertThat(((InetSocketAddress) config.listener().address()).getPort()).isEqualTo(8080);
  }

  @Test
  void nothingGiven_isSafe() {
    ServeConfig config = read(Map.of());

    assertThat(((InetSocketAddress) config.listener().address()).getAddress().isLoopbackAddress())
        .isTrue();
    assertThat(((InetSocketAddress) config.listener().address()).getPort()).isEqualTo(8080);
    assertThat(((InetSocketAddress) config.metricsListener().address()).getPort()).isEqualTo(8082);
    assertThat(config.data()).isEqualTo(Path.of(System.getProperty("user.home"), ".barista"));
    assertThat(config.admin().password()).isTrue();
    assertThat(config.admin().makePassword()).isTrue();
    assertThat(config.admin().secrets()).isEqualTo(config.data().resolve("secrets"));
    assertThat(config.functions())
        .isEqualTo(
            new ServeConfig.Functions(
                "openfaas-fn",
                1000,
                Duration.ofMinutes(1),
                Duration.ofMinutes(1),
                HoldLimit.ofStart(Duration.ofMinutes(1)),
                Optional.empty(),
                true,
                1000,
                1024,
                1024,
                1 << 20));
    assertThat(config.replicas())
        .isEqualTo(
            new ServeConfig.Replicas(
                IsolationRequest.AUTO,
                CgroupMode.AUTO,
                Duration.ofSeconds(10),
                OptionalInt.empty(),
                OptionalLong.empty(),
                512,
                4096,
                1L << 30,
                64L << 20,
                8,
                new ServeConfig.Logs(1L << 20, 64L << 20, Duration.ofDays(7), 100)));
    assertThat(config.images())
        .isEqualTo(
            new ServeConfig.Images(
                10L << 30,
                2L << 30,
                64,
                Duration.ofHours(1),
                List.of(),
                Path.of(System.getProperty("user.home"), ".docker/config.json"),
                Duration.ofMinutes(5)));
    assertThat(config.with()).isEmpty();
    assertThat(config.drainTimeout()).isEqualTo(Duration.ofSeconds(30));
    assertThat(config.log()).isEqualTo(new ServeConfig.Log(LogFormat.TEXT, LogLevel.INFO));
  }

  @Test
  void everyOption_reachesItsRecord() throws IOException {
    Path stack = Files.createFile(folder.resolve("stack.yml"));

    ServeConfig config =
        read(
            Map.of(),
            "--host=0.0.0.0",
            "--port",
            "0",
            "--metrics-port=0",
            "--data",
            folder.toString(),
            "--auth=none",
            "--insecure",
            "--public-host=faas.lan,faas.example",
            "--public-host",
            "third",
            "--isolation=user",
            "--cgroups=own",
            "--with=" + stack,
            "--with-timeout=5s",
            "--build-memory=3Gi",
            "--build-timeout=20m",
            "--namespace=dev",
            "--max-replicas=7",
            "--start-timeout=6s",
            "--stop-timeout=8s",
            "--max-held-calls=12",
            "--scale-from-zero=false",
            "--scale-from-zero-max-poll-count=50",
            "--scale-from-zero-poll-interval=50ms",
            "--scale-from-zero-cache-expiry=5s",
            "--max-idle-conns=31",
            "--max-idle-conns-per-host=32",
            "--node-cpu=1500",
            "--node-memory=1Gi",
            "--max-processes=13",
            "--max-open-files=17",
            "--max-file=1Mi",
            "--max-tmp=2Mi",
            "--standby-sandboxes=0",
            "--max-replica-log=8Ki",
            "--max-function-log=1Mi",
            "--max-log-age=5h",
            "--max-log-streams=3",
            "--max-images=3Gi",
            "--max-blob=5Mi",
            "--max-uploads=3",
            "--upload-timeout=9s",
            "--allow-registry=ghcr.io,http://10.0.0.5:5000",
            "--registry-auth=" + folder.resolve("auth.json"),
            "--pull-timeout=11s",
            "--read-timeout=1",
            "--write-timeout=2s",
            "--upstream-timeout=1m30s",
            "--idle-timeout=4s",
            "--drain-timeout=500ms",
            "--max-body=10Mi",
            "--max-system-body=2Ki",
            "--max-header-bytes=8Ki",
            "--max-headers=9",
            "--max-target-bytes=1Ki",
            "--max-connections=11",
            "--log-format=json",
            "--log-level=debug");

    assertThat(config.data()).isEqualTo(folder);
    assertThat(config.admin())
        .isEqualTo(
            new ServeConfig.Admin(
                false,
                folder.resolve("secrets"),
                true,
                "0.0.0.0",
                List.of("faas.lan", "faas.example", "third")));
    assertThat(config.replicas())
        .isEqualTo(
            new ServeConfig.Replicas(
                IsolationRequest.USER,
                CgroupMode.OWN,
                Duration.ofSeconds(8),
                OptionalInt.of(1500),
                OptionalLong.of(1L << 30),
                13,
                17,
                1L << 20,
                2L << 20,
                0,
                new ServeConfig.Logs(8L << 10, 1L << 20, Duration.ofHours(5), 3)));
    assertThat(config.images())
        .isEqualTo(
            new ServeConfig.Images(
                3L << 30,
                5L << 20,
                3,
                Duration.ofSeconds(9),
                List.of("ghcr.io", "http://10.0.0.5:5000"),
                folder.resolve("auth.json"),
                Duration.ofSeconds(11)));
    assertThat(config.with())
        .contains(
            new ServeConfig.With(
                stack, Duration.ofSeconds(5), new BuildLimits(3L << 30, Duration.ofMinutes(20))));
    assertThat(config.functions())
        .isEqualTo(
            new ServeConfig.Functions(
                "dev",
                7,
                Duration.ofSeconds(90),
                Duration.ofSeconds(6),
                new HoldLimit(Duration.ofMillis(2500), "scale-from-zero-max-poll-count"),
                Optional.of(Duration.ofSeconds(5)),
                false,
                12,
                31,
                32,
                2048));
    assertThat(config.drainTimeout()).isEqualTo(Duration.ofMillis(500));
    assertThat(config.listener().readTimeout()).isEqualTo(Duration.ofSeconds(1));
    assertThat(config.listener().writeTimeout()).isEqualTo(Duration.ofSeconds(2));
    assertThat(config.listener().idleTimeout()).isEqualTo(Duration.ofSeconds(4));
    assertThat(config.listener().maxBodyBytes()).isEqualTo(10 << 20);
    assertThat(config.listener().maxHeaderBytes()).isEqualTo(8 << 10);
    assertThat(config.listener().maxHeaderCount()).isEqualTo(9);
    assertThat(config.listener().maxTargetBytes()).isEqualTo(1 << 10);
    assertThat(config.listener().maxConnections()).isEqualTo(11);
    assertThat(config.log()).isEqualTo(new ServeConfig.Log(LogFormat.JSON, LogLevel.DEBUG));
  }

  @Test
  void sources_winInTheirOrder() throws IOException {
    Path file = folder.resolve("conf");
    Files.writeString(
        file,
        "# ours\n\nread-timeout = 1s\nwrite-timeout=2s\nidle-timeout = 3s\nmax-headers = 4\n");
    Map<String, String> environment =
        Map.of(
            "BARISTA_CONFIG", file.toString(),
            "BARISTA_READ_TIMEOUT", "11s",
            "BARISTA_IDLE_TIMEOUT", "13s",
            "read_timeout", "21s",
            "write_timeout", "22");

    ServeConfig config = read(environment, "--idle-timeout", "33s");

    assertThat(config.listener().readTimeout()).isEqualTo(Duration.ofSeconds(11));
    assertThat(config.listener().writeTimeout()).isEqualTo(Duration.ofSeconds(22));
    assertThat(config.listener().idleTimeout()).isEqualTo(Duration.ofSeconds(33));
    assertThat(config.listener().maxHeaderCount()).isEqualTo(4);
  }

  @Test
  void openFaasNames_meanTheSame() {
    ServeConfig config =
        read(
            Map.of(
                "basic_auth", "true",
                "secret_mount_path", "/run/secrets/",
                "function_namespace", "fn",
                "upstream_timeout", "8"));

    assertThat(config.admin().password()).isTrue();
    assertThat(config.admin().secrets()).isEqualTo(Path.of("/run/secrets"));
    assertThat(config.admin().makePassword()).isFalse();
    assertThat(config.functions().namespace()).isEqualTo("fn");
    assertThat(config.functions().upstreamTimeout()).isEqualTo(Duration.ofSeconds(8));
    assertThat(read(Map.of("basic_auth", "false")).admin().password()).isFalse();
  }

  @Test
  void basicAuthThatIsNoBoolean_isAFaultAndOpensNothing() {
    assertThatThrownBy(() -> read(Map.of("basic_auth", "yes")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("basic_auth: \"yes\" (expected: one of basic, none)");
  }

  @Test
  void everyFault_isToldAtOnce() throws IOException {
    Path file = folder.resolve("conf");
    Files.writeString(file, "prot = 1\nport = 1\nport = 2\nnonsense\n");

    List<String> faults =
        faults(
            Map.of("BARISTA_UPSTREAM_TIMEOUT", "soon", "read_timeout", "-1"),
            "--port",
            "70000",
            "--metrics-prot=1",
            "--config=" + file,
            "--log-level");

    assertThat(faults)
        .containsExactlyInAnyOrder(
            "--metrics-prot (expected: a known option; barista serve --help lists them)",
            "--log-level: nothing (expected: one of debug, info, warning, error)",
            file + ":3: port is given twice, first at " + file + ":2",
            file + ":4: \"nonsense\" (expected: key = value)",
            file + ":1: prot (expected: a known key; barista serve --help lists them)",
            "--port: \"70000\" (expected: a whole number, 0 to 65535)",
            "read_timeout: \"-1\" (expected: a duration above 0 such as 30s, 1m30s, 500ms or plain"
                + " seconds)",
            "BARISTA_UPSTREAM_TIMEOUT: \"soon\" (expected: a duration above 0 such as 30s, 1m30s,"
                + " 500ms or plain seconds)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--port=x|--port: \"x\" (expected: a whole number, 0 to 65535)",
        "--port=-1|--port: \"-1\" (expected: a whole number, 0 to 65535)",
        "--metrics-port=8080|--metrics-port: \"8080\" (expected: another port than --port)",
        "--auth=maybe|--auth: \"maybe\" (expected: one of basic, none)",
        "--isolation=jail|--isolation: \"jail\" (expected: one of auto, sandbox, user, none)",
        "--max-replicas=0|--max-replicas: \"0\" (expected: a whole number, 1 to 100000)",
        "--drain-timeout=0|--drain-timeout: \"0\" (expected: a duration above 0 such as 30s, 1m30s,"
            + " 500ms or plain seconds)",
        "--max-body=lots|--max-body: \"lots\" (expected: bytes above 0 such as 64Ki, 10Mi or 1G)",
        "--max-system-body=4Gi|--max-system-body: \"4294967296\" (expected: 256 bytes to 1 GiB)",
        "--namespace=A_b|--namespace: \"A_b\" (expected: a DNS label: a-z, 0-9 and inner '-', 1 to"
            + " 63 characters)",
        "--public-host=a/b|--public-host: \"a/b\" (expected: host names without port, separated by"
            + " commas)",
        "--insecure=perhaps|--insecure: \"perhaps\" (expected: true or false)",
        "--log-format=xml|--log-format: \"xml\" (expected: one of text, json)",
        "--with=/missing.yml|--with: \"/missing.yml\" (expected: a stack file that exists)",
        "--config=/missing|--config: \"/missing\" (expected: a file of at most 1 MiB)",
        "here|here (expected: a known option; barista serve --help lists them)",
      })
  void badValue_isToldWithWhatIsExpected(String argument, String fault) {
    assertThat(faults(Map.of(), argument)).containsExactly(fault);
  }

  @Test
  void authNone_beyondLoopback_needsInsecure() {
    assertThat(faults(Map.of(), "--auth=none", "--host=0.0.0.0"))
        .singleElement()
        .asString()
        .contains("--insecure");
    assertThat(read(Map.of(), "--auth=none", "--host=::1").admin().password()).isFalse();
    assertThat(read(Map.of(), "--auth=none", "--host=0.0.0.0", "--insecure").admin().password())
        .isFalse();
  }

  /** As where a gateway polls; the names of OpenFaaS's first handler are known too. */
  @Test
  void pollCountAndInterval_areTheLongestHold() {
    assertThat(read(Map.of("max_poll_count", "20")).functions().holdLimit().time())
        .isEqualTo(Duration.ofSeconds(2));
    assertThat(read(Map.of("function_poll_interval", "10ms")).functions().holdLimit().time())
        .isEqualTo(Duration.ofSeconds(10));
    assertThat(read(Map.of("cache_expiry", "5s")).functions().cacheExpiry())
        .contains(Duration.ofSeconds(5));
    assertThat(faults(Map.of(), "--scale-from-zero-poll-interval=2h"))
        .containsExactly(
            "--scale-from-zero-max-poll-count times --scale-from-zero-poll-interval: \"7200000s\""
                + " (expected: at most 24h)");
  }

  @Test
  void help_namesEverySettingAndItsDefault() {
    assertThat(ServeHelp.text())
        .contains("--metrics-port PORT")
        .contains("[8082]")
        .contains("--insecure ");
    ServeSettings.GROUPS.values().stream()
        .flatMap(List::stream)
        .forEach(setting -> assertThat(ServeHelp.text()).contains(setting.option()));
  }

  @Test
  void documentation_namesEverySettingAndItsDefault() throws IOException {
    String page = Files.readString(Path.of("..", "docs", "configuration.md"));

    ServeSettings.GROUPS.values().stream()
        .flatMap(List::stream)
        .filter(setting -> !setting.equals(ServeSettings.CONFIG))
        .forEach(
            setting -> {
              assertThat(page).contains("`" + setting.name() + "`");
              boolean shown = setting.isSwitch() || setting.defaultText().isEmpty();
              assertThat(page).contains(shown ? "" : "`" + setting.defaultText() + "`");
              setting.aliases().forEach(alias -> assertThat(page).contains(alias.variable()));
            });
  }

  private static ServeConfig read(Map<String, String> environment, String... arguments) {
    return ServeConfigReader.read(List.of(arguments), environment);
  }

  private static List<String> faults(Map<String, String> environment, String... arguments) {
    return Optional.ofNullable(
            catchThrowableOfType(ConfigException.class, () -> read(environment, arguments)))
        .orElseThrow()
        .faults();
  }
}
