package dev.barista.watchdog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
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
                new Mode.Classic(),
                new InetSocketAddress(8080),
                Optional.of(new InetSocketAddress(8081)),
                java.util.List.of("cat", "-u"),
                new WatchdogConfig.Timeouts(
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(30),
                    Optional.empty(),
                    Duration.ofSeconds(30)),
                Optional.empty(),
                new WatchdogConfig.Options(true, false, true, false, false, false, false, false),
                0,
                Path.of("/tmp"),
                CallsCgroup.NONE,
                new WatchdogConfig.Logs(true, 65_536),
                Optional.empty(),
                Optional.empty()));
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
                new Mode.Classic(),
                new InetSocketAddress(9),
                Optional.empty(),
                java.util.List.of("a", "", "b"),
                new WatchdogConfig.Timeouts(
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(2),
                    Optional.of(Duration.ofSeconds(3)),
                    Duration.ofSeconds(4)),
                Optional.of("a/b"),
                new WatchdogConfig.Options(false, true, false, true, true, true, false, false),
                5,
                Path.of("/there"),
                CallsCgroup.NONE,
                new WatchdogConfig.Logs(true, 65_536),
                Optional.empty(),
                Optional.empty()));
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

  /** Its program would be the empty name: each call found its connection broken. */
  @Test
  void commandThatBeginsWithASpace_isRefused() {
    for (String command : List.of(" cat", "  cat -u ")) {
      assertThatThrownBy(() -> ConfigParser.classic(Map.of("fprocess", command)))
          .hasMessage("fprocess: '" + command + "' (expected: a program before the first space)");
      assertThatThrownBy(() -> ConfigParser.modern(Map.of("fprocess", command)))
          .hasMessageContaining("(expected: a program before the first space)");
    }
    assertThatThrownBy(
            () -> ConfigParser.modern(Map.of("function_process", " cat", "fprocess", "cat")))
        .hasMessageContaining("function_process: ' cat' (expected: a program");
  }

  @Test
  void modernDefaults_areThoseOfOfWatchdog() {
    WatchdogConfig config = ConfigParser.modern(Map.of("fprocess", "cat"));

    assertThat(config.mode()).isEqualTo(new Mode.Streaming());
    assertThat(config.timeouts().exec()).contains(Duration.ofSeconds(30));
    assertThat(config.contentType()).contains("application/octet-stream");
    assertThat(config.options().combineOutput()).isFalse();
    assertThat(config.options().cgiHeaders()).isTrue();
    assertThat(config.readyPath()).isEmpty();
    assertThat(config.tokens()).isEmpty();
  }

  @Test
  void everyModernSetting_isTaken() throws Exception {
    WatchdogConfig config =
        ConfigParser.modern(
            Map.ofEntries(
                Map.entry("fprocess", "old"),
                Map.entry("function_process", "new one"),
                Map.entry("mode", "http"),
                Map.entry("upstream_url", "http://127.0.0.1:1"),
                Map.entry("http_upstream_url", "http://127.0.0.1:3000/x/"),
                Map.entry("exec_timeout", "0"),
                Map.entry("buffer_http", "true"),
                Map.entry("prefix_logs", "false"),
                Map.entry("log_buffer_size", "-1"),
                Map.entry("ready_path", "/ready"),
                Map.entry("log_call_id", "true"),
                Map.entry("jwt_auth", "true"),
                Map.entry("jwt_auth_local", "true"),
                Map.entry("jwt_auth_debug", "true"),
                Map.entry("OPENFAAS_NAME", "fn"),
                Map.entry("OPENFAAS_NAMESPACE", "ns")));

    assertThat(config.mode())
        .isEqualTo(
            new Mode.Http(
                new InetSocketAddress(
                    java.net.InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 3000),
                "/x",
                true));
    assertThat(config.command()).containsExactly("new", "one");
    assertThat(config.timeouts().exec()).isEmpty();
    assertThat(config.logs()).isEqualTo(new WatchdogConfig.Logs(false, -1));
    assertThat(config.readyPath()).contains("/ready");
    assertThat(config.options().logCallId()).isTrue();
    assertThat(config.tokens())
        .contains(new TokenConfig(java.net.URI.create("http://127.0.0.1:8000"), "ns:fn", true));
    assertThat(ConfigParser.modern(Map.of("mode", "static")).mode())
        .isEqualTo(new Mode.Static(Path.of("/home/app/public")));
  }

  @Test
  void wrongModernSettings_areAllTold() {
    assertThatThrownBy(() -> ConfigParser.modern(Map.of("mode", "htpp", "fprocess", "cat")))
        .hasMessage(
            "mode: 'htpp' (expected: streaming, serializing, http or static; classic needs"
                + " --classic)");
    assertThatThrownBy(() -> ConfigParser.modern(Map.of("mode", "inproc", "fprocess", "cat")))
        .hasMessageContaining("a handler in Go can't run in this program");
    assertThatThrownBy(
            () ->
                ConfigParser.modern(
                    Map.of("mode", "http", "log_buffer_size", "many", "ready_path", "ready")))
        .hasMessageContaining("upstream_url: not set")
        .hasMessageContaining("log_buffer_size: 'many'")
        .hasMessageContaining("ready_path: 'ready' (expected: a path such as /ready)");
    for (String url :
        new String[] {
          "https://127.0.0.1:1", "127.0.0.1:1", "http://", "::", "http://no-such-host.invalid"
        }) {
      assertThatThrownBy(
              () ->
                  ConfigParser.modern(
                      Map.of("mode", "http", "fprocess", "cat", "upstream_url", url)))
          .hasMessage(
              "upstream_url: '"
                  + url
                  + "' (expected: http://HOST:PORT of a host that is known here)");
    }
    assertThatThrownBy(() -> ConfigParser.modern(Map.of()))
        .hasMessageContaining("fprocess: not set (expected: the command to run for each call)");
  }
}
