package dev.barista.watchdog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConfigParserTest {

  @Test
  void defaults_areThoseOfTheClassicWatchdog() {
    WatchdogConfig config = ConfigParser.classic(Map.of("fprocess", "cat -u"));

    assertThat(config)
        .isEqualTo(
            new WatchdogConfig(
                new InetSocketAddress(8080),
                Optional.of(new InetSocketAddress(8081)),
                java.util.List.of("cat", "-u"),
                new WatchdogConfig.Timeouts(
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(30),
                    Optional.empty(),
                    Duration.ofSeconds(30)),
                Optional.empty(),
                new WatchdogConfig.Options(true, false, true, false, false, false),
                0,
                Path.of("/tmp"),
                CallsCgroup.NONE));
    assertThat(config.lockFile()).isEqualTo(Path.of("/tmp/.lock"));
  }

  @Test
  void everySetting_isTaken() {
    WatchdogConfig config =
        ConfigParser.classic(
            Map.ofEntries(
                Map.entry("fprocess", "a  b"),
                Map.entry("read_timeout", "1"),
                Map.entry("write_timeout", "2s"),
                Map.entry("exec_timeout", "3000ms"),
                Map.entry("healthcheck_interval", "4"),
                Map.entry("port", "9"),
                Map.entry("content_type", "a/b"),
                Map.entry("cgi_headers", "false"),
                Map.entry("marshal_request", "true"),
                Map.entry("combine_output", "0"),
                Map.entry("write_debug", "1"),
                Map.entry("debug_headers", "true"),
                Map.entry("suppress_lock", "true"),
                Map.entry("max_inflight", "5"),
                Map.entry("TMPDIR", "/there"),
                Map.entry("BARISTA_METRICS_PORT", "off")));

    assertThat(config)
        .isEqualTo(
            new WatchdogConfig(
                new InetSocketAddress(9),
                Optional.empty(),
                java.util.List.of("a", "", "b"),
                new WatchdogConfig.Timeouts(
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(2),
                    Optional.of(Duration.ofSeconds(3)),
                    Duration.ofSeconds(4)),
                Optional.of("a/b"),
                new WatchdogConfig.Options(false, true, false, true, true, true),
                5,
                Path.of("/there"),
                CallsCgroup.NONE));
  }

  @Test
  void drainDelay_isTheWriteTimeoutUnlessSet() {
    WatchdogConfig config = ConfigParser.classic(Map.of("fprocess", "cat", "write_timeout", "1m"));

    assertThat(config.timeouts().healthcheckInterval()).isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void unixSocket_takesNoPort() {
    WatchdogConfig config =
        ConfigParser.classic(Map.of("fprocess", "cat", "BARISTA_SOCKET", "/run/x"));

    assertThat(config.address()).isEqualTo(UnixDomainSocketAddress.of("/run/x"));
    assertThat(config.metricsAddress()).isEmpty();
    assertThat(config.timeouts().healthcheckInterval()).isZero();
  }

  @Test
  void metricsSocket_isAPath() {
    WatchdogConfig config =
        ConfigParser.classic(Map.of("fprocess", "cat", "BARISTA_METRICS_PORT", "/run/m"));

    assertThat(config.metricsAddress()).contains(UnixDomainSocketAddress.of("/run/m"));
  }

  @Test
  void allFaults_areToldTogether() {
    var environment = new HashMap<String, String>();
    environment.put("read_timeout", "soon");
    environment.put("write_timeout", "0");
    environment.put("exec_timeout", "-1");
    environment.put("port", "65536");
    environment.put("combine_output", "yes");
    environment.put("max_inflight", "-1");
    environment.put("jwt_auth", "true");
    environment.put("BARISTA_METRICS_PORT", "none");
    environment.put("BARISTA_CALLS_CGROUP_FDS", "x");

    assertThatThrownBy(() -> ConfigParser.classic(environment))
        .isInstanceOf(ConfigException.class)
        .hasMessageContainingAll(
            "read_timeout: 'soon' (expected: seconds, or a duration such as 500ms or 1m30s)",
            "write_timeout: 0 (expected: more than 0)",
            "exec_timeout: '-1'",
            "port: '65536' (expected: 0..65535)",
            "combine_output: 'yes' (expected: true or false)",
            "max_inflight: '-1'",
            "jwt_auth: true",
            "BARISTA_METRICS_PORT: 'none'",
            "BARISTA_CALLS_CGROUP_FDS: 'x'",
            "fprocess: not set");
  }
}
