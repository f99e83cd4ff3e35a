package dev.barista.acceptance;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What callers of a watchdog are promised: each option with the request that shows it and what is
 * to be seen. The functions are in {@code resources/modes}.
 */
final class WatchdogCases {

  private static final String SERVER = "python3 -S server.py";
  private static final String SECONDS = "\\d+\\.\\d{6}";

  private WatchdogCases() {}

  /**
   * One deployment.
   *
   * @param mode of the environment; {@code classic} is {@code --classic}
   */
  record Setup(String mode, String fprocess, Map<String, String> settings, List<Case> cases) {
    @Override
    public String toString() {
      return mode + " " + settings + " " + fprocess;
    }
  }

  /**
   * One call.
   *
   * @param status expected; 0 = the connection breaks before the answer is complete
   * @param headers of the answer, name → regular expression of the whole value; empty = absent
   * @param body a regular expression that is found in it
   * @param gatewayDiffers why the gateway's answer may differ; empty: it must not
   */
  record Case(
      String method,
      String path,
      String sent,
      Map<String, String> requestHeaders,
      int status,
      Map<String, String> headers,
      String body,
      String gatewayDiffers) {

    static Case of(String method, String path, String sent, int status, String body) {
      return new Case(method, path, sent, Map.of(), status, Map.of(), body, "");
    }

    Case sending(String name, String value) {
      return new Case(
          method,
          path,
          sent,
          plus(requestHeaders, name, value),
          status,
          headers,
          body,
          gatewayDiffers);
    }

    Case with(String name, String value) {
      return new Case(
          method,
          path,
          sent,
          requestHeaders,
          status,
          plus(headers, name, value),
          body,
          gatewayDiffers);
    }

    Case differs(String why) {
      return new Case(method, path, sent, requestHeaders, status, headers, body, why);
    }

    private static Map<String, String> plus(Map<String, String> all, String name, String value) {
      var more = new LinkedHashMap<>(all);
      more.put(name, value);
      return more;
    }

    @Override
    public String toString() {
      return method + " " + path + " " + requestHeaders + " → " + status;
    }
  }

  static List<Setup> all() {
    return List.of(
        classic(),
        new Setup(
            "classic",
            "cat",
            Map.of("content_type", "a/b"),
            List.of(Case.of("POST", "/", "x", 200, "^x$").with("Content-Type", "a/b"))),
        new Setup(
            "classic",
            "sh fail.sh",
            Map.of("combine_output", "false"),
            List.of(
                Case.of("GET", "/", "", 500, "^exit status 3\nout\n$")
                    .with("X-Duration-Seconds", ""))),
        new Setup(
            "classic",
            "sleep 30",
            Map.of("exec_timeout", "300ms"),
            List.of(Case.of("GET", "/", "", 408, "^Killed process\\.\n$"))),
        streaming(),
        new Setup(
            "streaming",
            "sh begin.sh",
            Map.of("exec_timeout", "1500ms"),
            List.of(Case.of("GET", "/", "", 0, ""))),
        new Setup(
            "streaming",
            "sleep 30",
            Map.of("exec_timeout", "300ms"),
            List.of(
                Case.of("GET", "/", "", 504, "exec_timeout \\(0.3s\\)")
                    .with("X-OpenFaaS-Internal", "of-watchdog"))),
        new Setup(
            "streaming",
            "sh fail.sh",
            Map.of("content_type", "a/b"),
            List.of(Case.of("GET", "/", "", 200, "^out\n$").with("Content-Type", "a/b"))),
        serializing(),
        new Setup(
            "serializing",
            "sh fail.sh",
            Map.of(),
            List.of(
                Case.of("GET", "/", "", 500, "^exit status 3$")
                    .with("X-Duration-Seconds", SECONDS))),
        new Setup(
            "serializing",
            "sleep 30",
            Map.of("exec_timeout", "300ms"),
            List.of(
                Case.of("GET", "/", "", 500, "^signal: killed$")
                    .with("X-Duration-Seconds", SECONDS))),
        new Setup(
            "static",
            "",
            Map.of("static_path", "."),
            List.of(
                Case.of("GET", "/fail.sh", "", 200, "^echo out\n").with("Last-Modified", ".* GMT"),
                Case.of("GET", "/fail.sh", "", 206, "^echo$").sending("Range", "bytes=0-3"),
                Case.of("GET", "/", "", 200, "href=\"./server.py\""),
                Case.of("GET", "/none", "", 404, "^404 page not found\n$"),
                Case.of("POST", "/fail.sh", "", 405, "^$"))),
        http(),
        new Setup(
            "http",
            SERVER,
            Map.of("exec_timeout", "1s"),
            List.of(
                // First, as exec_timeout is not for it: the server may still be starting.
                Case.of("GET", "/events", "", 200, "data: 0\n\ndata: 1\n\ndata: 2\n\n")
                    .sending("Accept", "text/event-stream"),
                Case.of("GET", "/slow", "", 504, "exec_timeout")
                    .with("X-Duration-Seconds", SECONDS)
                    .with("X-OpenFaaS-Internal", ".+"),
                Case.of("GET", "/begin", "", 0, ""))),
        new Setup(
            "http",
            SERVER,
            Map.of("buffer_http", "true"),
            List.of(Case.of("CHUNKED", "/x", "body", 200, "length=4 .*body$"))),
        new Setup(
            "http",
            SERVER,
            Map.of("LATE", "1", "ready_path", "/ready"),
            List.of(Case.of("GET", "/x", "", 200, "^GET /x"))));
  }

  private static Setup classic() {
    return new Setup(
        "classic",
        "env",
        Map.of("OWN", "mine"),
        List.of(
            Case.of(
                    "POST",
                    "/a/b?q=%20",
                    "12345",
                    200,
                    "(?s)^(?=.*OWN=mine\n)(?=.*Http_Path=/a/b\n)")
                .with("X-Duration-Seconds", SECONDS),
            Case.of("PUT", "/?q=%20", "", 200, "Http_Query=q=%20\n"),
            Case.of("PATCH", "/", "", 200, "Http_Method=PATCH\n"),
            Case.of("GET", "/", "", 200, "Http_X_Own_Header=v 1\n").sending("x-own-header", "v 1"),
            Case.of("HEAD", "/", "", 405, "^$"),
            Case.of("OPTIONS", "/", "", 405, "^$"),
            Case.of("GET", "/_/health", "", 200, "^OK$"),
            Case.of("GET", "/_/ready", "", 200, "^$")));
  }

  private static Setup streaming() {
    return new Setup(
        "streaming",
        "cat",
        Map.of(),
        List.of(
            Case.of("POST", "/", "hello", 200, "^hello$")
                .with("Content-Type", "application/octet-stream")
                .with("X-Duration-Seconds", ""),
            Case.of("CHUNKED", "/", "chunks", 200, "^chunks$"),
            Case.of("OPTIONS", "/", "", 200, "^$"),
            Case.of("POST", "/_/health", "", 405, "^$")));
  }

  private static Setup serializing() {
    return new Setup(
        "serializing",
        "false",
        Map.of("function_process", "env"),
        List.of(
            Case.of("POST", "/p?q=1", "12345", 200, "(?s)^(?!.*Http_Host=)(?=.*Http_Path=/p\n)")
                .with("Content-Type", "application/octet-stream")
                .with("X-Duration-Seconds", SECONDS)));
  }

  private static Setup http() {
    return new Setup(
        "http",
        SERVER,
        Map.of("max_inflight", "2"),
        List.of(
            Case.of("POST", "/a%2Fb?q=%20", "body", 200, "^POST /a%2Fb\\?q=%20 length=4 .*body$")
                .with("X-Duration-Seconds", SECONDS)
                .with("Content-Type", "text/x-own"),
            Case.of("OPTIONS", "/", "", 200, "^OPTIONS /"),
            Case.of("HEAD", "/", "", 200, "^$").with("X-Duration-Seconds", SECONDS),
            Case.of("CHUNKED", "/", "chunks", 200, "length=None .*chunks$"),
            Case.of("GET", "/redirect", "", 302, "^$").with("Location", "/elsewhere"),
            Case.of("GET", "/fail", "", 500, "^my own failure\n$").with("X-OpenFaaS-Internal", ""),
            Case.of("GET", "/slow", "", 504, "exec_timeout").sending("X-Timeout", "300ms"),
            Case.of("GET", "/drop", "", 500, "broke the connection")
                .with("X-OpenFaaS-Internal", ".+")
                .differs(
                    "a replica that breaks the connection is the gateway's REPLICA_FAILED, 502, in"
                        + " every mode"),
            Case.of("GET", "/_/health", "", 200, "^OK$")
                .differs("no watchdog stands between: the path is the function's, as any other")));
  }
}
