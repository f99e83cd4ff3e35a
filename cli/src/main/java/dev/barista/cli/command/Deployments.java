package dev.barista.cli.command;

import dev.barista.api.FunctionName;
import dev.barista.api.Printable;
import dev.barista.api.wire.FunctionDeployment;
import dev.barista.cli.ExitCode;
import dev.barista.cli.Terminal;
import dev.barista.cli.gateway.Gateway;
import dev.barista.cli.http.HttpAnswer;
import dev.barista.cli.json.Json;
import dev.barista.cli.stack.StackFunction;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;

/** Deploys functions one after the other, in faas-cli's words. */
final class Deployments {

  private static final String PATH = "/system/functions";

  private final Gateway gateway;
  private final DeployOptions.Existing existing;
  private final PrintStream out;
  private final PrintStream err;
  private final Report report;

  Deployments(Gateway gateway, DeployOptions.Existing existing, Terminal terminal, Report report) {
    this.gateway = gateway;
    this.existing = existing;
    this.out = report.sentences(terminal);
    this.err = terminal.err();
    this.report = report;
  }

  /**
   * @return {@link ExitCode}: a function that is refused doesn't keep the others from being
   *     deployed
   */
  int run(List<StackFunction> functions) throws IOException {
    int code = ExitCode.OK;
    for (StackFunction function : functions) {
      out.println("Deploying: " + function.name() + ".");
      code = Math.max(code, deploy(function.toDeployment()));
      out.println();
    }
    return code;
  }

  private int deploy(FunctionDeployment deployment) throws IOException {
    FunctionName name =
        new FunctionName(
            String.valueOf(deployment.service()),
            deployment.namespace() == null
                ? FunctionName.DEFAULT_NAMESPACE
                : deployment.namespace());
    Map<String, Object> body = DeploymentJson.of(deployment);
    switch (existing) {
      case UPDATE -> {
        try (HttpAnswer answer = gateway.system("PUT", PATH, body)) {
          if (answer.status() != 404) {
            return tell(name, answer);
          }
        }
      }
      case REPLACE -> remove(name);
      case REFUSE -> {}
    }
    try (HttpAnswer answer = gateway.system("POST", PATH, body)) {
      return tell(name, answer);
    }
  }

  private void remove(FunctionName name) throws IOException {
    Map<String, String> body = Map.of("functionName", name.name(), "namespace", name.namespace());
    try (HttpAnswer answer = gateway.system("DELETE", PATH, body)) {
      String text = answer.text();
      switch (answer.status()) {
        case 200, 201, 202 -> out.println("Removing old function.");
        case 404 -> {}
        default -> throw gateway.refusal(answer, text);
      }
    }
  }

  private int tell(FunctionName name, HttpAnswer answer) throws IOException {
    String body = answer.text();
    return switch (answer.status()) {
      case 200, 201, 202 -> {
        out.println();
        out.println("Deployed. " + (answer.status() + " " + answer.reason()).strip() + ".");
        String url = gateway.url() + "/function/" + name;
        out.println("URL: " + url);
        add(name, /* deployed= */ true, answer, "url", url);
        yield ExitCode.OK;
      }
      case 401, 403 -> throw gateway.refusal(answer, body);
      default -> {
        String sentence = sentence(body);
        err.println(
            "Unexpected status: " + answer.status() + ", message: " + Printable.lines(sentence));
        add(name, /* deployed= */ false, answer, "message", sentence);
        yield ExitCode.FAILED;
      }
    };
  }

  private void add(
      FunctionName name, boolean deployed, HttpAnswer answer, String more, String value) {
    report.add(
        "name",
        name.name(),
        "namespace",
        name.namespace(),
        "deployed",
        deployed,
        "status",
        answer.status(),
        more,
        value);
  }

  /** The sentence of an error in JSON, else the body. */
  private static String sentence(String body) {
    return Json.object(body).flatMap(json -> json.text("message")).orElse(body).strip();
  }
}
